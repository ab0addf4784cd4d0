#include <algorithm>
#include <charconv>
#include <optional>

#include "catalog/config.h"
#include "model/python/trace.h"
#include "project/context.h"

namespace preflint::checks {

namespace {

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

/// The index of "cuda:3".
std::optional<int> device_index(std::string_view text) {
  return text.starts_with("cuda:") ? number(text.substr(5)) : std::nullopt;
}

/// The largest index of "0,3".
std::optional<int> visible_index(std::string_view list) {
  std::optional<int> largest;
  while (!list.empty()) {
    const size_t comma = list.find(',');
    const auto one = number(list.substr(0, comma));
    if (!one) return std::nullopt;
    largest = std::max(largest.value_or(0), *one);
    list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
  }
  return largest;
}

struct Reporter {
  project::Context& context;
  int count;

  void fill(Finding& finding, std::string_view device, int index) const {
    finding.arguments = {{"device", std::string(device)},
                         {"index", std::to_string(index)},
                         {"count", std::to_string(count)}};
  }

  void python(const project::Run& run, const py::Value& value, const py::ProgramFile& file,
              Span span, const py::Frame* frame) const {
    for (const py::Value& one : value.alternatives()) {
      if (!one.is_string()) continue;
      const Value texts = one.text();
      for (const Text& text : texts.alternatives())
        report(run, one, text.constant(), file, span, frame);
    }
  }

 private:
  void report(const project::Run& run, const py::Value& one, const std::optional<std::string>& text,
              const py::ProgramFile& file, Span span, const py::Frame* frame) const {
    const auto index = text ? device_index(*text) : std::nullopt;
    if (!index || *index < count) return;
    // Where the text stands, when a variable brought it here.
    const auto& written = one.written();
    const bool literal = written.size() == 1 && written[0].literal && written[0].file;
    Finding& finding =
        literal ? context.report(run, written[0].file->syntax.source, written[0].span, frame)
                : context.report(run, file.syntax.source, span, frame);
    fill(finding, *text, *index);
  }
};

void check_python(const Reporter& reporter, const project::Run& run) {
  for (const py::CallEvent& call : run.python->calls) {
    for (const py::Argument& argument : call.arguments) {
      // One of several values of a variable is told where the variable is set.
      const bool name = argument.expr && (argument.expr->kind == py::ExprKind::name ||
                                          argument.expr->kind == py::ExprKind::attribute);
      if (name && argument.value.text().alternatives().size() > 1) continue;
      reporter.python(run, argument.value, *call.file, argument.span, call.frame);
    }
    const py::Argument* first =
        call.origin == "torch.cuda.set_device" ? call.argument(0, {"device"}) : nullptr;
    if (!first || first->value.type != py::Type::integer || first->value.number < reporter.count)
      continue;
    Finding& finding =
        reporter.context.report(run, call.file->syntax.source, call.span, call.frame);
    reporter.fill(finding, call.file->syntax.slice(call.span),
                  static_cast<int>(first->value.number));
  }
  for (const py::AssignEvent& event : run.python->assignments)
    reporter.python(run, event.value, *event.file, event.value_span, event.frame);
  for (const py::EnvironmentWrite& write : run.python->environment_writes) {
    if (!write.key.is("CUDA_VISIBLE_DEVICES")) continue;
    const auto text = write.value.constant();
    const auto index = text ? visible_index(*text) : std::nullopt;
    if (!index || *index < reporter.count) continue;
    Finding& finding =
        reporter.context.report(run, write.file->syntax.source, write.span, write.frame);
    reporter.fill(finding, "CUDA_VISIBLE_DEVICES=" + *text, *index);
  }
}

}  // namespace

void gpu_index_hardcoded(project::Context& context) {
  const int count = context.config().gpus;
  if (count < 2)
    return;  // not known, or one card: which index is right is then a matter of the code's own
             // options
  const Reporter reporter{context, count};
  context.each_python_run(project::Where::instance,
                          [&](const project::Run& run) { check_python(reporter, run); });
  const auto shell_value = [&](const project::Run& run, const Unit& unit, const shell::Frame* frame,
                               Span span, const Value& value) {
    const auto text = value.constant();
    const auto index = text ? visible_index(*text) : std::nullopt;
    if (!index || *index < count) return;
    Finding& finding = context.report(run, unit, span, frame);
    reporter.fill(finding, "CUDA_VISIBLE_DEVICES=" + *text, *index);
  };
  context.each_assignment(project::Where::instance,
                          [&](const project::Run& run, const shell::AssignmentEvent& event) {
                            if (event.name == "CUDA_VISIBLE_DEVICES")
                              shell_value(run, *event.unit, event.frame, event.span, event.value);
                          });
  context.each_command(
      project::Where::instance, [&](const project::Run& run, const shell::CommandEvent& event) {
        for (const auto& [name, value] : event.assignments) {
          if (name != "CUDA_VISIBLE_DEVICES") continue;
          Span span = event.span;
          if (event.command) {
            for (const shell::Assignment& written : event.command->assignments) {
              if (written.name == name) span = written.span;
            }
          }
          shell_value(run, *event.unit, event.frame, span, value);
        }
        for (const shell::Argument& argument : event.arguments) {
          const auto text = argument.constant();
          const auto index = text ? device_index(text->substr(text->find('=') + 1)) : std::nullopt;
          if (!index || *index < count || event.name == "echo") continue;
          Finding& finding = context.report(run, event, argument.span);
          reporter.fill(finding, *text, *index);
        }
      });
}

}  // namespace preflint::checks
