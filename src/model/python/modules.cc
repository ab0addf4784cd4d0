#include <algorithm>

#include "model/python/machine.h"
#include "syntax/python/parse.h"

namespace preflint::py {
namespace {

std::string slashes(std::string name) {
  for (char& c : name) {
    if (c == '.') c = '/';
  }
  return name;
}

/// The module file below a folder: a package or a plain file.
std::string below(const std::string& folder, const std::string& name, const Host& host) {
  const std::string base = folder + "/" + slashes(name);
  if (host.exists(base + "/__init__.py")) return base + "/__init__.py";
  if (host.exists(base + ".py")) return base + ".py";
  return "";
}

std::string look_up(const std::string& name, uint32_t level, const std::string& importer,
                    const std::vector<std::string>& folders, const Host& host) {
  if (level > 0) {
    std::string folder = paths::dirname(importer);
    for (uint32_t i = 1; i < level; ++i) folder = paths::dirname(folder);
    if (name.empty()) return host.exists(folder + "/__init__.py") ? folder + "/__init__.py" : "";
    return below(folder, name, host);
  }
  if (name.empty()) return "";
  std::vector<std::string> roots = folders;
  for (const std::string& root : host.roots) {
    roots.push_back(root);
    roots.push_back(root + "/src");
  }
  for (const std::string& root : roots) {
    std::string found = below(root, name, host);
    if (!found.empty() && found != importer) return found;
  }
  return "";
}

}  // namespace

std::string resolve_import(const std::string& name, uint32_t level, const std::string& importer,
                           const std::vector<std::string>& folders, const Host& host) {
  if (!host.exists) return "";
  if (!host.resolved) return look_up(name, level, importer, folders, host);
  // Whoever imports matters only where a file would import itself.
  std::string key = std::to_string(level) + name + '\n';
  if (level > 0) key += paths::dirname(importer);
  for (const std::string& folder : folders) key += level == 0 ? folder + ':' : "";
  auto known = host.resolved->find(key);
  if (known == host.resolved->end()) {
    std::string found = look_up(name, level, level == 0 ? "" : importer, folders, host);
    known = host.resolved->emplace(std::move(key), std::move(found)).first;
  }
  if (level == 0 && known->second == importer) return look_up(name, level, importer, folders, host);
  return known->second;
}

/// The folder of the project that a path on the machine means; "" when it is none.
std::string Machine::project_folder(const preflint::Value& path) const {
  if (path.alternatives().size() != 1 || host_.roots.empty()) return "";
  const std::string& root = host_.roots[0];
  const auto written = path.constant();
  const preflint::Value cwd = heap_.get(world_, "cwd")->text();
  Text whole = paths::normalise(path.alternatives()[0]);
  if (written && !written->starts_with('/')) {
    if (cwd.alternatives().size() != 1) return "";
    whole = paths::join(cwd.alternatives()[0], whole);
  }
  const auto& pieces = whole.pieces();
  if (!pieces.empty() && !pieces[0].known && pieces[0].text == kRootHole && pieces.size() < 3)
    return paths::normalise(root + (pieces.size() == 2 ? pieces[1].text : ""));
  // Where a relative path is taken from is not known: most programs are started beside themselves.
  if (written && !written->starts_with('/')) return paths::join(main_folder_, *written);
  if (!whole.known()) return "";
  const std::string folder = *whole.constant();
  if (paths::under(folder, root)) return folder;
  // `os.getcwd()` where the launch came from a folder of the box: the program lies below a folder
  // of that name.
  for (std::string up = main_folder_; paths::under(up, root) && up != root;
       up = paths::dirname(up)) {
    if (paths::basename(up) == paths::basename(folder)) return up;
  }
  return folder;
}

/// `sys.path.append(os.path.join(os.path.dirname(__file__), ".."))`: imports are looked for there.
std::optional<Value> Machine::search_path(std::string_view method, Call& c) {
  const bool first = method == "insert";
  const Value* added = c.positional(first ? 1 : 0);
  if ((!first && method != "append") || !added) return std::nullopt;
  const std::string folder = project_folder(added->text());
  if (!folder.empty() && !host_.roots.empty() && paths::under(folder, host_.roots[0]) &&
      std::find(folders_.begin(), folders_.end(), folder) == folders_.end() && folders_.size() < 10)
    folders_.insert(first ? folders_.begin() : folders_.end(), folder);
  return Value::none();
}

/// `importlib.import_module(f"configs.{name}").USE_WANDB`: which module it is the launch says, but
/// all that it can be may have switched it off.
std::optional<Value> Machine::switch_of_chosen(const Value& module, std::string_view name) const {
  if (!host_.switches || module.call < 0 || static_cast<size_t>(module.call) >= trace_.calls.size())
    return std::nullopt;
  const Argument* asked = trace_.calls[static_cast<size_t>(module.call)].argument(0, {"name"});
  if (!asked) return std::nullopt;
  std::string package;
  const preflint::Value text = asked->value.text();
  for (const Text& one : text.alternatives()) {
    if (const auto whole = one.constant()) {
      // Where there is no such module, the program ends.
      if (!resolve_import(*whole, 0, trace_.main().path, folders_, host_).empty())
        return std::nullopt;
      continue;
    }
    const std::string_view start = one.known_prefix();
    const size_t dot = start.rfind('.');
    if (dot == std::string_view::npos || dot == 0 || start.starts_with('.')) return std::nullopt;
    if (!package.empty() && package != start.substr(0, dot)) return std::nullopt;
    package = start.substr(0, dot);
  }
  if (package.empty()) return std::nullopt;
  std::vector<std::string> places = folders_;
  places.insert(places.end(), host_.roots.begin(), host_.roots.end());
  for (const std::string& place : places) {
    if (const auto found = host_.switches(place + "/" + slashes(package), name))
      return found->is_unknown() ? std::nullopt : found;
  }
  return std::nullopt;
}

Machine::ModuleEntry* Machine::load(const std::string& path, Span span) {
  const auto known = modules_.find(path);
  if (known != modules_.end()) return &known->second;
  if (path == trace_.main().path || modules_.size() >= limits_.modules || import_depth_ > 30 ||
      !host_.open) {
    return nullptr;
  }
  const std::shared_ptr<const File> file = host_.open(path);
  if (!file) return nullptr;
  trace_.kept.push_back(file);
  ProgramFile& made = trace_.files.emplace_back();
  made.path = path;
  made.package = path.ends_with("/__init__.py");
  // The dotted name: as far up as there are packages.
  std::string folder = paths::dirname(path);
  if (!made.package) made.name = paths::basename(path.substr(0, path.size() - 3));
  for (int up = 0; up < 20 && host_.exists(folder + "/__init__.py"); ++up) {
    made.name = paths::basename(folder) + (made.name.empty() ? "" : "." + made.name);
    folder = paths::dirname(folder);
  }
  made.syntax = host_.parse ? host_.parse(file) : parse(Source(*file));
  ModuleEntry& entry = modules_[path];
  entry.file = &made;
  entry.scope = heap_.make(Object::module);
  entry.scope->file = &made;
  entry.value = Value::of(Type::module);
  entry.value.object = entry.scope;
  entry.value.payload = std::make_shared<const Payload>(Payload{{}, {}, made.name, {}});
  entry.scope->fields["__name__"] = Value::string(made.name);
  // Where the project lies on the machine is only known through the entry's own path.
  preflint::Value where = preflint::Value::unknown("__file__");
  if (const auto main = launch_.file.constant();
      main && paths::dirname(path).starts_with(main_folder_)) {
    where = preflint::Value::literal(paths::dirname(*main) + path.substr(main_folder_.size()));
  } else if (launch_.file.alternatives().size() == 1 && path.starts_with(main_folder_ + "/")) {
    Text text = launch_.file.alternatives()[0];
    const std::string tail = "/" + paths::basename(trace_.main().path);
    if (!text.pieces().empty() && text.known_suffix().ends_with(tail)) {
      Text moved;
      for (size_t i = 0; i < text.pieces().size(); ++i) {
        Piece piece = text.pieces()[i];
        if (i + 1 == text.pieces().size()) piece.text.resize(piece.text.size() - tail.size());
        if (piece.known)
          moved.append(piece.text);
        else
          moved.append(Text::hole(piece.text, piece.empty));
      }
      moved.append(path.substr(main_folder_.size()));
      where = moved;
    }
  }
  entry.scope->fields["__file__"] = Value::string(where);
  execute_module(entry, span);
  return &entry;
}

/// Runs a module's body once; what it writes stays even when the branch that imports it is undone.
void Machine::execute_module(ModuleEntry& entry, Span span) {
  ++executed_modules_;
  FrameScope restore(*this);
  push(FrameKind::import, span).name = entry.file->name;
  Activation activation;
  activation.scope = entry.scope;
  activation.file = entry.file;
  activation.caller = activation_;
  Activation* saved = activation_;
  Loop* saved_loop = loop_;
  const int saved_muted = muted_;
  activation_ = &activation;
  loop_ = nullptr;
  muted_ = 0;
  ++import_depth_;
  depth_ += 20;
  const size_t mark = heap_.mark();
  exec(entry.file->syntax.body);
  const Delta done = heap_.changes(mark);
  heap_.undo(mark);
  heap_.pause();
  heap_.join({done});
  heap_.resume();
  depth_ -= 20;
  --import_depth_;
  muted_ = saved_muted;
  loop_ = saved_loop;
  activation_ = saved;
}

std::string Machine::absolute_name(const Stmt& s) const {
  if (s.level == 0) return std::string(s.text);
  std::string base = activation_->file->name == "__main__" ? "" : activation_->file->name;
  uint32_t up = s.level - (activation_->file->package ? 1 : 0);
  for (; up > 0; --up) {
    const size_t dot = base.rfind('.');
    base = dot == base.npos ? "" : base.substr(0, dot);
  }
  if (s.text.empty()) return base;
  return base.empty() ? std::string(s.text) : base + "." + std::string(s.text);
}

/// Told before the module runs; `import_done` adds what it turned out to be.
size_t Machine::import_event(const Stmt& s, const std::string& module,
                             std::vector<std::string> names, Span span) {
  if (quiet()) return SIZE_MAX;
  ImportEvent event;
  event.order = next_order();
  event.file = activation_->file;
  event.span = span.empty() ? s.span : span;
  event.frame = frame_;
  event.module = module;
  event.names = std::move(names);
  trace_.imports.push_back(std::move(event));
  return trace_.imports.size() - 1;
}

void Machine::import_done(size_t event, const ModuleEntry* entry) {
  if (entry && event < trace_.imports.size()) trace_.imports[event].project = entry->file;
}

/// In a `try`: has the program surely imported a module of others, and these names of it, before?
/// Then it cannot fail here.
bool Machine::imported_before(size_t event, std::string_view module,
                              const std::vector<std::string>& names) const {
  if (!enclosing(frame_, FrameKind::try_body) || event >= trace_.imports.size()) return false;
  for (size_t i = event; i-- > 0;) {
    const ImportEvent& before = trace_.imports[i];
    const bool same = before.module == module ||
                      (names.empty() && before.module.size() > module.size() &&
                       before.module.starts_with(module) && before.module[module.size()] == '.');
    const bool all = std::all_of(names.begin(), names.end(), [&](const std::string& name) {
      return std::find(before.names.begin(), before.names.end(), name) != before.names.end();
    });
    if (!same || !all) continue;
    bool sure = true;
    for (const Frame* at = before.frame; at && sure; at = at->parent) {
      const bool whole = at->kind == FrameKind::function || at->kind == FrameKind::import ||
                         at->kind == FrameKind::class_body;
      sure = whole || within(frame_, at);
    }
    if (sure) return true;
  }
  return false;
}

void Machine::import_statement(const Stmt& s) {
  for (const Alias& alias : s.names) {
    const std::string name(alias.name);
    const std::string root = name.substr(0, name.find('.'));
    const size_t event = import_event(s, name, {}, alias.span);
    // Every package on the way is imported too.
    ModuleEntry* first = nullptr;
    ModuleEntry* last = nullptr;
    bool unseen = false;  // a file of the project that is not looked at
    for (size_t end = name.find('.');; end = name.find('.', end + 1)) {
      const std::string part = name.substr(0, end);
      const std::string path = resolve_import(part, 0, activation_->file->path, folders_, host_);
      ModuleEntry* entry = path.empty() ? nullptr : load(path, s.span);
      if (entry && last) {
        heap_.set(last->scope, part.substr(part.rfind('.') + 1), entry->value);
      }
      if (!first && part == root) first = entry;
      unseen = !entry && !path.empty();
      last = entry;
      if (end == name.npos) break;
    }
    import_done(event, last);
    if (!last && !imported_before(event, name, {})) ++risks_;
    if (unseen && !first) {
      bind(alias.alias.empty() ? root : alias.alias, Value::unknown(root));
      continue;
    }
    if (!alias.alias.empty())
      bind(alias.alias, last ? last->value : Value::reference(name));
    else if (first)
      bind(root, first->value);
    else if (last)
      bind(root, Value::unknown(root));  // a folder without __init__.py
    else
      bind(root, Value::reference(root));
    // `import a.b` of a namespace package: a is not a file, but a.b is.
    if (!first && last && alias.alias.empty()) {
      Value made = Value::of(Type::module);
      made.object = heap_.make(Object::module);
      made.object->file = last->file;
      made.payload = std::make_shared<const Payload>(Payload{{}, {}, root, {}});
      Object* at = made.object;
      std::string rest = name.substr(root.size() + 1);
      for (size_t dot = rest.find('.'); dot != rest.npos; dot = rest.find('.')) {
        Value inner = Value::of(Type::module);
        inner.object = heap_.make(Object::module);
        inner.object->file = last->file;
        at->fields[rest.substr(0, dot)] = inner;
        at = inner.object;
        rest = rest.substr(dot + 1);
      }
      at->fields[rest] = last->value;
      bind(root, made);
    }
  }
}

void Machine::import_from(const Stmt& s) {
  const std::string name = absolute_name(s);
  const std::string path =
      resolve_import(std::string(s.text), s.level, activation_->file->path, folders_, host_);
  std::vector<std::string> names;
  for (const Alias& alias : s.names) names.emplace_back(alias.name);
  const size_t event = s.text == "__future__" ? SIZE_MAX : import_event(s, name, names, {});
  // Packages around it run first.
  if (!path.empty() && s.level == 0) {
    const std::string whole(s.text);
    for (size_t dot = whole.find('.'); dot != whole.npos; dot = whole.find('.', dot + 1)) {
      const std::string outer =
          resolve_import(whole.substr(0, dot), 0, activation_->file->path, folders_, host_);
      if (!outer.empty()) load(outer, s.span);
    }
  }
  ModuleEntry* entry = path.empty() ? nullptr : load(path, s.span);
  import_done(event, entry);
  if (!entry && !imported_before(event, name, names)) ++risks_;
  for (const Alias& alias : s.names) {
    if (alias.name == "*") {
      if (!entry) continue;
      const Value* all = heap_.get(entry->scope, "__all__");
      const auto fields = entry->scope->fields;
      for (const auto& [field, value] : fields) {
        if (field.starts_with('_')) continue;
        bool exported = !all;
        if (all) {
          for (const Value& item : live_items(*all)) exported |= item.is(field);
        }
        if (exported) bind(field, value);
      }
      continue;
    }
    const std::string_view target = alias.alias.empty() ? alias.name : alias.alias;
    if (entry) {
      if (const Value* found = heap_.get(entry->scope, alias.name)) {
        bind(target, *found);
        continue;
      }
    }
    // A submodule of a package, or of a folder without __init__.py.
    const std::string inner = s.text.empty() ? std::string(alias.name)
                                             : std::string(s.text) + "." + std::string(alias.name);
    const std::string sub =
        resolve_import(inner, s.level, activation_->file->path, folders_, host_);
    ModuleEntry* module = sub.empty() ? nullptr : load(sub, s.span);
    if (module) {
      if (entry)
        heap_.set(entry->scope, alias.name, module->value);
      else
        import_done(import_event(s, inner, {}, alias.span), module);
      bind(target, module->value);
    } else if (entry || !path.empty() || !sub.empty()) {
      ++risks_;
      bind(target, Value::unknown(alias.name));
    } else {
      bind(target, plain_attribute(Value::reference(name), alias.name));
    }
  }
}

}  // namespace preflint::py
