#include "cli/box_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "catalog/builtin.h"
#include "output/width.h"
#include "output/words.h"

namespace preflint::cli {
namespace {

using probe::Answer;
using probe::Verdict;

const catalog::Rule* rule_of(const Answer& answer) {
  const catalog::BuiltinRule* builtin = catalog::find_builtin(answer.rule);
  return builtin != nullptr ? &builtin->rule : nullptr;
}

size_t count(const Box& box, Verdict verdict) {
  return static_cast<size_t>(
      std::count_if(box.answers.begin(), box.answers.end(),
                    [&](const Answer& answer) { return answer.verdict == verdict; }));
}

constexpr Verdict kOrder[] = {Verdict::no_go, Verdict::warn, Verdict::unknown, Verdict::go};

}  // namespace

std::string painted(Verdict verdict, bool color, size_t width) {
  std::string word = fmt::format("{:<{}}", probe::name_of(verdict), width);
  if (!color) return word;
  const char* start = verdict == Verdict::no_go  ? "\x1b[1;31m"
                      : verdict == Verdict::warn ? "\x1b[1;33m"
                      : verdict == Verdict::go   ? "\x1b[1;32m"
                                                 : "\x1b[1;36m";
  return start + word + "\x1b[0m";
}

std::string reason_of(const Answer& answer, Language language) {
  Finding finding;
  finding.rule = answer.rule;
  finding.message = answer.message;
  finding.arguments = answer.arguments;
  return output::visible(output::message_of(finding, rule_of(answer), language));
}

std::string remedy_of(const Answer& answer, Language language) {
  const catalog::Rule* rule = rule_of(answer);
  if (rule == nullptr || answer.verdict == Verdict::go) return "";
  // A remedy of its own stands under the message's name among the notes.
  const auto own =
      std::find_if(rule->notes.begin(), rule->notes.end(),
                   [&](const catalog::NamedWords& words) { return words.key == answer.message; });
  if (own != rule->notes.end()) {
    return output::visible(output::fill(own->words.in(language), answer.arguments, language));
  }
  if (answer.message == "unknown") return "";
  return output::visible(output::fill(rule->advice.in(language), answer.arguments, language));
}

std::string answers_text(const Box& box, const BoxStyle& style) {
  std::string out;
  const bool zh = style.language == Language::zh;
  for (const Verdict verdict : kOrder) {
    if (verdict == Verdict::go && !style.all) break;
    for (const Answer& answer : box.answers) {
      if (answer.verdict != verdict) continue;
      const catalog::Rule* rule = rule_of(answer);
      out += fmt::format("{} {} {}: {}\n", painted(verdict, style.color, 7), answer.rule,
                         rule != nullptr ? rule->name : "", reason_of(answer, style.language));
      const std::string remedy = remedy_of(answer, style.language);
      if (!remedy.empty()) out += fmt::format("        {}{}\n", zh ? "处理：" : "fix: ", remedy);
    }
  }
  return out;
}

std::string verdict_line(const Box& box, const BoxStyle& style) {
  std::string counts;
  for (const Verdict verdict : kOrder) {
    const size_t number = count(box, verdict);
    if (number == 0) continue;
    counts += fmt::format("{}{} {}", counts.empty() ? "" : ", ", number, probe::name_of(verdict));
  }
  const bool zh = style.language == Language::zh;
  const std::string target =
      output::visible(zh && box.target == "this machine" ? "本机" : box.target);
  const std::string verdict = painted(box.verdict, style.color);
  const std::string& title = box.profile->title;
  return zh ? fmt::format("结论：{}（{}；{}，{}）\n", verdict, counts, target, title)
            : fmt::format("verdict: {} ({}; {}, {})\n", verdict, counts, target, title);
}

void write_json(const Box& box, Language language, output::JsonWriter& json) {
  json.begin_object()
      .member("target", box.target)
      .member("profile", box.profile->name)
      .member("verdict", probe::name_of(box.verdict))
      .member("complete", box.facts.complete());
  json.object("image");
  const catalog::Image& image = box.image.image;
  for (const auto& [name, value] :
       {std::pair("torch", &image.torch), std::pair("torchvision", &image.torchvision),
        std::pair("torchaudio", &image.torchaudio), std::pair("tensorflow", &image.tensorflow),
        std::pair("cuda", &image.cuda), std::pair("python", &image.python),
        std::pair("gpu", &box.image.gpu)}) {
    if (!value->empty()) json.member(name, *value);
  }
  json.member("gpus", box.image.gpus).end_object();
  json.array("probes");
  for (const Answer& answer : box.answers) {
    const catalog::Rule* rule = rule_of(answer);
    json.begin_object()
        .member("rule", answer.rule)
        .member("name", rule != nullptr ? rule->name : "")
        .member("verdict", probe::name_of(answer.verdict))
        .member("reason", reason_of(answer, language))
        .member("remedy", remedy_of(answer, language))
        .member("fact", answer.fact)
        .end_object();
  }
  json.end_array().end_object();
}

}  // namespace preflint::cli
