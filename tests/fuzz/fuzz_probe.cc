#include "catalog/builtin.h"
#include "fuzz/promises.h"
#include "output/render.h"
#include "probe/judge.h"

/// What a box prints, which is whatever it likes: its facts are judged, and the answers are told as
/// findings.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace preflint;
  const std::string text(fuzz::view(data, size));
  const probe::Facts facts = probe::Facts::parse(text);
  const catalog::Profile& profile = **catalog::builtin_profile("autodl");
  const std::vector<probe::Answer> answers = probe::judge(facts, profile, {"box", 1795665703});
  for (const probe::Answer& answer : answers) fuzz::check_span(answer.span, text, answer.rule);
  const auto file = std::make_shared<const File>(File{"/project/box.facts", FileKind::other, text});
  output::Report report;
  report.findings = probe::findings(answers, file->path);
  report.file = [&](const std::string& path) { return path == file->path ? file : nullptr; };
  report.rules.rule = [](std::string_view id) -> const catalog::Rule* {
    const catalog::BuiltinRule* rule = catalog::find_builtin(id);
    return rule ? &rule->rule : nullptr;
  };
  report.rules.note = catalog::common_note;
  report.directory = report.root = "/project";
  for (const Language language : {Language::en, Language::zh}) {
    report.language = language;
    fuzz::check_terminal(output::render(output::Format::text, report));
  }
  return 0;
}
