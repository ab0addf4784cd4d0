#pragma once

#include <optional>
#include <string>

#include "catalog/profile.h"
#include "model/python/trace.h"
#include "model/shell/event.h"
#include "project/program.h"

namespace preflint::project {

class Context;

/// A program that listens on a port for people outside: gradio, streamlit, uvicorn, TensorBoard…
struct Service {
  std::string tool;
  int port = 0;
  bool written = false;   // the port is given; else it is the tool's documented default
  bool loopback = false;  // bound to 127.0.0.1 by name: for the box itself
  Span span;              // of the port where it is written; of the command or call otherwise
};

/// The service that a command starts; nothing when its port is not known.
std::optional<Service> service_of(const shell::CommandEvent& event);
/// The port of a project's `.streamlit/config.toml`, where a command that starts Streamlit finds
/// it.
std::optional<int> streamlit_port(const Context& context, const shell::CommandEvent& event);
/// Is the call's name one of those that serve? Cheap, and never wrong when it says no.
bool may_serve(const py::CallEvent& call);
/// The service that a call of a Python program starts, in the environment of its process.
std::optional<Service> service_of(const py::CallEvent& call, const shell::Environment& environment);

/// Is the service made for a person with a browser? Others (an API on a port) often serve the job
/// itself.
bool for_people(const Service& service);
/// Does the project itself speak to the service on its own machine, or tunnel its port (`ssh -L`,
/// ngrok, frp)?
/// Then it is not meant to be reached from outside. `server` is the file that starts it.
bool used_inside(const Context& context, const Service& service, const File& server);

}  // namespace preflint::project
