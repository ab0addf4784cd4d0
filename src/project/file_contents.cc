#include "project/file_contents.h"

#include <re2/re2.h>

#include <algorithm>

#include "base/one_of.h"
#include "project/line_filters.h"

namespace preflint::project {
namespace {

using shell::Argument;
using shell::CommandEvent;
using shell::FrameKind;
using shell::RedirectKind;

constexpr size_t kMostText = 1 << 20;
/// What filters keep for messages, all together.
constexpr size_t kMostFiltered = 32 << 20;

/// The pipeline that the command is a part of, and its place in it.
const shell::Frame* pipeline_of(const CommandEvent& event) {
  return event.frame && event.frame->kind == FrameKind::pipeline ? event.frame : nullptr;
}

/// A heredoc's body in which nothing is expanded.
std::optional<std::string> plain_body(const shell::Redirect& heredoc) {
  std::string out;
  for (const shell::Part& part : heredoc.content) {
    if (part.kind != shell::PartKind::literal) return std::nullopt;
    out += part.text;
  }
  return out;
}

std::string joined_path(const Text& folder, std::string_view relative) {
  return paths::join(folder, Text::literal(relative)).display();
}

}  // namespace

std::string FileContents::place(const std::string& relative, const Text& folder,
                                const std::string& script_folder, bool* missing) const {
  const auto existing = [&](const std::string& base) {
    const std::string path = paths::join(base, relative);
    return paths::under(path, program_.root) && program_.reader->exists(path) ? path
                                                                              : std::string();
  };
  const auto& pieces = folder.pieces();
  const std::string first = pieces.empty() ? "" : pieces[0].text;
  const bool hole = !pieces.empty() && !pieces[0].known;
  if (!hole || pieces.size() > 2 || (pieces.size() == 2 && !pieces[1].known)) {
    return resolver_.file(Text::literal(relative), folder, script_folder);
  }
  const std::string rest = pieces.size() == 2 ? pieces[1].text : "";
  if (first == kRootHole) {
    const std::string base = program_.root + rest;
    if (std::string found = existing(base); !found.empty()) return found;
    *missing = program_.reader->directory(paths::normalise(base));
    return "";
  }
  // The folder from which the script is started is its own or the project's; a named one is the
  // project's.
  for (const std::string& base : {script_folder + rest, program_.root + rest}) {
    if (std::string found = existing(base); !found.empty()) return found;
  }
  *missing = first == kCwdHole &&
             (rest.empty() || program_.reader->directory(paths::normalise(program_.root + rest)));
  return "";
}

FileTarget FileContents::target(const Value& value, const CommandEvent& event) const {
  FileTarget out;
  out.shown = value.display();
  const std::string script_folder = paths::dirname(event.unit->file().path);
  const Text cwd = event.state.here();
  const Text& text = value.alternatives()[0];
  const auto known = text.constant();
  const std::string where = cwd.display();
  const auto& pieces = text.pieces();
  const bool from_root = !pieces.empty() && !pieces[0].known && pieces[0].text == kRootHole;
  // A folder that was cloned here holds another project.
  const bool foreign = std::any_of(cloned_.begin(), cloned_.end(), [&](const std::string& name) {
    const bool within =
        paths::basename(where) == name || where.find("/" + name + "/") != std::string::npos;
    return (within && !from_root) ||
           (known &&
            (known->starts_with(name + "/") || known->find("/" + name + "/") != std::string::npos));
  });
  if (!foreign) {
    if (known && !known->empty() && (*known)[0] != '/')
      out.path = place(*known, cwd, script_folder, &out.missing);
    else
      out.path = resolver_.file(text, cwd, script_folder);
  }
  if (event.state.astray) out.missing = false;
  if (out.path.empty() && known) {
    // A path under the root's hole tells whether it would be the project's.
    out.key = (*known)[0] == '/' ? paths::normalise(*known) : joined_path(cwd, *known);
  } else {
    out.key = out.path.empty() ? text.display() : out.path;
  }
  if (!known && out.path.empty()) {
    if (from_root && pieces.size() == 2 && pieces[1].known) {
      out.missing = program_.reader->directory(
          paths::dirname(paths::normalise(program_.root + pieces[1].text)));
      out.shown = paths::normalise("/" + pieces[1].text).substr(1);
    }
  }
  return out;
}

FileContents::Content FileContents::content(const FileTarget& target) const {
  if (const auto at = written_.find(target.key); at != written_.end()) return at->second;
  if (target.path.empty()) return nullptr;
  const auto file = program_.reader->open(target.path);
  if (!file || file->bytes.size() > kMostText) return nullptr;
  auto out = std::make_shared<FileContent>();
  out->known = true;
  out->text = file->bytes;
  out->from = {target.path};
  return out;
}

bool FileContents::may_be_written(const FileTarget& target) const {
  return unpacked_ || written_.contains(target.key) ||
         named_.contains(paths::basename(target.shown));
}

FileContents::Content FileContents::input(const CommandEvent& event) const {
  for (const shell::RedirectEvent& redirect : event.redirects) {
    if (redirect.redirect->kind == RedirectKind::input)
      return content(target(redirect.target, event));
    if (redirect.redirect->kind == RedirectKind::heredoc ||
        redirect.redirect->kind == RedirectKind::here_string) {
      const auto text = redirect.redirect->kind == RedirectKind::here_string
                            ? redirect.target.constant()
                            : plain_body(*redirect.redirect);
      if (text) {
        auto out = std::make_shared<FileContent>();
        out->known = out->generated = true;
        out->text = *text;
        return out;
      }
      return nullptr;
    }
  }
  const shell::Frame* frame = pipeline_of(event);
  if (!frame || frame->index == 0) return nullptr;
  const auto at = flowing_.find(frame->pipeline);
  return at == flowing_.end() ? nullptr : at->second;
}

FileContents::Content FileContents::joined(const Content& a, const Content& b) const {
  if (!a || !b || a->text.size() + b->text.size() > kMostText / 4) return nullptr;
  auto out = std::make_shared<FileContent>(*a);
  out->known = a->known && b->known;
  if (!out->text.empty() && out->text.back() != '\n') out->text += '\n';
  out->text += b->text;
  out->filters.insert(out->filters.end(), b->filters.begin(), b->filters.end());
  out->from.insert(out->from.end(), b->from.begin(), b->from.end());
  return out;
}

FileContents::Content FileContents::filtered(const Run& run, const CommandEvent& event,
                                             const LineTest& test, const Content& in) {
  auto out = std::make_shared<FileContent>();
  out->generated = true;
  if (in) out->from = in->from;
  if (!in || !in->known || filtered_ + in->text.size() > kMostFiltered) return out;
  filtered_ += in->text.size();
  const auto lines = lines_of(in->text);
  const auto passes = test.passes(lines);
  if (!passes) return out;
  LineFilter& filter = filters_.emplace_back();
  filter.run = &run;
  filter.event = &event;
  filter.pattern = test.pattern;
  filter.pattern_span = test.pattern_span;
  filter.source = in->from.empty() ? "" : in->from.front();
  out->known = true;
  out->filters = in->filters;
  out->filters.push_back(&filter);
  for (size_t i = 0; i < lines.size(); ++i) {
    ((*passes)[i] ? filter.passed : filter.dropped).emplace_back(lines[i]);
    if ((*passes)[i]) (out->text += lines[i]) += '\n';
  }
  return out;
}

FileContents::Content FileContents::output(const Run& run, const CommandEvent& event) {
  if (const auto test = line_test(event); test && !test->in_place) {
    Content in;
    if (test->files.empty() || (test->files.size() == 1 && test->files[0]->is("-"))) {
      in = input(event);
    } else {
      in = content(target(test->files[0]->value, event));
      for (size_t i = 1; i < test->files.size(); ++i)
        in = joined(in, content(target(test->files[i]->value, event)));
    }
    return filtered(run, event, *test, in);
  }
  if (event.name == "cat" || event.name == "sort" || event.name == "uniq") {
    Content in;
    bool first = true;
    for (const Argument& argument : event.arguments) {
      if (argument.value.known_start().starts_with('-')) continue;
      const Content next = content(target(argument.value, event));
      in = first ? next : joined(in, next);
      first = false;
    }
    return first ? input(event) : in;
  }
  if (event.name == "tee") return input(event);
  if (event.name == "echo" || event.name == "printf") {
    std::string text;
    for (const Argument& argument : event.arguments) {
      const auto word = argument.constant();
      if (!word) return nullptr;
      if (text.empty() && word->starts_with('-') && event.name == "echo") continue;
      (text += text.empty() ? "" : event.name == "echo" ? " " : "\n") += *word;
    }
    // What escapes give is not followed further than a newline.
    for (size_t at = text.find("\\n"); at != std::string::npos; at = text.find("\\n", at))
      text.replace(at, 2, "\n");
    if (text.find('%') != std::string::npos || text.find('\\') != std::string::npos) return nullptr;
    auto out = std::make_shared<FileContent>();
    out->known = out->generated = true;
    out->text = text + "\n";
    return out;
  }
  return made_of(event);
}

FileContents::Content FileContents::made_of(const CommandEvent& event) const {
  if (!one_of(event.name, {"perl", "python", "awk", "gawk", "sed", "gsed", "grep", "egrep", "tail",
                           "head", "tr", "cut", "comm", "envsubst"}))
    return nullptr;
  auto out = std::make_shared<FileContent>();
  out->generated = true;
  const auto take = [&](const Content& in) {
    if (in) out->from.insert(out->from.end(), in->from.begin(), in->from.end());
  };
  for (const Argument& argument : event.arguments) {
    const auto word = argument.constant();
    if (word && !word->empty() && !word->starts_with('-') && word->find('\n') == std::string::npos)
      take(content(target(argument.value, event)));
  }
  if (out->from.empty()) take(input(event));
  return out->from.empty() ? nullptr : out;
}

void FileContents::rewritten(const Run& run, const CommandEvent& event) {
  constexpr size_t kMostProgram = 20'000;  // bytes: what makes a list of another one is short
  const auto child = std::find_if(run.children.begin(), run.children.end(), [&](const Run* one) {
    return one->launch_command == event.index && one->unit->kind == UnitKind::python;
  });
  if (child == run.children.end()) return;
  const std::string_view program = (*child)->unit->source.text();
  if (program.size() > kMostProgram) return;
  static const RE2 kList(R"re(["']([^"'\s]+\.(?:txt|in))["'])re");
  auto out = std::make_shared<FileContent>();
  out->generated = true;
  std::vector<Value> others;
  re2::StringPiece rest(program.data(), program.size());
  std::string name;
  while (RE2::FindAndConsume(&rest, kList, &name)) {
    const Value value = Value::literal(name);
    const FileTarget place = target(value, event);
    if (place.path.empty())
      others.push_back(value);
    else
      out->from.push_back(place.path);
  }
  for (const Argument& argument : event.arguments) {
    const std::string shown = argument.value.display();
    if (!shown.ends_with(".txt") && !shown.ends_with(".in")) continue;
    const FileTarget place = target(argument.value, event);
    if (place.path.empty())
      others.push_back(argument.value);
    else
      out->from.push_back(place.path);
  }
  if (out->from.empty()) return;
  for (const Value& value : others) write(event, value, out, false);
}

void FileContents::write(const CommandEvent& event, const Value& file, Content content_now,
                         bool append) {
  const FileTarget where = target(file, event);
  if (append) content_now = joined(content(where), content_now);
  if (!content_now) {
    auto unknown = std::make_shared<FileContent>();
    unknown->generated = true;
    content_now = std::move(unknown);
  }
  written_[where.key] = std::move(content_now);
  named_.insert(paths::basename(where.shown));
}

void FileContents::run(const Run& run, const CommandEvent& event) {
  // Commands that say nothing of files are most of all.
  const shell::Frame* frame = pipeline_of(event);
  const bool writes = std::any_of(
      event.redirects.begin(), event.redirects.end(), [](const shell::RedirectEvent& redirect) {
        return one_of(redirect.target.display(), {"/dev/null", "1", "2", "&1", "&2"}) == false;
      });
  const bool interesting =
      frame || writes ||
      one_of(event.name, {"cp",          "mv",      "sed",     "gsed",   "tee",    "git",   "unzip",
                          "tar",         "7z",      "wget",    "curl",   "aria2c", "rsync", "scp",
                          "pip-compile", "pipreqs", "python",  "poetry", "uv",     "rm",    "grep",
                          "egrep",       "awk",     "ossutil", "hf"});
  if (!interesting) return;
  const Content out = output(run, event);
  if (frame && frame->index + 1 < frame->count) flowing_[frame->pipeline] = out;
  for (const shell::RedirectEvent& redirect : event.redirects) {
    const RedirectKind kind = redirect.redirect->kind;
    if (redirect.redirect->fd == 2) continue;
    if (kind == RedirectKind::output || kind == RedirectKind::both)
      write(event, redirect.target, out, false);
    if (kind == RedirectKind::append || kind == RedirectKind::both_append)
      write(event, redirect.target, out, true);
  }
  if (event.name == "tee") {
    for (const Argument& argument : event.arguments) {
      if (argument.value.known_start().starts_with('-')) continue;
      write(event, argument.value, out, event.has_option("-a"));
    }
  } else if (event.name == "sed" || event.name == "gsed") {
    const auto test = line_test(event);
    if (test && test->in_place) {
      for (const Argument* file : test->files) {
        write(event, file->value, filtered(run, event, *test, content(target(file->value, event))),
              false);
      }
    } else if (!test && event.has_option("-i")) {
      // Some other change of the files: they hold what we do not know.
      for (size_t i = 1; i < event.arguments.size(); ++i) {
        const Value& file = event.arguments[i].value;
        if (file.known_start().starts_with('-')) continue;
        Content changed;
        if (const Content before = content(target(file, event))) {
          auto unknown = std::make_shared<FileContent>();
          unknown->generated = true;
          unknown->from = before->from;
          changed = std::move(unknown);
        }
        write(event, file, std::move(changed), false);
      }
    }
  } else if (event.name == "cp" || event.name == "mv") {
    const Argument* from = event.operand(0);
    const Argument* to = event.operand(1);
    if (from && to && !event.operand(2)) {
      Content copy = content(target(from->value, event));
      if (copy) {
        auto marked = std::make_shared<FileContent>(*copy);
        marked->generated = true;
        copy = marked;
      }
      write(event, to->value, copy, false);
    }
  } else if (event.name == "git") {
    if (const Argument* sub = event.operand(); sub && sub->is("clone")) {
      const Argument* url = event.operand(1);
      const Argument* folder = event.operand(2);
      std::string name = paths::basename(url ? url->value.display() : "");
      if (name.ends_with(".git")) name.resize(name.size() - 4);
      const std::string own = paths::basename(program_.root);
      // A script may clone the very project that it belongs to.
      if (!name.empty() && own != name && !own.ends_with("-" + name) &&
          !own.ends_with("_" + name) && !own.ends_with("+" + name)) {
        cloned_.insert(folder ? paths::basename(folder->value.display()) : name);
      }
    } else if (sub &&
               one_of(sub->constant().value_or(""), {"checkout", "pull", "lfs", "submodule"})) {
      unpacked_ = unpacked_ || sub->is("submodule");
    }
  } else if (one_of(event.name, {"unzip", "tar", "7z", "rsync", "scp"})) {
    unpacked_ = true;
  } else if (one_of(event.name, {"wget", "curl", "aria2c", "pip-compile", "pipreqs", "poetry", "uv",
                                 "python", "ossutil", "hf"})) {
    for (const Argument& argument : event.arguments) {
      if (const auto word = argument.constant()) named_.insert(paths::basename(*word));
    }
    if (event.name == "pipreqs") named_.insert("requirements.txt");
    if (event.name == "python") rewritten(run, event);
  }
}

}  // namespace preflint::project
