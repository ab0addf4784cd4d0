#pragma once

#include <functional>
#include <optional>

#include "project/context.h"
#include "project/network_calls.h"

namespace preflint::project {

struct PythonNeed;

/// A command of a shell run that fetches from the Hugging Face Hub: the CLI, or a Python program
/// that it launches.
struct HubDownload {
  Reach reach = Reach::unknown;      // foreign: huggingface.co itself; domestic: a mirror
  std::string target;                // host
  shell::Environment environment;    // of the process that downloads
  const PythonNeed* need = nullptr;  // in the launched program
  const Run* child = nullptr;        // that program
};

/// Which downloads are meant: all, or those alone that end up as large files.
enum class Amount : uint8_t { any, large };

/// Nothing when the command downloads nothing from the Hub, or not surely.
std::optional<HubDownload> hub_download(const Context& context, const Run& run,
                                        const shell::CommandEvent& event,
                                        Amount amount = Amount::any);

/// The file that a text belongs to, however deep it is embedded: what is exported at its top serves
/// all.
const Unit& outermost(const Unit& unit);

}  // namespace preflint::project
