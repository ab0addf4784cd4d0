// From the program graph to what people ask of it: steps, scripts, and where each artefact lands.
#include <algorithm>
#include <map>
#include <set>

#include "base/elided.h"
#include "catalog/profile.h"
#include "engine/engine.h"
#include "map/job_map.h"
#include "model/python/trace.h"
#include "output/report.h"
#include "project/artefacts.h"
#include "project/build.h"
#include "project/context.h"
#include "project/network_calls.h"
#include "project/python_needs.h"
#include "project/resolve.h"
#include "project/stopping.h"
#include "project/training.h"
#include "project/units.h"

namespace preflint::map {
namespace {

using project::Artefact;
using project::Run;
using shell::CommandEvent;

std::string shown(const CommandEvent& event) {
  std::string out = event.via == "python" ? "python -m " + event.name : event.word.value.display();
  if (out.empty()) out = event.name;
  for (const shell::Argument& argument : event.arguments) {
    const std::string word = elided(argument.value.display());
    out += word.empty() ? " ''" : " " + word;
  }
  return out;
}

Tri active(shell::Proxy proxy) {
  using shell::Proxy;
  if (proxy.surely(Proxy::kActive | Proxy::kFresh)) return Tri::yes;
  return proxy.may_be(Proxy::kActive | Proxy::kFresh | Proxy::kUnknown) ? Tri::maybe : Tri::no;
}

/// A command whose text is a script of its own, which follows: only its beginning is shown.
constexpr size_t kSession = 40;

class Charter {
 public:
  Charter(const engine::Request& request, const project::Program& program,
          const project::Context& context)
      : program_(program), context_(context), profile_(*request.profile) {}

  Sheet sheet() {
    Sheet out;
    out.profile = profile_.name;
    out.title = profile_.title;
    out.stop_verb = profile_.billing.stop_verb;
    out.release_verb = profile_.billing.release_verb;
    out.auto_release_days = profile_.storage.auto_release_days;
    for (const catalog::Tier& tier : profile_.storage.tiers)
      out.tiers.push_back({tier.name, tier.path, tier.durable});
    for (const Run& run : program_.runs) {
      if (!run.entry() || run.site == Site::foreign) continue;
      Entry made = entry(run);
      if (!made.steps.empty() || !made.items.empty()) out.entries.push_back(std::move(made));
    }
    std::stable_sort(out.entries.begin(), out.entries.end(),
                     [](const Entry& a, const Entry& b) { return a.name < b.name; });
    return out;
  }

 private:
  std::string name_of(const File& file) const { return output::relative(file.path, program_.root); }

  uint32_t line_of(const Place& place) {
    auto& index = lines_[place.path];
    if (!index) {
      const auto file = program_.file(place.path);
      kept_.push_back(file);
      index = std::make_unique<output::LineIndex>(file ? std::string_view(file->bytes)
                                                       : std::string_view());
    }
    return index->line_of(place.span.begin);
  }

  void place(std::string& path, uint32_t& line, const Source& source, Span span) {
    const Place where = source.place(span);
    path = output::relative(where.path, program_.root);
    line = line_of(where);
  }

  Entry entry(const Run& root) {
    Entry out;
    out.name = name_of(root.unit->file());
    out.local = root.site == Site::local;
    entry_ = &out;
    by_place_.clear();
    walk(root, -1, 0);
    keep();
    entry_ = nullptr;
    return out;
  }

  /// The runs nest at most as deep as the builder lets them.
  void walk(const Run& run, int parent, int depth) {
    int node = parent;
    const bool own = run.unit->embedding == Embedding::file || run.entry();
    if (own) {
      Node made;
      made.name = name_of(run.unit->file());
      made.parent = parent;
      made.python = run.unit->kind == UnitKind::python;
      made.over_ssh = run.over_ssh;
      for (const shell::Argument& argument : run.arguments) {
        if (!made.arguments.empty()) made.arguments += ' ';
        made.arguments += elided(argument.value.display());
      }
      if (const CommandEvent* launcher = run.launcher()) {
        made.background = launcher->background;
        made.hooked = active(launcher->environment.proxy);
      }
      entry_->nodes.push_back(std::move(made));
      node = static_cast<int>(entry_->nodes.size()) - 1;
    }
    size_t child = 0;
    const auto children_of = [&](int command) {
      for (; child < run.children.size() && run.children[child]->launch_command <= command;
           ++child) {
        walk(*run.children[child], node, depth + 1);
      }
    };
    if (run.shell) {
      for (const CommandEvent& event : run.shell->commands) {
        if (event.uncalled() || event.function_call) continue;
        command(run, event, depth);
        children_of(event.index);
      }
    }
    if (run.python) {
      for (const project::PythonNeed& need : context_.needs(run)) python_need(need, depth);
    }
    for (; child < run.children.size(); ++child) walk(*run.children[child], node, depth + 1);
    for (const Artefact& artefact : context_.artefacts(run)) item(artefact);
  }

  Step& step(Step::Kind kind, int depth, std::string text) {
    Step& out = entry_->steps.emplace_back();
    out.kind = kind;
    out.depth = depth;
    out.text = std::move(text);
    return out;
  }

  void command(const Run& run, const CommandEvent& event, int depth) {
    std::optional<Step::Kind> kind;
    std::string target;
    bool foreign = false;
    const auto call = project::network_call(run, event, profile_);
    const Run* started = nullptr;
    bool embedded = false;
    for (const Run* one : run.children) {
      if (one->launch_command != event.index) continue;
      embedded = embedded || one->unit->embedding != Embedding::file;
      if (one->unit->embedding == Embedding::file) started = one;
    }
    if (event.hook != CommandEvent::Hook::none) {
      kind = Step::hook;
    } else if (project::stops(event, profile_)) {
      kind = Step::stop;
    } else if (project::releases(event, profile_)) {
      kind = Step::release;
    } else if (call && !call->probe) {
      const bool installs = call->tool == project::NetworkCall::pip ||
                            call->tool == project::NetworkCall::conda ||
                            call->tool == project::NetworkCall::package_manager;
      kind = installs ? Step::install : Step::external;
      target = call->target;
      foreign = call->reach == project::Reach::foreign;
    } else if (started || project::runs_python(event)) {
      kind = Step::launch;
      if (started) target = name_of(started->unit->file());
    } else if (embedded) {
      kind = Step::session;
    } else {
      for (const Artefact& artefact : context_.artefacts(run)) {
        if (artefact.command != &event) continue;
        if (artefact.kind == Artefact::copy) kind = Step::copy;
        if (artefact.kind == Artefact::removal && project::is_checkpoint_file(artefact.path()))
          kind = Step::removal;
      }
    }
    if (!kind) return;
    std::string text = shown(event);
    if (*kind == Step::session && text.size() > kSession)
      text.replace(std::min(text.size(), text.find(' ', kSession)), std::string::npos, " …");
    Step& made = step(*kind, depth, std::move(text));
    made.target = std::move(target);
    made.foreign = foreign;
    made.hooked = active(event.environment.proxy);
    if (*kind == Step::hook) made.hooked = tri(event.hook == CommandEvent::Hook::effective);
    made.repeated = event.within(shell::FrameKind::loop_body);
    made.background = event.background;
    place(made.path, made.line, event.unit->source, event.span);
  }

  void python_need(const project::PythonNeed& need, int depth) {
    Step& made = step(Step::external, depth,
                      need.call->origin + (need.repository.empty() ? "" : " " + need.repository));
    made.target = need.target;
    made.foreign = need.reach == project::Reach::foreign;
    made.hooked = active(need.environment.proxy);
    made.repeated = need.call->loop_depth() > 0;
    place(made.path, made.line, need.call->file->syntax.source, need.call->span);
  }

  static std::optional<Item::Kind> kind_of(const Artefact& artefact) {
    switch (artefact.kind) {
      case Artefact::checkpoint:
        return Item::checkpoint;
      case Artefact::destination:
        return artefact.live ? std::optional(Item::checkpoint) : std::nullopt;
      case Artefact::copy:
        return artefact.pulled ? std::nullopt : std::optional(Item::copy);
      case Artefact::event_files:
        return Item::event_files;
      case Artefact::cache:
        return Item::cache;
      case Artefact::log:
        return Item::log;
      case Artefact::sample:
        return artefact.in_loop ? std::optional(Item::sample) : std::nullopt;
      case Artefact::unpacked:
        return Item::unpacked;
      default:
        return std::nullopt;
    }
  }

  void item(const Artefact& artefact) {
    const auto kind = kind_of(artefact);
    if (!kind || artefact.run->site == Site::local) return;
    Item made;
    made.kind = *kind;
    made.tool = artefact.tool;
    made.off_box = artefact.off_box;
    made.where = artefact.off_box ? "" : elided(artefact.landing.path.display());
    made.repeated = artefact.in_loop || artefact.live;
    if (!by_place_.insert({made.where, made.kind, made.off_box ? artefact.tool : ""}).second)
      return;
    made.durable = artefact.landing.durable;
    if (const catalog::Tier* tier = artefact.tier()) {
      made.tier = tier->name;
      made.tier_path = tier->path;
      made.stop = tier->survives_stop;
      made.reset = tier->survives_reset;
      made.release = tier->survives_release;
      made.image = tier->in_saved_image;
      if (tier->survives_release == false && profile_.storage.auto_release_days > 0)
        made.days = profile_.storage.auto_release_days;
    }
    if (artefact.off_box) {
      made.stop = made.reset = made.release = true;
      made.durable = Tri::yes;
    }
    if (made.durable == Tri::yes && !made.release) made.release = true;
    place(made.path, made.line, *artefact.text, artefact.span);
    artefacts_.emplace_back(entry_->items.size(), &artefact);
    entry_->items.push_back(std::move(made));
  }

  /// Which items survive as a copy.
  void keep() {
    for (const auto& [index, kept] : artefacts_) {
      const auto* artefact = kept;
      if (artefact->kind == Artefact::copy) continue;
      for (const auto& [other, keeper] : artefacts_) {
        const auto* copy = keeper;
        if (copy->kind != Artefact::copy || entry_->items[other].durable != Tri::yes) continue;
        const bool covers =
            std::any_of(copy->sources.begin(), copy->sources.end(), [&](const Value& source) {
              return source == artefact->landing.path ||
                     (copy->recursive && project::below(artefact->landing.path.alternatives()[0],
                                                        source.alternatives()[0]));
            });
        if (covers)
          entry_->items[index].kept_as = copy->off_box ? copy->tool : entry_->items[other].where;
      }
    }
    artefacts_.clear();
  }

  const project::Program& program_;
  const project::Context& context_;
  const catalog::Profile& profile_;
  Entry* entry_ = nullptr;
  std::set<std::tuple<std::string, int, std::string>> by_place_;
  std::vector<std::pair<size_t, const Artefact*>> artefacts_;
  std::map<std::string, std::unique_ptr<output::LineIndex>> lines_;
  std::vector<std::shared_ptr<const File>> kept_;
};

}  // namespace

Sheet sheet_of(const engine::Request& request) {
  const auto program = engine::program_of(request);
  const project::Context context(*program, *request.profile, *request.config);
  return Charter(request, *program, context).sheet();
}

}  // namespace preflint::map
