#include <re2/re2.h>

#include <algorithm>

#include "base/one_of.h"
#include "project/shell_files.h"
#include "project/training.h"

namespace preflint::project {

using shell::Argument;
using shell::FrameKind;

void ShellFiles::tar() {
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
      operands({"-C", "--directory", "--exclude", "-T", "-X", "-I"});
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

void ShellFiles::zip() {
  const auto files = operands({"-x", "-i", "-b"});
  const bool seven = event_->name != "zip";
  const size_t first = seven ? 1 : 0;
  if (seven && (files.empty() || !files[0]->is("a"))) return;
  if (files.size() < first + 2) return;
  Artefact& out = add(Artefact::copy, files[first]->span, files[first]->value);
  out.archive = true;
  for (size_t i = first + 1; i < files.size(); ++i) out.sources.push_back(place(files[i]->value));
}

void ShellFiles::unzip() {
  if (event_->has_option("-l") || event_->has_option("-t") || event_->has_option("-Z") ||
      event_->has_option("-v"))
    return;
  const auto folder = option({"-d"});
  const auto files = operands({"-d", "-x", "-P"});
  if (files.empty()) return;
  Artefact& out = add(Artefact::unpacked, folder ? folder->span : event_->command_span,
                      folder ? folder->value : Value::literal("."));
  out.sources.push_back(place(files[0]->value));
}

void ShellFiles::written_out() {
  const auto files = operands({"-C", "--exclude", "-I"});
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

bool ShellFiles::between_tars() const {
  const shell::Frame* pipe = event_->enclosing(FrameKind::pipeline);
  if (!event_->stdin_piped || !pipe) return false;
  static const RE2 kCreates(R"(\btar\s+(?:-?[a-z]*c|--create))");
  const std::string_view text = pipe->text->source.slice(pipe->pipeline->span);
  return RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), kCreates);
}

void ShellFiles::streamed() {
  const shell::Frame* pipe = event_->enclosing(FrameKind::pipeline);
  if (!event_->stdin_piped || !pipe || run_.site != Site::instance) return;
  const std::string_view text = pipe->text->source.slice(pipe->pipeline->span);
  const std::string_view first = text.substr(0, text.find_first_of(" \t\n"));
  if (one_of(first, {"tar", "zip", "gzip", "pigz", "zstd", "xz", "7z", "dd", "pv"}) ||
      (first == "cat" && text.find('>') != std::string_view::npos))
    bring_away();
}

}  // namespace preflint::project
