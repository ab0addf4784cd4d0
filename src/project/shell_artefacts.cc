#include <re2/re2.h>

#include <algorithm>

#include "base/one_of.h"
#include "base/text.h"
#include "model/value_after.h"
#include "project/artefacts.h"
#include "project/network_calls.h"
#include "project/output_options.h"
#include "project/success.h"
#include "project/training.h"
#include "project/uncalled.h"

namespace preflint::project {
namespace {

using shell::Argument;
using shell::CommandEvent;
using shell::FrameKind;

std::string start_of(const Argument& argument) {
  return argument.constant().value_or(std::string(argument.value.known_start()));
}

/// `host:path`, `user@host:path`, `$HOST:/path`; not `C:\x` and not a URL.
bool remote(const Value& value) {
  const std::string shown = value.display();
  const size_t colon = shown.find(':');
  if (colon == std::string::npos || colon == 0 || shown.compare(colon, 3, "://") == 0) return false;
  const size_t slash = shown.find('/');
  return slash == std::string::npos || colon < slash;
}

/// Operands of a command whose listed options take the next word.
std::vector<const Argument*> operands(const CommandEvent& event,
                                      std::initializer_list<std::string_view> with_value) {
  std::vector<const Argument*> out;
  bool only = false;
  for (size_t i = 0; i < event.arguments.size(); ++i) {
    const std::string word = start_of(event.arguments[i]);
    if (!only && word == "--") {
      only = true;
    } else if (!only && word.size() > 1 && word[0] == '-') {
      if (one_of(word, with_value)) ++i;
    } else {
      out.push_back(&event.arguments[i]);
    }
  }
  return out;
}

class ShellFiles {
 public:
  ShellFiles(const Lander& lander, const Run& run, std::vector<Artefact>& out)
      : lander_(lander), run_(run), out_(out) {}

  void read(const CommandEvent& event) {
    event_ = &event;
    if (event.function_call || event.uncalled()) return;
    const std::string& name = event.name;
    redirects();
    if (one_of(name, {"cp", "mv", "install", "rsync", "scp"}))
      copy();
    else if (one_of(name, {"tar", "bsdtar"}))
      tar();
    else if (one_of(name, {"zip", "7z", "7za"}))
      zip();
    else if (one_of(name, {"unzip", "unrar"}))
      unzip();
    else if (name == "tee")
      tee();
    else if (name == "mkdir")
      for_each_operand(Artefact::folder, "mkdir", {"-m", "--mode"});
    else if (one_of(name, {"rm", "unlink", "rmdir"}))
      remove();
    else if (name == "find")
      find();
    else if (name == "git")
      git();
    else if (name == "pip")
      pip();
    else if (shell::is_conda(name))
      conda();
    else if (one_of(name, {"virtualenv", "uv"}))
      venv();
    else if (one_of(name, {"hf", "huggingface-cli", "modelscope"}))
      hub();
    else if (name == "dd")
      block_copy();
    else if (name == "split")
      split();
    else if (one_of(name, {"nc", "ncat", "netcat", "socat"}))
      streamed();
    else if (one_of(name, {"cat", "gzip", "pigz", "zstd", "xz", "bzip2", "lz4"}))
      written_out();
    else if (name == "ssh")
      streamed();
    else if (uploads(event))
      add(Artefact::copy, event.command_span, Value::unknown("remote")).off_box = true;
    if (runs_python(event)) launch();
  }

 private:
  Artefact& add(Artefact::Kind kind, Span span, const Value& path) {
    Artefact& out = out_.emplace_back();
    out.kind = kind;
    out.landing = lander_.land(path, event_->state.cwd);
    out.tool = event_->name;
    out.in_loop = event_->within(FrameKind::loop_body);
    out.run = &run_;
    out.command = event_;
    out.text = &event_->unit->source;
    out.span = span;
    return out;
  }

  Value place(const Value& path) const { return lander_.land(path, event_->state.cwd).path; }

  void for_each_operand(Artefact::Kind kind, std::string_view tool,
                        std::initializer_list<std::string_view> with_value) {
    for (const Argument* operand : operands(*event_, with_value))
      add(kind, operand->span, operand->value).tool = tool;
  }

  void redirects() {
    for (const shell::RedirectEvent& redirect : event_->redirects) {
      using shell::RedirectKind;
      const RedirectKind kind = redirect.redirect->kind;
      if (!one_of_kind(kind, {RedirectKind::output, RedirectKind::append, RedirectKind::both,
                              RedirectKind::both_append}))
        continue;
      if (redirect.target.known_start().starts_with("/dev/")) continue;
      add(Artefact::log, redirect.redirect->target.span, redirect.target).tool = ">";
    }
  }
  static bool one_of_kind(shell::RedirectKind kind,
                          std::initializer_list<shell::RedirectKind> kinds) {
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
  }

  void tee() { for_each_operand(Artefact::log, "tee", {}); }

  void copy() {
    const std::string& name = event_->name;
    auto files = operands(*event_, {"-t",
                                    "--target-directory",
                                    "-S",
                                    "--suffix",
                                    "-m",
                                    "--mode",
                                    "-o",
                                    "-g",
                                    "-e",
                                    "--rsh",
                                    "--exclude",
                                    "--include",
                                    "--exclude-from",
                                    "--include-from",
                                    "--files-from",
                                    "-f",
                                    "--filter",
                                    "-P",
                                    "-i",
                                    "-F",
                                    "-J",
                                    "-l",
                                    "-c",
                                    "--bwlimit",
                                    "--timeout",
                                    "--partial-dir",
                                    "--log-file",
                                    "--backup-dir",
                                    "--rsync-path"});
    if (name == "rsync" || name == "cp" || name == "mv") {
      // Of these, `-P`, `-i`, `-l`, `-c`, `-f` take no value.
      files = operands(
          *event_,
          name == "rsync"
              ? std::initializer_list<std::string_view>{"-e", "--rsh", "--exclude", "--include",
                                                        "--exclude-from", "--include-from",
                                                        "--files-from", "--filter", "--bwlimit",
                                                        "--timeout", "--partial-dir", "--log-file",
                                                        "--backup-dir", "--rsync-path", "--port"}
              : std::initializer_list<std::string_view>{"-t", "--target-directory", "-S",
                                                        "--suffix"});
    }
    Value target;
    Span span = event_->command_span;
    if (const auto folder =
            name == "cp" || name == "mv" || name == "install" ? target_option() : std::nullopt) {
      target = folder->value;
      span = folder->span;
    } else {
      if (files.size() < 2) return;
      target = files.back()->value;
      span = files.back()->span;
      files.pop_back();
    }
    const bool to_remote = remote(target);
    const bool from_remote = std::any_of(files.begin(), files.end(),
                                         [](const Argument* file) { return remote(file->value); });
    Artefact& out = add(Artefact::copy, span, to_remote ? Value::unknown("remote") : target);
    out.off_box = to_remote && !from_remote;
    out.pulled = from_remote && !to_remote;
    out.moves = name == "mv" || event_->has_option("--remove-source-files");
    out.recursive = name == "rsync" || name == "mv" || event_->has_option("-r") ||
                    event_->has_option("-R") || event_->has_option("-a") ||
                    event_->has_option("--recursive");
    for (const Argument* file : files)
      out.sources.push_back(remote(file->value) ? file->value : place(file->value));
    if (!to_remote && files.size() == 1 && !out.recursive) name_file(out, target, files[0]->value);
  }

  std::optional<Argument> target_option() const {
    for (size_t i = 0; i < event_->arguments.size(); ++i) {
      const std::string word = start_of(event_->arguments[i]);
      if ((word == "-t" || word == "--target-directory") && i + 1 < event_->arguments.size())
        return event_->arguments[i + 1];
      if (word.starts_with("--target-directory=")) {
        Argument out = event_->arguments[i];
        out.value = *event_->option_value("--target-directory");
        return out;
      }
    }
    return std::nullopt;
  }

  /// `cp a/best.pth /keep/` writes /keep/best.pth.
  void name_file(Artefact& out, const Value& target, const Value& source) const {
    if (source.alternatives().size() != 1 || target.alternatives().size() != 1) return;
    const std::string_view tail = source.alternatives()[0].known_suffix();
    const size_t slash = tail.rfind('/');
    if (slash == std::string_view::npos && !source.constant()) return;
    const std::string file(slash == std::string_view::npos ? tail : tail.substr(slash + 1));
    const std::string end(target.alternatives()[0].known_suffix());
    const bool folder =
        end.ends_with('/') || end == "." ||
        (file.find('.') != std::string::npos &&
         paths::basename(end).find('.') == std::string::npos && file != paths::basename(end));
    if (!folder || file.empty() || file.find('*') != std::string::npos) return;
    Value whole = target.concatenated(Value::literal((end.ends_with('/') ? "" : "/") + file));
    out.landing = lander_.land(whole, event_->state.cwd);
  }

  void tar() {
    if (event_->arguments.empty()) return;
    const auto has = [&](char letter) {
      const std::string first = start_of(event_->arguments[0]);
      const bool bundled = !first.starts_with("-") && first.find(letter) != std::string::npos &&
                           first.size() < 8 && first.find('.') == std::string::npos;
      return bundled || event_->has_option(std::string("-") + letter);
    };
    const bool extract = has('x') || event_->has_option("--extract") || event_->has_option("--get");
    const bool create = has('c') || event_->has_option("--create");
    if (extract) {
      const auto folder = option({"-C", "--directory"});
      const bool copied = between_tars();
      Artefact& out = add(copied ? Artefact::copy : Artefact::unpacked,
                          folder ? folder->span : event_->command_span,
                          folder ? folder->value : Value::literal("."));
      out.tool = "tar x";
      out.recursive = copied;
      if (copied) return;
      const std::string first = start_of(event_->arguments[0]);
      const auto file = option({"-f", "--file"});
      // `tar xzf a.tgz`, `tar -xzf a.tgz`: the archive stands behind the letters.
      const bool behind = first.ends_with('f') && !first.starts_with("--");
      if (behind && event_->arguments.size() > 1)
        out.sources.push_back(place(event_->arguments[1].value));
      else if (file)
        out.sources.push_back(place(file->value));
      return;
    }
    if (!create) return;
    const std::string first = start_of(event_->arguments[0]);
    std::vector<const Argument*> files =
        operands(*event_, {"-C", "--directory", "--exclude", "-T", "-X", "-I"});
    // `tar czf out.tgz dir`: the bundle is an operand when it has no dash.
    if (!first.starts_with("-") && !files.empty()) files.erase(files.begin());
    if (event_->has_option("-f") || first.find('f') != std::string::npos) {
      if (files.empty()) return;
      if (files[0]->is("-")) return written_out();
      Artefact& out = add(Artefact::copy, files[0]->span, files[0]->value);
      out.archive = true;
      for (size_t i = 1; i < files.size(); ++i) out.sources.push_back(place(files[i]->value));
    } else {
      written_out();
    }
  }

  void zip() {
    const auto files = operands(*event_, {"-x", "-i", "-b"});
    const bool seven = event_->name != "zip";
    const size_t first = seven ? 1 : 0;
    if (seven && (files.empty() || !files[0]->is("a"))) return;
    if (files.size() < first + 2) return;
    Artefact& out = add(Artefact::copy, files[first]->span, files[first]->value);
    out.archive = true;
    for (size_t i = first + 1; i < files.size(); ++i) out.sources.push_back(place(files[i]->value));
  }

  void unzip() {
    if (event_->has_option("-l") || event_->has_option("-t") || event_->has_option("-Z") ||
        event_->has_option("-v"))
      return;
    const auto folder = option({"-d"});
    const auto files = operands(*event_, {"-d", "-x", "-P"});
    if (files.empty()) return;
    Artefact& out = add(Artefact::unpacked, folder ? folder->span : event_->command_span,
                        folder ? folder->value : Value::literal("."));
    out.sources.push_back(place(files[0]->value));
  }

  std::optional<Argument> option(std::initializer_list<std::string_view> names) const {
    for (size_t i = 0; i < event_->arguments.size(); ++i) {
      const std::string word = start_of(event_->arguments[i]);
      for (const std::string_view name : names) {
        if (word == name && i + 1 < event_->arguments.size()) return event_->arguments[i + 1];
        const bool joined = name.starts_with("--") ? word.starts_with(std::string(name) + "=")
                                                   : word.size() > 2 && word.starts_with(name);
        if (!joined) continue;
        if (const auto value = event_->option_value(name)) {
          Argument out = event_->arguments[i];
          out.value = *value;
          return out;
        }
      }
    }
    return std::nullopt;
  }

  void remove() {
    const bool recursive =
        event_->has_option("-r") || event_->has_option("-R") || event_->has_option("--recursive");
    for (const Argument* operand : operands(*event_, {}))
      add(Artefact::removal, operand->span, operand->value).recursive = recursive;
  }

  void find() {
    const auto words = event_->words();
    find_copies();
    const bool deletes = std::find(words.begin(), words.end(), "-delete") != words.end() ||
                         std::find(words.begin(), words.end(), "rm") != words.end();
    if (!deletes || event_->arguments.empty()) return;
    if (start_of(event_->arguments[0]).starts_with("-")) return;
    add(Artefact::removal, event_->arguments[0].span, found_files()).recursive = true;
  }

  void git() {
    const auto words = operands(*event_, {"-b", "--branch", "--depth", "-o", "--origin", "-C", "-c",
                                          "--config", "-j", "--jobs", "--filter", "--reference"});
    if (words.empty()) return;
    if (words[0]->is("push")) {
      add(Artefact::copy, event_->command_span, Value::unknown("remote")).off_box = true;
    } else if (words[0]->is("clone") && words.size() >= 2) {
      if (words.size() >= 3) {
        add(Artefact::unpacked, words[2]->span, words[2]->value).tool = "git clone";
      } else {
        std::string repository = paths::basename(words[1]->value.display());
        if (repository.ends_with(".git")) repository.resize(repository.size() - 4);
        add(Artefact::unpacked, words[1]->span, Value::literal("./" + repository)).tool =
            "git clone";
      }
    }
  }

  void pip() {
    if (!event_->operand() || !event_->operand()->is("install")) return;
    if (const auto target = option({"-t", "--target", "--prefix"}))
      add(Artefact::unpacked, target->span, target->value).tool = "pip install --target";
  }

  void conda() {
    const Argument* first = event_->operand();
    if (!first || (!first->is("create") && !first->is("env"))) return;
    if (const auto prefix = option({"-p", "--prefix"}))
      add(Artefact::unpacked, prefix->span, prefix->value).tool = "conda create --prefix";
  }

  void venv() {
    const auto words = operands(*event_, {"-p", "--python", "--prompt"});
    size_t at = 0;
    if (event_->name == "uv") {
      if (words.empty() || !words[0]->is("venv")) return;
      at = 1;
    }
    if (at < words.size()) add(Artefact::unpacked, words[at]->span, words[at]->value).tool = "venv";
  }

  /// What `hf download ID`, `modelscope download --model ID` fetches.
  DownloadSize downloaded() const {
    const auto type = option({"--repo-type", "--repo_type"});
    if (const auto data = option({"--dataset"}))
      return dataset_size(data->value.constant().value_or(""));
    const auto model = option({"--model"});
    const auto words = operands(*event_, {"--repo-type", "--repo_type", "--revision", "--token",
                                          "--include", "--exclude", "--cache-dir", "--local-dir"});
    const std::string id = model              ? model->value.constant().value_or("")
                           : words.size() > 1 ? words[1]->constant().value_or("")
                                              : "";
    return type && type->value.is("dataset") ? dataset_size(id) : model_size(id);
  }

  /// The command line of the Hub and of ModelScope.
  void hub() {
    const Argument* first = event_->operand();
    if (!first) return;
    if (first->is("upload") || first->is("upload-large-folder")) {
      add(Artefact::copy, event_->command_span, Value::unknown("remote")).off_box = true;
      return;
    }
    if (!first->is("download")) return;
    std::string tool;
    Value path;
    Span span = event_->command_span;
    if (const auto folder = option({"--local-dir", "--local_dir"})) {
      path = folder->value;
      span = folder->span;
      tool = "--local-dir";
    } else if (const auto cache = option({"--cache-dir", "--cache_dir"})) {
      path = cache->value;
      span = cache->span;
      tool = "--cache-dir";
    } else {
      path = event_->name == "modelscope" ? modelscope_cache(event_->environment, tool)
                                          : hub_cache(event_->environment, tool);
    }
    Artefact& out = add(Artefact::cache, span, path);
    out.defaulted = tool.empty();
    out.size = downloaded();
    if (const shell::Variable* set =
            tool.starts_with("-") ? nullptr : event_->environment.find(tool);
        set && set->unit) {
      out.said = &set->unit->source;
      out.said_span = set->span;
    }
    out.tool = tool.empty() ? event_->name : tool;
  }

  /// Other programs that bring files off the box.
  static bool uploads(const CommandEvent& event) {
    const Argument* first = event.operand();
    if (one_of(event.name,
               {"rclone", "bypy",    "BaiduPCS-Go", "aliyunpan", "azcopy", "coscmd", "coscli",
                "gsutil", "obsutil", "ossutil",     "ossutil64", "s3cmd",  "sftp",   "lftp",
                "dvc",    "oss",     "mc",          "croc",      "oc",     "s5cmd"})) {
      return first && !one_of(first->constant().value_or(""),
                              {"download", "d", "ls", "list", "login", "config", "down", "downdir",
                               "pull", "lsf", "about", "version"});
    }
    if (event.name == "aws")
      return first && first->is("s3") && event.operand(1) &&
             one_of(event.operand(1)->constant().value_or(""), {"cp", "sync", "mv"});
    if (event.name == "curl")
      return event.has_option("-T") || event.has_option("--upload-file") ||
             event.has_option("-F") || event.has_option("--form");
    if (event.name == "wandb") return first && (first->is("artifact") || first->is("sync"));
    return false;
  }

  /// `--push_to_hub`, `push_to_hub=true`: the program is told to bring away what it saves.
  bool told_to_push() const {
    const auto& words = event_->arguments;
    for (size_t i = 0; i < words.size(); ++i) {
      std::string word = start_of(words[i]);
      const size_t equals = word.find('=');
      std::string value = equals == std::string::npos ? "" : lower(word.substr(equals + 1));
      word.resize(std::min(equals, word.size()));
      std::replace(word.begin(), word.end(), '-', '_');
      if (word != "__push_to_hub" && (word != "push_to_hub" || equals == std::string::npos))
        continue;
      if (equals == std::string::npos && i + 1 < words.size())
        value = lower(words[i + 1].constant().value_or(""));
      return !one_of(value, {"false", "0", "no", "off"});
    }
    return false;
  }

  bool told_to_log_model() const {
    const auto tracker = launch_option(*event_, "--report_to");
    return logs_model(event_->environment) &&
           (!tracker || tracker->is("all") || !tracker->constant() || tracker->is("wandb"));
  }

  /// What a launch tells its program: `--output_dir X`, `--output_dir=X`, hydra's
  /// `paths.output_dir=X`.
  void launch() {
    const auto& words = event_->arguments;
    bool after_script = false;
    struct Given {
      std::string name;
      Value value;
      Span span;
    };
    std::vector<Given> given;
    for (size_t i = 0; i < words.size(); ++i) {
      const std::string word = start_of(words[i]);
      if (!after_script) {
        after_script = word.ends_with(".py") || word == "-m" ||
                       one_of(event_->name, {"llamafactory-cli", "swift", "xtuner", "yolo"});
        continue;
      }
      const size_t equals = word.find('=');
      const std::string name = word.substr(0, equals);
      if (!names_output(name) || (equals == std::string::npos && !word.starts_with("-"))) continue;
      Value value;
      Span span = words[i].span;
      if (equals != std::string::npos) {
        const auto rest = value_after(words[i].value, equals + 1);
        if (!rest) continue;
        value = *rest;
      } else {
        if (i + 1 >= words.size()) continue;
        // Of `out/$1` the first word begins like that, however many there are.
        const auto& texts = words[i + 1].value.alternatives();
        const bool begun = std::all_of(texts.begin(), texts.end(), [](const Text& text) {
          return text.known_prefix().find('/') != std::string_view::npos;
        });
        if (start_of(words[i + 1]).starts_with("-") || (words[i + 1].may_split && !begun)) continue;
        value = words[i + 1].value;
        span = words[i + 1].span;
        ++i;
      }
      // Of an option that is given twice the last counts, as for argparse.
      std::erase_if(given, [&](const Given& before) { return before.name == name; });
      given.push_back({name, value, span});
    }
    for (const auto& [name, value, span] : given) {
      // A table or a picture, not a folder for states.
      const std::string file = paths::basename(value.display());
      if (file.rfind('.') != std::string::npos && file.rfind('.') > 0 &&
          file.size() - file.rfind('.') <= 6 && !is_checkpoint_file(file) && !value.unknown_whole())
        continue;
      Artefact& out = add(Artefact::destination, span, value);
      out.tool = name;
      out.live = starts_training(run_, *event_) && !saves_nothing(*event_);
    }
    if (told_to_push() || told_to_log_model()) {
      Artefact& out = add(Artefact::copy, event_->command_span, Value::unknown("remote"));
      out.off_box = out.own = true;
    }
  }

  /// What `find … -exec cp {} DIR \;` copies, for each file that it finds.
  void find_copies() {
    auto& words = event_->arguments;
    size_t at = 0;
    while (at < words.size() && !words[at].is("-exec") && !words[at].is("-execdir")) ++at;
    if (++at >= words.size() ||
        !one_of(words[at].constant().value_or(""), {"cp", "mv", "rsync", "scp", "install"}))
      return;
    const Argument* target = nullptr;
    bool last = true;
    for (size_t i = at + 1; i < words.size() && !words[i].is(";") && !words[i].is("+"); ++i) {
      const bool named = words[i - 1].is("-t");
      if (words[i].is("{}") || (!named && start_of(words[i]).starts_with('-'))) continue;
      if (last) target = &words[i];
      last = !named;
    }
    if (!target) return;
    const bool away = remote(target->value);
    Artefact& out =
        add(Artefact::copy, target->span, away ? Value::unknown("remote") : target->value);
    out.tool = words[at].constant().value_or("");
    out.off_box = away;
    out.moves = out.tool == "mv";
    out.sources.push_back(place(found_files()));
  }

  /// The folder in which `find` looks, with the pattern of the names.
  Value found_files() const {
    const Value& folder = event_->arguments[0].value;
    const auto name = option({"-name", "-iname"});
    return name ? folder.concatenated(Value::literal("/")).concatenated(name->value) : folder;
  }

  /// `tar cz out > /keep/out.tgz`, `zstd -c best.pth > /keep/best.zst`, `cat best.pth > /keep/b`: a
  /// copy of what is read.
  void written_out() {
    const auto files = operands(*event_, {"-C", "--exclude", "-I"});
    // `cat part_*.jsonl > merged.jsonl` copies nothing that anybody would lose.
    if (event_->name == "cat" && std::none_of(files.begin(), files.end(), [](const Argument* file) {
          return is_checkpoint_file(file->value.display());
        }))
      return;
    if (const auto target = event_->name == "zstd" ? option({"-o"}) : std::nullopt)
      add(Artefact::copy, target->span, target->value).archive = true;
    for (const shell::RedirectEvent& redirect : event_->redirects) {
      if (redirect.redirect->kind != shell::RedirectKind::output ||
          (!event_->operand() && !event_->stdin_piped))
        continue;
      Artefact& out = add(Artefact::copy, redirect.redirect->target.span, redirect.target);
      out.archive = true;
      for (const Argument* file : files) out.sources.push_back(place(file->value));
    }
  }

  void block_copy() {
    for (const Argument& word : event_->arguments) {
      if (!start_of(word).starts_with("of=")) continue;
      const auto target = value_after(word.value, 3);
      if (target && !target->known_start().starts_with("/dev/"))
        add(Artefact::copy, word.span, *target);
    }
  }

  /// `split -b 4G best.pth /keep/best.`: into parts of these names.
  void split() {
    const auto files = operands(*event_, {"-b", "-C", "-l", "-n", "-a"});
    if (files.size() < 2) return;
    Artefact& out = add(Artefact::copy, files[1]->span, files[1]->value);
    if (!files[0]->is("-")) out.sources.push_back(place(files[0]->value));
  }

  /// `(cd a && tar cf - out) | (cd b && tar xf -)`: a folder is copied, and no archive unpacked.
  bool between_tars() const {
    const shell::Frame* pipe = event_->enclosing(FrameKind::pipeline);
    if (!event_->stdin_piped || !pipe) return false;
    static const RE2 kCreates(R"(\btar\s+(?:-?[a-z]*c|--create))");
    const std::string_view text = pipe->text->source.slice(pipe->pipeline->span);
    return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), kCreates);
  }

  /// `tar cz out | ssh host "cat > out.tgz"`
  void streamed() {
    const shell::Frame* pipe = event_->enclosing(FrameKind::pipeline);
    if (!event_->stdin_piped || !pipe || run_.site != Site::instance) return;
    const std::string_view text = pipe->text->source.slice(pipe->pipeline->span);
    const std::string_view first = text.substr(0, text.find_first_of(" \t\n"));
    if (one_of(first, {"tar", "zip", "gzip", "pigz", "zstd", "xz", "7z", "dd", "pv"}) ||
        (first == "cat" && text.find('>') != std::string_view::npos))
      add(Artefact::copy, event_->command_span, Value::unknown("remote")).off_box = true;
  }

  const Lander& lander_;
  const Run& run_;
  std::vector<Artefact>& out_;
  const CommandEvent* event_ = nullptr;
};

}  // namespace

void add_shell_artefacts(const Lander& lander, const Run& run, std::vector<Artefact>& out) {
  if (uncalled(run)) return;
  ShellFiles reader(lander, run, out);
  for (const CommandEvent& event : run.shell->commands) reader.read(event);
}

}  // namespace preflint::project
