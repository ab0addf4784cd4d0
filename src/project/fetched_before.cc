#include "project/fetched_before.h"

#include <algorithm>

#include "base/one_of.h"
#include "model/python/trace.h"
#include "project/hub_ids.h"
#include "project/network_need.h"
#include "project/python_needs.h"

namespace preflint::project {
namespace {

/// What `hf download ID` fetches into the cache; "" where it is not known, or goes elsewhere.
std::string fetched_by(const shell::CommandEvent& event) {
  if (event.option_value("--local-dir") || event.option_value("--local_dir")) return "";
  for (const shell::Argument& argument : event.arguments) {
    const std::string word = argument.constant().value_or("");
    if (word.find('/') != std::string::npos && is_hub_id(word)) return word;
  }
  const shell::Argument* last = event.operand(1);
  return last ? last->constant().value_or("") : "";
}

}  // namespace

FetchedBefore::FetchedBefore(const Context& context) {
  using shell::Proxy;
  context.each_command(Where::anywhere, {"hf", "huggingface-cli"},
                       [&](const Run& run, const shell::CommandEvent& event) {
                         const auto call = settled_call(context, run, event);
                         if (!call || call->tool != NetworkCall::hub || !call->bulk) return;
                         if (call->reach == Reach::foreign &&
                             event.environment.proxy.may_be(Proxy::kInactive | Proxy::kDropped))
                           return;
                         ids_.insert(fetched_by(event));
                       });
  // Below the folder that it is told ModelScope's library makes one of the repository's name.
  context.each_command(Where::anywhere, {"modelscope"},
                       [&](const Run&, const shell::CommandEvent& event) {
                         if (!event.option_value("--cache_dir")) return;
                         for (const shell::Argument& word : event.arguments)
                           ids_.insert(word.constant().value_or(""));
                       });
  context.each_python_run(Where::anywhere, [&](const Run& run) {
    for (const PythonNeed& need : context.needs(run)) {
      const bool works = need.reach == Reach::domestic || need.reach == Reach::mirrored ||
                         (need.reach == Reach::foreign &&
                          !need.environment.proxy.may_be(Proxy::kInactive | Proxy::kDropped));
      if (need.kind == PythonNeed::modelscope && need.call->keyword("cache_dir"))
        ids_.insert(need.repository);
      const bool downloads = one_of(need.call->method, {"snapshot_download", "hf_hub_download"}) ||
                             need.call->origin.ends_with(".snapshot_download") ||
                             need.call->origin.ends_with(".hf_hub_download");
      if (need.kind == PythonNeed::hub && downloads && works && !need.call->keyword("local_dir"))
        ids_.insert(need.repository);
    }
  });
  ids_.erase("");
}

StockedCaches::StockedCaches(const Context& context) {
  context.each_command(
      Where::instance, {"cp", "mv", "ln", "rsync", "tar", "unzip", "wget", "curl", "aria2c"},
      [&](const Run&, const shell::CommandEvent& event) {
        for (const char* option : {"-C", "-d", "--directory", "-O", "-o", "-P", "--dir"}) {
          if (const auto value = event.option_value(option)) places_.insert(value->display());
        }
        if (one_of(event.name, {"cp", "mv", "ln", "rsync"}) && !event.arguments.empty())
          places_.insert(event.arguments.back().value.display());
      });
}

bool StockedCaches::holds(std::string_view folder) const {
  while (folder.starts_with("./")) folder.remove_prefix(2);
  while (folder.ends_with('/')) folder.remove_suffix(1);
  if (folder.empty()) return false;
  return std::any_of(places_.begin(), places_.end(), [&](std::string_view place) {
    while (place.starts_with("./")) place.remove_prefix(2);
    return place.starts_with(folder) || (folder.find('/') != std::string_view::npos &&
                                         place.find(folder) != std::string_view::npos);
  });
}

}  // namespace preflint::project
