#include "model/python/machine.h"
#include "model/python/texts.h"

namespace preflint::py {
namespace {

/// os.path.join of two texts. A hole is taken for a relative name.
Text join_two(const Text& a, const Text& b) {
  if (b.known_prefix().starts_with('/') || a.empty() == Tri::yes) return b;
  Text out = a;
  if (!a.known_suffix().ends_with('/')) out.append("/");
  out.append(b);
  return out;
}

/// The text before and after the last slash; nothing when no slash is known.
std::optional<std::pair<Text, Text>> cut(const Text& text) {
  const auto& pieces = text.pieces();
  for (size_t i = pieces.size(); i-- > 0;) {
    if (!pieces[i].known) continue;
    const size_t slash = pieces[i].text.rfind('/');
    if (slash == std::string::npos) continue;
    Text head, tail;
    const auto add = [](Text& to, const Piece& piece) {
      if (piece.known)
        to.append(piece.text);
      else
        to.append(Text::hole(piece.text, piece.empty));
    };
    for (size_t k = 0; k < i; ++k) add(head, pieces[k]);
    head.append(std::string_view(pieces[i].text).substr(0, slash + 1));
    tail.append(std::string_view(pieces[i].text).substr(slash + 1));
    for (size_t k = i + 1; k < pieces.size(); ++k) add(tail, pieces[k]);
    return std::pair(head, tail);
  }
  return std::nullopt;
}

/// os.path.dirname
Text dirname(const Text& text) {
  const auto parts = cut(text);
  if (!parts) return text.known() ? Text() : Text::hole(kAboveHole, Tri::maybe);
  const Text& head = parts->first;
  if (const auto constant = head.constant()) {
    std::string out = *constant;
    if (out.find_first_not_of('/') != out.npos) {
      while (out.ends_with('/')) out.pop_back();
    }
    return Text::literal(out);
  }
  Text out;
  for (size_t i = 0; i < head.pieces().size(); ++i) {
    const Piece& piece = head.pieces()[i];
    if (!piece.known) {
      out.append(Text::hole(piece.text, piece.empty));
      continue;
    }
    std::string known = piece.text;
    if (i + 1 == head.pieces().size()) {
      while (known.ends_with('/')) known.pop_back();
    }
    out.append(known);
  }
  return out;
}

Text basename(const Text& text) {
  const auto parts = cut(text);
  if (parts) return parts->second;
  return text.known() ? text : Text::hole("name");
}

/// str(Path(text))
Text pathlib_text(const Text& text) {
  Text out;
  const auto& pieces = text.pieces();
  for (size_t i = 0; i < pieces.size(); ++i) {
    if (!pieces[i].known) {
      out.append(Text::hole(pieces[i].text, pieces[i].empty));
      continue;
    }
    // Collapse // and /./ inside what is known.
    std::string made;
    const std::string& from = pieces[i].text;
    const bool first = i == 0, last = i + 1 == pieces.size();
    for (size_t k = 0; k < from.size();) {
      const bool start = (k == 0 && first) || (!made.empty() && made.back() == '/') ||
                         (k > 0 && from[k - 1] == '/');
      const bool doubled = from[k] == '/' && !made.empty() && made.back() == '/';
      const bool dot = start && from[k] == '.';
      if (doubled || (dot && last && k + 1 == from.size()))
        ++k;
      else if (dot && k + 1 < from.size() && from[k + 1] == '/')
        k += 2;
      else
        made += from[k++];
    }
    if (last) {
      while (made.size() > (first ? 1u : 0u) && made.ends_with('/')) made.pop_back();
    }
    out.append(made);
  }
  if (out.empty() == Tri::yes) return Text::literal(".");
  return out;
}

std::pair<std::string, std::string> splitext(const std::string& path) {
  const size_t slash = path.rfind('/');
  const size_t begin = slash == path.npos ? 0 : slash + 1;
  const size_t dot = path.rfind('.');
  if (dot == path.npos || dot < begin) return {path, ""};
  const size_t lead = path.find_first_not_of('.', begin);
  if (lead == path.npos || lead > dot) return {path, ""};
  return {path.substr(0, dot), path.substr(dot)};
}

/// Applies splitext to the last component of a text whose end is known.
Text root_or_extension(const Text& text, bool root) {
  if (text.pieces().empty() || !text.pieces().back().known) {
    return text.known() ? Text() : Text::hole("?");
  }
  const std::string& tail = text.pieces().back().text;
  const auto [stem, extension] = splitext(tail);
  if (extension.empty() && !text.known() && tail.find('/') == tail.npos)
    return root ? text : Text::hole("?");
  if (!root) return Text::literal(extension);
  Text out;
  for (size_t i = 0; i + 1 < text.pieces().size(); ++i) {
    const Piece& piece = text.pieces()[i];
    if (piece.known)
      out.append(piece.text);
    else
      out.append(Text::hole(piece.text, piece.empty));
  }
  // ".bashrc" after a hole: what stands before the dot is in the hole.
  if (stem == tail && tail.starts_with('.') && text.pieces().size() > 1) return out;
  out.append(stem);
  return out;
}

Text expand_home(const Text& text, const std::string& home) {
  const std::string_view head = text.known_prefix();
  if (head != "~" && !head.starts_with("~/")) return text;
  Text out = Text::literal(home);
  bool first = true;
  for (const Piece& piece : text.pieces()) {
    if (!piece.known)
      out.append(Text::hole(piece.text, piece.empty));
    else
      out.append(first ? std::string_view(piece.text).substr(1) : std::string_view(piece.text));
    first = false;
  }
  return out;
}

/// os.path.normpath. A way out of a folder that is not known leads to one above it.
Text normalised(const Text& path) {
  const auto inside =
      path.pieces().empty() || path.pieces().front().known ? std::nullopt : climbed(path);
  return inside ? join_two(Text::hole(kAboveHole, Tri::no), *inside) : paths::normalise(path);
}

Text absolute(const Text& path, const preflint::Value& cwd) {
  if (paths::absolute(path)) return paths::normalise(path);
  if (cwd.alternatives().size() != 1) return Text::hole("?");
  // A text that begins with a hole is as good as absolute: what it hangs on is unknown either way.
  if (!path.pieces().empty() && !path.pieces().front().known) return normalised(path);
  return normalised(join_two(cwd.alternatives()[0], path));
}

}  // namespace

Value Machine::join_paths(const std::vector<const Value*>& parts, bool path) {
  std::optional<preflint::Value> out;
  bool assumed = false;
  for (const Value* part : parts) {
    assumed |= part->assumed;
    preflint::Value text = part->text();
    if (part->type == Type::either) {
      // None cannot be joined: only the strings count.
      std::optional<preflint::Value> strings;
      for (const Value& one : part->items()) {
        if (!one.is_none()) strings = strings ? strings->joined(one.text()) : one.text();
      }
      text = strings.value_or(preflint::Value::unknown());
    }
    out = out ? map_pairs(*out, text, join_two) : text;
  }
  if (!out) return {};
  if (path) out = map_partial(*out, pathlib_text);
  Value made = path ? Value::path(*out) : Value::string(*out);
  made.assumed = assumed;
  return made;
}

std::optional<Value> Machine::os_path(std::string_view name, Call& c) {
  const Value* first = c.positional(0);
  if (!first) return std::nullopt;
  const auto made = [&](preflint::Value text) {
    Value out = Value::string(std::move(text));
    out.assumed = first->assumed;
    return out;
  };
  const preflint::Value text = first->text();
  if (name == "join") {
    std::vector<const Value*> parts;
    for (const Argument& argument : c.arguments) parts.push_back(&argument.value);
    if (c.more_positional) return made(preflint::Value::unknown());
    return join_paths(parts, false);
  }
  if (name == "dirname") return made(map_partial(text, dirname));
  if (name == "basename") return made(map_partial(text, basename));
  if (name == "split") {
    return Value::collection(Type::tuple,
                             {made(map_partial(text, dirname)), made(map_partial(text, basename))});
  }
  if (name == "splitext") {
    return Value::collection(
        Type::tuple,
        {made(map_partial(text, [](const Text& t) { return root_or_extension(t, true); })),
         made(map_partial(text, [](const Text& t) { return root_or_extension(t, false); }))});
  }
  if (name == "abspath" || name == "realpath") {
    const preflint::Value cwd = heap_.get(world_, "cwd")->text();
    return made(map_partial(text, [&](const Text& t) { return absolute(t, cwd); }));
  }
  if (name == "normpath") return made(map_partial(text, normalised));
  if (name == "expanduser") {
    return made(map_partial(text, [&](const Text& t) { return expand_home(t, launch_.home); }));
  }
  if (name == "expandvars") {
    const auto constant = text.constant();
    if (!constant) return made(preflint::Value::unknown());
    preflint::Value out;
    size_t at = 0;
    while (at < constant->size()) {
      const size_t dollar = std::min(constant->find('$', at), constant->size());
      out = out.concatenated(preflint::Value::literal(constant->substr(at, dollar - at)));
      if (dollar == constant->size()) break;
      const bool braced = dollar + 1 < constant->size() && (*constant)[dollar + 1] == '{';
      size_t end = dollar + (braced ? 2 : 1);
      const size_t begin = end;
      while (
          end < constant->size() &&
          (std::isalnum(static_cast<unsigned char>((*constant)[end])) || (*constant)[end] == '_'))
        ++end;
      if (end == begin) return made(preflint::Value::unknown());
      const std::string variable = constant->substr(begin, end - begin);
      out = out.concatenated(
          read_environment(preflint::Value::literal(variable), nullptr, true).text());
      at = end + (braced ? 1 : 0);
    }
    return made(out);
  }
  if (name == "isabs") {
    const auto constant = text.constant();
    return constant ? Value::boolean(constant->starts_with('/')) : Value();
  }
  return std::nullopt;
}

std::optional<Value> Machine::pathlib(std::string_view name, Call& c) {
  if (name == "Path" || name == "PurePath" || name == "PosixPath" || name == "PurePosixPath") {
    if (c.arguments.empty() && !c.more_positional)
      return Value::path(preflint::Value::literal("."));
    std::vector<const Value*> parts;
    for (const Argument& argument : c.arguments) parts.push_back(&argument.value);
    if (c.more_positional) return Value::path(preflint::Value::unknown());
    return join_paths(parts, true);
  }
  if (name == "Path.cwd") return Value::path(heap_.get(world_, "cwd")->text());
  if (name == "Path.home") return Value::path(preflint::Value::literal(launch_.home));
  return std::nullopt;
}

std::optional<Value> Machine::path_attribute(const Value& base, std::string_view name) {
  const auto made = [&](preflint::Value text, bool path) {
    // cppcheck-suppress accessMoved  # only one of the two is evaluated
    Value out = path ? Value::path(std::move(text)) : Value::string(std::move(text));
    out.assumed = base.assumed;
    return out;
  };
  const preflint::Value text = base.text();
  if (name == "parent") {
    return made(map_partial(text,
                            [](const Text& t) {
                              const Text up = dirname(t);
                              return t.constant() == "." || up.empty() == Tri::yes
                                         ? Text::literal(".")
                                         : up;
                            }),
                true);
  }
  if (name == "parents") {
    std::vector<Value> out;
    Value at = base;
    for (int i = 0; i < 20; ++i) {
      const Value up = *path_attribute(at, "parent");
      if (up == at) break;
      out.push_back(up);
      at = up;
    }
    return Value::collection(Type::tuple, std::move(out));
  }
  const preflint::Value last =
      text.constant() == "." ? preflint::Value() : map_partial(text, basename);
  if (name == "name") return made(last, false);
  if (name == "stem")
    return made(map_partial(last, [](const Text& t) { return root_or_extension(t, true); }), false);
  if (name == "suffix")
    return made(map_partial(last, [](const Text& t) { return root_or_extension(t, false); }),
                false);
  return std::nullopt;
}

std::optional<Value> Machine::path_method(const Value& base, std::string_view name, Call& c) {
  const auto made = [&](preflint::Value text, bool path = true) {
    // cppcheck-suppress accessMoved  # only one of the two is evaluated
    Value out = path ? Value::path(std::move(text)) : Value::string(std::move(text));
    out.assumed = base.assumed;
    for (const Argument& argument : c.arguments) out.assumed |= argument.value.assumed;
    return out;
  };
  const Value* first = c.positional(0);
  const preflint::Value text = base.text();
  if (name == "joinpath") {
    std::vector<const Value*> parts{&base};
    for (const Argument& argument : c.arguments) parts.push_back(&argument.value);
    return join_paths(parts, true);
  }
  if (name == "with_suffix" && first && first->constant()) {
    const std::string suffix = *first->constant();
    return made(map_partial(text, [&](const Text& t) {
      Text out = root_or_extension(t, true);
      if (out.empty() == Tri::yes) return Text::hole("?");
      out.append(suffix);
      return out;
    }));
  }
  if ((name == "with_name" || name == "with_stem") && first) {
    const bool stem = name == "with_stem";
    const preflint::Value replacement = first->text();
    return made(map_pairs(text, replacement, [&](const Text& t, const Text& r) {
      const auto parts = cut(t);
      if (!parts && !t.known()) return Text::hole("?");
      Text out = parts ? parts->first : Text();
      out.append(r);
      if (stem) out.append(root_or_extension(parts ? parts->second : t, false));
      return out;
    }));
  }
  if (name == "expanduser") {
    return made(map_partial(text, [&](const Text& t) { return expand_home(t, launch_.home); }));
  }
  if (name == "resolve" || name == "absolute") {
    const preflint::Value cwd = heap_.get(world_, "cwd")->text();
    const bool resolve = name == "resolve";
    return made(map_partial(text, [&](const Text& t) {
      if (!resolve && paths::absolute(t)) return t;
      return absolute(t, cwd);
    }));
  }
  if (name == "as_posix" || name == "__str__") return made(text, false);
  if (name == "relative_to" && first && first->constant() && text.constant()) {
    std::string from = *first->constant();
    while (from.size() > 1 && from.ends_with('/')) from.pop_back();
    const std::string self = *text.constant();
    if (self == from) return made(preflint::Value::literal("."));
    if (from == ".") return made(text);
    if (self.starts_with(from + "/"))
      return made(preflint::Value::literal(self.substr(from.size() + 1)));
    ++risks_;
    return made(preflint::Value::unknown());
  }
  if (name == "is_absolute") {
    const auto constant = text.constant();
    return constant ? Value::boolean(constant->starts_with('/')) : Value();
  }
  return std::nullopt;
}

}  // namespace preflint::py
