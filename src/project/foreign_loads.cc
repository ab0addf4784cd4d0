#include "project/foreign_loads.h"

#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <vector>

#include "base/one_of.h"
#include "base/text.h"

namespace preflint::project {
namespace {

/// The words of a name: {"ae", "ckpt"} of `--ae-ckpt`, `args.ae_ckpt`, `aeCkpt`.
std::vector<std::string> words_of(std::string_view name) {
  name.remove_prefix(std::min(name.rfind('.') + 1, name.size()));
  std::vector<std::string> out(1);
  char before = '\0';
  for (const char c : name) {
    const bool upper = c >= 'A' && c <= 'Z';
    const bool letter = upper || (c >= 'a' && c <= 'z');
    if (!letter || (upper && before >= 'a' && before <= 'z')) out.emplace_back();
    if (letter) out.back() += static_cast<char>(upper ? c + 32 : c);
    before = c;
  }
  std::erase_if(out, [](const std::string& word) { return word.empty(); });
  return out;
}

/// Does a name speak of going on: `resume`, `init_teacher`, `latest.pth`?
bool names_start(std::string_view name) {
  const std::vector<std::string> words = words_of(name);
  return std::any_of(words.begin(), words.end(), [](const std::string& word) {
    return one_of(word, {"resume", "resumed", "init", "initial", "start", "restart", "restore",
                         "continue", "last", "latest", "newest", "previous", "prev", "warm",
                         "warmup", "finetune", "reload", "snapshot"});
  });
}

/// Does the name of an option, a variable or a file say whose state it is: `teacher_ckpt`,
/// `hiera_path`, `resnet50.pth`? `checkpoint`, `model_path` or `netG` may be the program's own.
bool names_another(std::string_view name) {
  const std::vector<std::string> words = words_of(name);
  return !names_start(name) &&
         !std::all_of(words.begin(), words.end(), [](const std::string& word) {
           return one_of(word, {"ckpt",       "ckpts",   "checkpoint",  "checkpoints",
                                "chkpt",      "cp",      "model",       "models",
                                "net",        "network", "netg",        "netd",
                                "weight",     "weights", "path",        "file",
                                "dir",        "folder",  "name",        "load",
                                "from",       "state",   "dict",        "param",
                                "params",     "pth",     "pt",          "pretrain",
                                "pretrained", "best",    "save",        "saved",
                                "trained",    "train",   "the",         "to",
                                "my",         "use",     "g",           "d",
                                "self",       "args",    "f",           "p",
                                "generator",  "policy",  "url",         "epoch",
                                "epochs",     "ep",      "step",        "steps",
                                "iter",       "final",   "old",         "new",
                                "base",       "bin",     "safetensors", "tar",
                                "student",    "module",  "default",     "discriminator",
                                "full"});
         });
}

/// May the loaded file be what was saved, or lie in a folder that was? A hole stands for anything;
/// only the last name of what was saved counts, the folders above it may be linked or moved.
bool may_be_same(const Text& saved, std::string_view loaded) {
  std::string pattern;
  for (const Piece& piece : saved.pieces())
    pattern += piece.known ? RE2::QuoteMeta(piece.text) : ".*";
  while (pattern.ends_with("\\/")) pattern.resize(pattern.size() - 2);
  const size_t slash = pattern.rfind("\\/");
  const RE2 last(slash == std::string::npos ? pattern : pattern.substr(slash + 2));
  while (!loaded.empty()) {
    const size_t end = std::min(loaded.find('/'), loaded.size());
    if (end > 0 && RE2::FullMatch(loaded.substr(0, end), last)) return true;
    loaded.remove_prefix(std::min(end + 1, loaded.size()));
  }
  return false;
}

/// What a method is called on, as it is written: `self.model` of `self.model.state_dict()`.
std::string_view owner(const py::CallEvent& call) {
  const std::string_view callee = call.file->syntax.slice(call.callee_span);
  return callee.substr(0, callee.rfind('.'));
}

bool is_load(const py::CallEvent& call) {
  return call.is_call_to({"torch.load", "safetensors.torch.load_file"});
}

class Judge {
 public:
  explicit Judge(const py::Trace& trace) : trace_(trace) {
    for (const py::CallEvent& call : trace.calls) {
      const py::Argument* path = nullptr;
      // What was saved under another name and then moved, or copied.
      if (call.is_call_to({"os.replace", "os.rename", "os.renames", "shutil.move", "shutil.copy",
                           "shutil.copy2", "shutil.copyfile", "os.link", "os.symlink"}))
        path = call.argument(1, {"dst"});
      else if (one_of(call.method, {"rename", "replace", "symlink_to", "hardlink_to"}) &&
               call.arguments.size() == 1)
        path = call.argument(0, {"target"});
      else if (call.origin == "torch.save" || call.origin == "safetensors.torch.save_file")
        path = call.argument(1, {"f", "filename"});
      else if (one_of(call.method, {"save_pretrained", "save_model", "save_checkpoint", "save",
                                    "save_weights", "save_state"}) &&
               !call.project)
        path = call.argument(0, {"save_directory", "path", "filepath", "output_dir"});
      else
        continue;
      if (path) saved_.push_back(path->value.text());
      if (!path && call.origin == "torch.save") anything_ = true;
    }
  }

  bool foreign(const py::CallEvent& call) const {
    const py::Argument* path = call.argument(0, {"f", "filename"});
    if (!path || anything_) return false;
    // `if os.path.exists(path): model.load_state_dict(torch.load(path))`
    if (call.guarded_by("exists") || call.guarded_by("isfile") || call.guarded_by("is_file"))
      return false;
    const preflint::Value text = path->value.text();
    const auto files = text.constants();
    if (!files.empty() && files.size() == text.alternatives().size())
      return std::all_of(files.begin(), files.end(),
                         [&](const std::string& file) {
                           return !file.empty() && written_by_nobody(file) && said_apart(file);
                         }) &&
             (in_network(call) || !into_saved(call));
    return in_network(call) && names_another(path->value.text().display());
  }

 private:
  bool written_by_nobody(const std::string& file) const {
    return std::none_of(saved_.begin(), saved_.end(), [&](const preflint::Value& saved) {
      return std::any_of(saved.alternatives().begin(), saved.alternatives().end(),
                         [&](const Text& text) { return may_be_same(text, file); });
    });
  }

  /// Is something filled there that has the name of what is saved? Its author may put a checkpoint
  /// in place of the file.
  bool into_saved(const py::CallEvent& load) const {
    return std::any_of(trace_.calls.begin(), trace_.calls.end(), [&](const py::CallEvent& filled) {
      return filled.method == "load_state_dict" && filled.file == load.file &&
             filled.function() == load.function() &&
             std::any_of(trace_.calls.begin(), trace_.calls.end(), [&](const py::CallEvent& saved) {
               return saved.method == "state_dict" && owner(saved) == owner(filled);
             });
    });
  }

  /// Does the name of the file say that it is another's or, where it is the default of options,
  /// do theirs?
  bool said_apart(const std::string& file) const {
    const std::string name = paths::basename(file);
    const std::string_view stem = std::string_view(name).substr(0, name.rfind('.'));
    bool option = false;
    for (const py::CallEvent& call : trace_.calls) {
      const py::Argument* value = call.keyword("default");
      const py::Argument* said = call.argument(0);
      if (!value || !said || !value->value.text().is(file)) continue;
      if (!names_another(said->value.text().display())) return false;
      option = true;
    }
    return option ? !names_start(stem) : names_another(stem);
  }

  /// Is it made while a network is put together, to fill a part of it?
  bool in_network(const py::CallEvent& call) const {
    for (const py::Frame* frame = call.frame; frame; frame = frame->parent) {
      if (frame->kind != py::FrameKind::function || frame->class_name.empty() ||
          !frame->name.ends_with("__init__"))
        continue;
      const std::string name = frame->class_name.substr(frame->class_name.rfind('.') + 1);
      const RE2 head("class\\s+" + RE2::QuoteMeta(name) + "\\s*\\([^)]*Module");
      for (const py::ProgramFile& file : trace_.files) {
        const std::string_view text = file.syntax.source.text();
        if (RE2::PartialMatch(text, head))
          return text.find("self.load_state_dict") == std::string_view::npos;
      }
    }
    return false;
  }

  const py::Trace& trace_;
  std::vector<preflint::Value> saved_;
  bool anything_ = false;  // saves to a place that is not known to be an argument
};

}  // namespace

ForeignLoads::ForeignLoads(const py::Trace& trace) {
  const Judge judge(trace);
  using Place = std::pair<const py::ProgramFile*, Span>;
  std::map<Place, bool> all;  // are all loads at the place such?
  std::map<Place, std::string> holders;
  // What nothing calls says nothing of a function that something calls.
  std::set<Place> called;
  for (const py::CallEvent& call : trace.calls) {
    if (is_load(call) && !call.uncalled()) called.insert({call.file, call.callee_span});
  }
  for (const py::CallEvent& call : trace.calls) {
    const Place place{call.file, call.callee_span};
    if (!is_load(call) || (call.uncalled() && called.contains(place))) continue;
    const auto [it, fresh] = all.try_emplace(place, true);
    it->second = it->second && judge.foreign(call);
    holders[place] = call.function();
  }
  for (const auto& [place, foreign] : all) {
    if (!foreign) continue;
    places_.insert(place);
    std::string_view name = holders[place];
    name.remove_prefix(std::min(name.rfind('.') + 1, name.size()));
    if (!name.empty()) functions_.emplace(name);
  }
}

bool ForeignLoads::explain(const py::ProgramFile& file, std::string_view text, uint32_t at) const {
  const auto part = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  size_t begin = at, end = at;
  while (begin > 0 && part(text[begin - 1])) --begin;
  while (end < text.size() && part(text[end])) ++end;
  const std::string_view name = text.substr(begin, end - begin);
  if (functions_.contains(name)) return true;
  // Every load of the program has to be explained by itself, so this fills in what one of them
  // gave.
  if (name == "load_state_dict") return some();
  return std::any_of(places_.begin(), places_.end(), [&](const auto& place) {
    return place.first == &file && place.second.contains({at, at + 1});
  });
}

}  // namespace preflint::project
