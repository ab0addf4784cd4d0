#pragma once

#include <string>
#include <vector>

#include "catalog/profile.h"
#include "model/python/trace.h"
#include "project/network_calls.h"
#include "project/program.h"

namespace preflint::project {

class Context;

/// Something that a Python program does on the network, with what decides where it goes.
struct PythonNeed {
  enum Kind : uint8_t {
    hub,      // from_pretrained, snapshot_download, load_dataset…
    tracker,  // wandb online
    weights,  // torchvision, torch.hub: download.pytorch.org, github.com
    modelscope,
    url,    // requests, urllib with a written host
    other,  // nltk, gdown…
  } kind = hub;
  Reach reach = Reach::unknown;
  std::string target;      // "huggingface.co"
  std::string repository;  // hub id; "" where the program asks for one that is not known
  // false: read as it comes, so that nothing is stored, or the few text files of a tokenizer, a
  // processor or a configuration: neither comes over Xet
  bool large = true;
  bool may = false;  // what it asks for may be another by then, or be there already
  const py::CallEvent* call = nullptr;
  const py::Argument* endpoint = nullptr;  // hub: where the call itself is told to go
  shell::Environment environment;          // of the process at that call
};

/// Everything that a Python run fetches or sends, in order. Functions that nothing calls are left
/// out.
std::vector<PythonNeed> python_needs(const Context& context, const Run& run);

/// Does it import one of the libraries that read the variables of the Hub as they are imported?
bool imports_hub(const py::ImportEvent& import);
/// The import of a library of the Hub that has read its variables before a write of one; null when
/// none surely has.
const py::ImportEvent* hub_import_before(const py::Trace& trace, const py::EnvironmentWrite& write);

/// The environment as the Hub's library has read it, at its import, before it makes a call.
shell::Environment hub_environment(const Run& run, const py::CallEvent& call);

}  // namespace preflint::project
