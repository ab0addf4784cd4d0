#include "project/artefacts.h"

#include <algorithm>

#include "model/python/trace.h"
#include "project/event_files.h"

namespace preflint::project {
namespace {

/// A folder and what lies in it; equal texts count.
bool inside(const Value& path, const Value& folder) {
  for (const Text& one : path.alternatives()) {
    const bool found = std::any_of(
        folder.alternatives().begin(), folder.alternatives().end(),
        [&](const Text& other) { return one == other || below(one, other).has_value(); });
    if (!found) return false;
  }
  return true;
}

/// A variable's value: nothing when it is surely not set, a hole when it may be.
std::optional<Value> variable(const shell::Environment& environment, std::string_view name) {
  const Tri set = environment.set(name);
  if (set == Tri::no) return std::nullopt;
  const shell::Variable* found = environment.find(name);
  if (!found || set == Tri::maybe) return Value::unknown("$" + std::string(name), Tri::no);
  return found->value;
}

Value in_folder(const Value& folder, std::string_view name) {
  return folder.concatenated(Value::literal("/" + std::string(name)));
}

/// The first of several variables that is set, with what its tool adds to it.
struct CacheVariable {
  std::string_view name, below;
};

Value cache(const shell::Environment& environment, std::string& tool,
            std::initializer_list<CacheVariable> variables, std::string_view fallback) {
  // One that is surely set goes before others that something unseen may have set.
  for (const bool certain : {true, false}) {
    for (const CacheVariable& one : variables) {
      if ((environment.set(one.name) == Tri::yes) != certain) continue;
      const auto value = variable(environment, one.name);
      if (!value) continue;
      tool = one.name;
      return one.below.empty() ? *value : in_folder(*value, one.below);
    }
  }
  tool = "";
  return Value::literal(fallback);
}

}  // namespace

bool logs_model(const shell::Environment& environment) {
  const shell::Variable* set = environment.find(kLogModel);
  return set && !set->value.is("false") && !set->value.is("") && !set->value.is("0");
}

Value hub_cache(const shell::Environment& environment, std::string& tool) {
  return cache(environment, tool,
               {{"HF_HUB_CACHE", ""},
                {"HUGGINGFACE_HUB_CACHE", ""},
                {"TRANSFORMERS_CACHE", ""},
                {"HF_HOME", "hub"},
                {"XDG_CACHE_HOME", "huggingface/hub"}},
               "~/.cache/huggingface/hub");
}

Value datasets_cache(const shell::Environment& environment, std::string& tool) {
  return cache(environment, tool,
               {{"HF_DATASETS_CACHE", ""},
                {"HF_HOME", "datasets"},
                {"XDG_CACHE_HOME", "huggingface/datasets"}},
               "~/.cache/huggingface/datasets");
}

Value torch_cache(const shell::Environment& environment, std::string& tool) {
  return cache(environment, tool, {{"TORCH_HOME", "hub"}, {"XDG_CACHE_HOME", "torch/hub"}},
               "~/.cache/torch/hub");
}

Value modelscope_cache(const shell::Environment& environment, std::string& tool) {
  return cache(environment, tool, {{"MODELSCOPE_CACHE", ""}}, "~/.cache/modelscope");
}

namespace {

void add_event_files(const Context& context, const Lander& lander, const Run& run,
                     std::vector<Artefact>& out) {
  for (const EventFiles& events : event_files(context, run)) {
    Artefact& made = out.emplace_back();
    made.kind = Artefact::event_files;
    made.landing = lander.land(events.resolved, std::shared_ptr<const Text>());
    made.tool = events.writer;
    made.defaulted = events.by_default;
    made.run = &run;
    made.command = events.command;
    made.call = events.call;
    made.text = events.source;
    made.span = events.span;
  }
}

}  // namespace

std::vector<Artefact> artefacts_of(const Context& context, const Run& run) {
  std::vector<Artefact> out;
  const Lander& lander = context.lander();
  if (run.shell) add_shell_artefacts(lander, run, out);
  if (run.python) add_python_artefacts(context, lander, run, out);
  add_event_files(context, lander, run, out);
  return out;
}

const std::vector<Artefact>& Context::artefacts(const Run& run) const {
  auto& slot = artefacts_[run.index];
  if (!slot) slot = std::make_shared<const std::vector<Artefact>>(artefacts_of(*this, run));
  return *slot;
}

const Lander& Context::lander() const {
  if (!lander_) lander_ = std::make_shared<const Lander>(program_, profile_, config_);
  return *lander_;
}

void each_run_below(const Run& run, const std::function<void(const Run&)>& visit) {
  std::vector<const Run*> waiting{&run};
  while (!waiting.empty()) {
    const Run* next = waiting.back();
    waiting.pop_back();
    visit(*next);
    waiting.insert(waiting.end(), next->children.rbegin(), next->children.rend());
  }
}

void each_artefact(const Context& context, const Run& run,
                   const std::function<void(const Artefact&)>& visit) {
  // Runs nest at most a dozen deep (the builder's limit), so the recursion is bounded.
  const auto& own = context.artefacts(run);
  size_t at = 0;
  for (const Run* child : run.children) {
    const auto before = [&](const Artefact& artefact) {
      if (run.shell) return artefact.command && artefact.command->index < child->launch_command;
      return artefact.span.begin < child->launch_span.begin;
    };
    // What the launch itself says (`--output_dir X`, `> log`) comes before what it starts.
    const auto same = [&](const Artefact& artefact) {
      return run.shell && artefact.command && artefact.command->index == child->launch_command;
    };
    while (at < own.size() && (before(own[at]) || same(own[at]))) visit(own[at++]);
    each_artefact(context, *child, visit);
  }
  while (at < own.size()) visit(own[at++]);
}

const Artefact* destination_of(const Context& context, const Artefact& saved) {
  const shell::CommandEvent* launcher = saved.run->launcher();
  if (!launcher) return nullptr;
  for (const Artefact& other : context.artefacts(*saved.run->parent)) {
    if (other.command != launcher || other.kind != Artefact::destination) continue;
    if (inside(saved.landing.path, other.landing.path)) return &other;
  }
  return nullptr;
}

Finding& report(Context& context, const Artefact& artefact, Span span) {
  if (artefact.command) return context.report(*artefact.run, *artefact.command, span);
  return context.report(*artefact.run, *artefact.text, span,
                        artefact.call ? artefact.call->frame : nullptr);
}

Finding& report(Context& context, const Artefact& artefact) {
  return report(context, artefact, artefact.span);
}

Note note(const Context& context, const Artefact& artefact, std::string key) {
  return context.note(*artefact.text, artefact.span, std::move(key));
}

}  // namespace preflint::project
