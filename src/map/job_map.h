#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/finding.h"
#include "base/tri.h"
#include "workspace/lint.h"

namespace preflint::engine {
struct Request;
}

namespace preflint::map {

/// One thing that a job does, in the order in which it happens.
struct Step {
  enum Kind : uint8_t {
    hook,
    external,
    install,
    launch,
    session,
    copy,
    removal,
    stop,
    release
  } kind = launch;
  int depth = 0;          // of the script that does it: 0 is the entry
  std::string text;       // the command with what is known of its words, or what is reached
  std::string target;     // external, install: the host; launch: the file that it starts
  Tri hooked = Tri::no;   // is the network hook active here?
  bool foreign = false;   // external, install: it leaves the country
  bool repeated = false;  // in a loop
  bool background = false;
  std::string path;  // where it is written, seen from the project's root
  uint32_t line = 0;
};

/// A file or folder that the job leaves behind, under one profile.
struct Item {
  enum Kind : uint8_t {
    checkpoint,
    copy,
    event_files,
    cache,
    log,
    sample,
    unpacked
  } kind = checkpoint;
  std::string where;                                // its path on the box
  std::string tool;                                 // what writes it: "torch.save", "cp", "HF_HOME"
  std::string tier, tier_path;                      // "" not known
  bool off_box = false;                             // on another machine or service
  std::optional<bool> stop, reset, release, image;  // does it survive? nothing: not known
  std::optional<int> days;                          // after so many days off it is gone
  Tri durable = Tri::maybe;
  std::string kept_as;  // where a copy of it survives
  bool repeated = false;
  std::string path;  // where that is written
  uint32_t line = 0;
};

/// A script, and how the others are reached from it.
struct Node {
  std::string name;       // seen from the project's root
  std::string arguments;  // of its launch
  int parent = -1;        // in Entry::nodes
  bool python = false, over_ssh = false, background = false;
  Tri hooked = Tri::no;  // when it is started
};

/// One entry script with everything that it starts.
struct Entry {
  std::string name;
  bool local = false;       // runs on the user's machine, and drives a box
  std::vector<Node> nodes;  // parents first; [0] is the entry itself
  std::vector<Step> steps;
  std::vector<Item> items;
};

struct Tier {
  std::string name, path;
  bool durable = false;
};

/// What one platform makes of the job.
struct Sheet {
  std::string profile, title;
  std::string stop_verb, release_verb;
  int auto_release_days = 0;
  std::vector<Tier> tiers;
  std::vector<Entry> entries;
};

/// The job as the engine sees it. Pure, as `engine::analyse` is.
Sheet sheet_of(const engine::Request& request);

/// Where the job would lose what: one sheet for each profile. Entries that do nothing of interest
/// and that reach nothing below the request's paths are left out.
struct JobMap {
  std::string root;
  std::vector<Sheet> sheets;
  std::vector<Sentence> problems;  // unknown profiles, missing paths
};
JobMap map_of(const workspace::LintRequest& request, const std::vector<std::string>& profiles);

enum class Format : uint8_t { text, json, mermaid, dot, html };
std::optional<Format> format_of(std::string_view name);
const std::vector<std::string>& format_names();
std::string render(const JobMap& map, Format format, Language language);

}  // namespace preflint::map
