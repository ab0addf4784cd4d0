#pragma GCC diagnostic ignored "-Wmisleading-indentation"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wconversion"
#include <cstring>
#include "syntax/shell/ast.h"
#include "syntax/shell/shebang.h"
#include "syntax/shell/words.h"
namespace preflint::shell {
namespace {
struct P {
  std::string_view t; uint32_t base; uint32_t p = 0; Program& prog; bool bad = false;
  struct Pend { Command* c; size_t i; std::string d; };
  std::vector<Pend> pend;
  P(std::string_view text, uint32_t b, Program& pr) : t(text), base(b), prog(pr) {}
  char c(uint32_t o = 0) const { return p + o < t.size() ? t[p + o] : 0; }
  bool eof() const { return p >= t.size(); }
  Span sp(uint32_t a, uint32_t b) const { return {a + base, b + base}; }
  void blank() {
    for (;;) {
      if (c() == ' ' || c() == '\t' || c() == '\r') ++p;
      else if (c() == '\\' && c(1) == '\n') p += 2;
      else if (c() == '#' && (p == 0 || std::strchr(" \t\n;&|()", t[p - 1]))) { uint32_t b = p; while (!eof() && c() != '\n') ++p; prog.comments.push_back({sp(b, p)}); }
      else return;
    }
  }
  void heredocs() {
    for (auto& h : pend) {
      Redirect& r = h.c->redirects[h.i]; uint32_t b = p; 
      while (!eof()) {
        uint32_t e = p; while (e < t.size() && t[e] != '\n') ++e;
        std::string_view line = t.substr(p, e - p); std::string_view l = line; if (r.strip_tabs) while (!l.empty() && l[0] == '\t') l.remove_prefix(1);
        if (l.ends_with('\r')) l.remove_suffix(1);
        if (l == h.d) { r.body = sp(b, p); p = e < t.size() ? e + 1 : e; goto next; }
        uint32_t ls = p + (r.strip_tabs ? static_cast<uint32_t>(line.size() - l.size()) : 0);
        if (r.quoted) lit(r.content, ls, e + (e < t.size()));
        else { uint32_t save = p; p = ls; dq(r.content, e + (e < t.size()), true); p = save; }
        p = e < t.size() ? e + 1 : e;
      }
      r.body = sp(b, p);
      next:;
    }
    pend.clear();
  }
  void lit(std::vector<Part>& out, uint32_t a, uint32_t b) { if (a >= b) return; Part x; x.kind = PartKind::literal; x.span = sp(a, b); x.text = std::string(t.substr(a, b - a)); out.push_back(std::move(x)); }
  void newlines() { for (;;) { blank(); if (c() == '\n') { ++p; if (!pend.empty()) heredocs(); } else return; } }
  static bool nm(char x) { return std::isalnum(static_cast<unsigned char>(x)) || x == '_'; }
  // reads dq content up to `end` or closing quote when end==0
  void dq(std::vector<Part>& out, uint32_t end, bool heredoc) {
    std::string buf; uint32_t b = p; auto flush = [&] { if (p > b) { Part x; x.kind = PartKind::literal; x.span = sp(b, p); x.text = buf; out.push_back(std::move(x)); } buf.clear(); };
    uint32_t lim = end ? end : static_cast<uint32_t>(t.size());
    while (p < lim && (heredoc || c() != '"')) {
      if (c() == '\\' && (std::strchr("$`\\\n", c(1)) || (!heredoc && c(1) == '"'))) { flush(); b = p; if (c(1) != '\n') buf += c(1); p += 2; flush(); b = p; continue; }
      if (c() == '$' || c() == '`') { uint32_t q = p; std::vector<Part> tmp; uint32_t sb = b; std::string sbuf = buf; if (dollar(tmp, true)) { uint32_t e = p; p = q; b = sb; buf = sbuf; flush(); for (auto& x : tmp) out.push_back(std::move(x)); p = e; b = p; buf.clear(); continue; } p = q; }
      buf += c(); ++p;
    }
    flush();
  }
  bool dollar(std::vector<Part>& out, bool quoted) {
    uint32_t b = p;
    Part x;
    if (c() == '`') {
      ++p; uint32_t s = p; while (!eof() && c() != '`') p += c() == '\\' ? 2 : 1;
      auto l = std::make_shared<List>(); { P in(t.substr(s, p - s), base + s, prog); in.list(*l, ""); } ++p;
      x.kind = PartKind::command; x.backquoted = true; x.list = l; x.span = sp(b, p); out.push_back(std::move(x)); return true;
    }
    if (c(1) == '(' && c(2) == '(') {
      p += 3; int d = 2; uint32_t s = p; while (!eof() && d) { if (c() == '(') ++d; if (c() == ')') --d; ++p; }
      x.kind = PartKind::arithmetic; x.text = std::string(t.substr(s, p - s - 2)); x.span = sp(b, p); out.push_back(std::move(x)); return true;
    }
    if (c(1) == '(') {
      p += 2; auto l = std::make_shared<List>(); list(*l, ")"); if (c() == ')') ++p;
      x.kind = PartKind::command; x.list = l; x.span = sp(b, p); out.push_back(std::move(x)); return true;
    }
    if (c(1) == '{') {
      p += 2; x.kind = PartKind::parameter;
      if (c() == '#' && nm(c(1))) { x.op = "length"; ++p; } else if (c() == '!' && nm(c(1))) { x.op = "indirect"; ++p; }
      uint32_t s = p; if (nm(c())) while (nm(c())) ++p; else ++p;
      x.name = std::string(t.substr(s, p - s));
      if (c() == '[') { uint32_t q = ++p; while (!eof() && c() != ']') ++p; x.index = std::string(t.substr(q, p - q)); ++p; }
      for (const char* op : {":-", ":=", ":?", ":+", "##", "%%", "//", "/#", "/%", "^^", ",,", "-", "=", "?", "+", "#", "%", "/", ":", "^", ",", "@"}) {
        if (x.op.empty() && t.substr(p).starts_with(op)) { x.op = op; p += static_cast<uint32_t>(std::strlen(op)); break; }
      }
      if (!x.op.empty() && c() != '}') {
        bool sub = x.op[0] == '/';
        for (;;) { Word w; uint32_t wb = p; operand(w, quoted, sub); w.span = sp(wb, p); x.words.push_back(std::move(w)); if (sub && c() == '/') { ++p; sub = false; continue; } break; }
      }
      if (c() == '}') ++p;
      x.span = sp(b, p); out.push_back(std::move(x)); return true;
    }
    if (c(1) == '\'' && !quoted) {
      p += 2; std::string s; while (!eof() && c() != '\'') { if (c() == '\\') { ++p; char e = c(); s += e == 'n' ? '\n' : e == 't' ? '\t' : e; ++p; } else s += c(), ++p; } ++p;
      x.kind = PartKind::ansi_quoted; x.text = s; x.span = sp(b, p); out.push_back(std::move(x)); return true;
    }
    if (c(1) == '"' && !quoted) { ++p; return false; }
    if (nm(c(1)) || std::strchr("@*#?$!-", c(1))) {
      if (!c(1)) return false;
      ++p; uint32_t s = p; if (std::isalpha(static_cast<unsigned char>(c())) || c() == '_') while (nm(c())) ++p; else ++p;
      x.kind = PartKind::parameter; x.name = std::string(t.substr(s, p - s)); x.span = sp(b, p); out.push_back(std::move(x)); return true;
    }
    return false;
  }
  void operand(Word& w, bool quoted, bool slash) {
    while (!eof() && c() != '}' && !(slash && c() == '/')) piece(w.parts, quoted ? 2 : 1, slash);
  }
  // one piece of a word; mode 0 normal, 1 operand
  void piece(std::vector<Part>& out, int mode, bool slash = false) {
    uint32_t b = p; Part x;
    if (c() == '\'' && mode != 2) { ++p; uint32_t s = p; while (!eof() && c() != '\'') ++p; if (eof()) err(b, "unterminated-quote", "'"); x.kind = PartKind::single_quoted; x.text = std::string(t.substr(s, p - s)); ++p; if (p > t.size()) p = static_cast<uint32_t>(t.size()); x.span = sp(b, p); out.push_back(std::move(x)); return; }
    if (c() == '"') { ++p; x.kind = PartKind::double_quoted; dq(x.parts, 0, false); if (eof()) err(b, "unterminated-quote", "\""); else ++p; x.span = sp(b, p); out.push_back(std::move(x)); return; }
    if (c() == '$' || c() == '`') { if (dollar(out, mode == 2)) return; if (c() == '"') return piece(out, mode, slash); }
    if ((c() == '<' || c() == '>') && c(1) == '(') { x.text = std::string(1, c()); p += 2; auto l = std::make_shared<List>(); list(*l, ")"); if (c() == ')') ++p; x.kind = PartKind::process; x.list = l; x.span = sp(b, p); out.push_back(std::move(x)); return; }
    if (c() == '*' || c() == '?') { x.kind = PartKind::glob; x.text = std::string(1, c()); ++p; x.span = sp(b, p); out.push_back(std::move(x)); return; }
    if (c() == '~' && mode == 0 && out.empty()) { ++p; uint32_t s = p; while (nm(c())) ++p; x.kind = PartKind::tilde; x.text = std::string(t.substr(s, p - s)); x.span = sp(b, p); out.push_back(std::move(x)); return; }
    std::string s;
    for (;;) {
      char k = c(); if (eof()) break;
      if (k == '\\') { if (c(1) == '\n') { p += 2; continue; } s += c(1); p += 2; if (p > t.size()) p = static_cast<uint32_t>(t.size()); continue; }
      if (mode == 0 && std::strchr(" \t\n\r;&|()<>", k)) break;
      if (mode != 0 && (k == '}' || (slash && k == '/'))) break;
      if (std::strchr("\"$`*?", k) || (k == '\'' && mode != 2)) { if (p > b) break; if (k == '$') { s += k; ++p; continue; } break; }
      s += k; ++p;
    }
    if (p == b) { ++p; s += t[b]; }
    x.kind = PartKind::literal; x.text = s; x.span = sp(b, p); out.push_back(std::move(x));
  }
  bool word(Word& w) {
    blank(); uint32_t b = p;
    while (!eof() && (!std::strchr(" \t\n\r;&|()<>", c()) || ((c() == '<' || c() == '>') && c(1) == '('))) piece(w.parts, 0);
    w.span = sp(b, p); return p > b;
  }
  void err(uint32_t at, const char* key, std::string a) { if (prog.errors.empty()) prog.errors.push_back({sp(at, std::min<uint32_t>(at + 1, static_cast<uint32_t>(t.size()))), key, key, a}); bad = true; }
  std::string peek() { blank(); uint32_t q = p; while (q < t.size() && !std::strchr(" \t\n\r;&|()<>", t[q])) ++q; return std::string(t.substr(p, q - p)); }
  bool closes(const std::string& stop) {
    newlines(); if (eof()) return true; if (c() == ')' ) return true; if (c() == ';' && c(1) == ';') return true;
    std::string w = peek(); for (const char* k : {"then", "elif", "else", "fi", "do", "done", "esac", "}"}) if (w == k) return true; (void)stop; return false;
  }
  void list(List& out, const char* stop) {
    const uint32_t first = p;
    while (!closes(stop) && !bad) {
      AndOr a; uint32_t b = p;
      for (;;) { Pipeline pl; pipeline(pl); a.pipelines.push_back(std::move(pl)); blank(); if (c() == '&' && c(1) == '&') { p += 2; a.operators.push_back(AndOr::and_if); newlines(); } else if (c() == '|' && c(1) == '|') { p += 2; a.operators.push_back(AndOr::or_if); newlines(); } else break; if (bad) break; }
      a.span = sp(b, p); blank();
      if (c() == '&') { a.background = true; ++p; } else if (c() == ';' && c(1) != ';') ++p;
      out.items.push_back(std::move(a));
      if (p == b) { err(p, "unexpected-token", std::string(1, c())); }
    }
    out.span = sp(first, p);
  }
  void pipeline(Pipeline& pl) {
    blank(); uint32_t b = p;
    while (peek() == "!" || peek() == "time") { if (peek() == "!") pl.negated = true, p += 1; else pl.timed = true, p += 4; }
    for (;;) { auto cmd = std::make_shared<Command>(); command(*cmd); keep.push_back(cmd); pl.commands.push_back(cmd); blank(); if (c() == '|' && c(1) != '|') { ++p; pl.merges_stderr.push_back(c() == '&'); if (c() == '&') ++p; newlines(); } else break; if (bad) break; }
    pl.span = sp(b, p);
  }
  std::vector<std::shared_ptr<Command>> keep;
  bool redirect(Command& cmd) {
    blank(); uint32_t b = p, q = p; while (q < t.size() && std::isdigit(static_cast<unsigned char>(t[q]))) ++q;
    bool num = q > p && q < t.size() && (t[q] == '<' || t[q] == '>'); if (num) { }
    uint32_t o = num ? q : p; auto at = [&](uint32_t k) { return o + k < t.size() ? t[o + k] : 0; };
    if (at(0) == '&' && at(1) == '>') { Redirect r; r.kind = RedirectKind::both; p = o + 2; if (c() == '>') ++p, r.kind = RedirectKind::both_append; word(r.target); r.span = sp(b, p); cmd.redirects.push_back(std::move(r)); return true; }
    if ((at(0) != '<' && at(0) != '>') || at(1) == '(') return false;
    Redirect r; if (num) r.fd = std::stoi(std::string(t.substr(p, q - p)));
    if (at(0) == '<' && at(1) == '<' && at(2) == '<') { p = o + 3; r.kind = RedirectKind::here_string; word(r.target); }
    else if (at(0) == '<' && at(1) == '<') { p = o + 2; if (c() == '-') ++p, r.strip_tabs = true; r.kind = RedirectKind::heredoc; word(r.target); r.quoted = r.target.quoted(); std::string d; for (auto& x : r.target.parts) { if (x.kind == PartKind::double_quoted) for (auto& y : x.parts) d += y.text; else d += x.text; if (t.substr(x.span.begin - base, x.span.size()).find('\\') != std::string::npos) r.quoted = true; } r.span = sp(b, p); cmd.redirects.push_back(std::move(r)); pend.push_back({&cmd, cmd.redirects.size() - 1, d}); return true; }
    else if (at(1) == '&') { p = o + 2; r.kind = RedirectKind::duplicate; word(r.target); if (r.fd < 0) r.fd = at(0) == '<' ? 0 : 1; auto l = r.target.literal(); if (l && !l->empty() && !std::isdigit(static_cast<unsigned char>((*l)[0])) && *l != "-") r.kind = RedirectKind::both; }
    else if (at(0) == '<') { p = o + 1; r.kind = RedirectKind::input; word(r.target); }
    else { p = o + 1; r.kind = RedirectKind::output; if (c() == '>') ++p, r.kind = RedirectKind::append; else if (c() == '|') ++p; word(r.target); }
    r.span = sp(b, p); cmd.redirects.push_back(std::move(r)); return true;
  }
  void need(const char* k, const char* key) { newlines(); if (peek() == k) p += static_cast<uint32_t>(std::strlen(k)); else err(p, key, k); }
  void command(Command& cmd) {
    blank(); uint32_t b = p; std::string k = peek();
    auto fin = [&] { while (redirect(cmd)) {} cmd.span = sp(b, p); };
    if (c() == '(' && c(1) == '(') { p += 2; int d = 2; uint32_t s = p; while (!eof() && d) { if (c() == '(') ++d; if (c() == ')') --d; ++p; } cmd.kind = CommandKind::arithmetic; cmd.text = std::string(t.substr(s, p - s - 2)); return fin(); }
    if (c() == '(') { ++p; cmd.kind = CommandKind::subshell; list(cmd.body, ")"); if (c() == ')') ++p; else err(p, "unclosed-paren", ")"); return fin(); }
    if (k == "{") { ++p; cmd.kind = CommandKind::group; list(cmd.body, "}"); need("}", "unclosed-brace"); return fin(); }
    if (k == "if") { p += 2; cmd.kind = CommandKind::if_; for (;;) { IfClause cl; list(cl.condition, "then"); need("then", "missing-then"); list(cl.body, ""); cmd.clauses.push_back(std::move(cl)); newlines(); std::string n = peek(); if (bad) break; if (n == "elif") { p += 4; continue; } if (n == "else") { p += 4; cmd.else_body.emplace(); list(*cmd.else_body, ""); } need("fi", "missing-fi"); break; } return fin(); }
    if (k == "while" || k == "until") { p += 5; cmd.kind = k == "while" ? CommandKind::while_ : CommandKind::until_; list(cmd.condition, "do"); need("do", "missing-do"); list(cmd.body, "done"); need("done", "missing-done"); return fin(); }
    if (k == "for" || k == "select") { p += static_cast<uint32_t>(k.size()); blank(); if (c() == '(' && c(1) == '(') { cmd.kind = CommandKind::arith_for; p += 2; int d = 2; while (!eof() && d) { if (c() == '(') ++d; if (c() == ')') --d; ++p; } } else { cmd.kind = k == "for" ? CommandKind::for_ : CommandKind::select; cmd.name = peek(); cmd.name_span = sp(p, p + static_cast<uint32_t>(cmd.name.size())); p += static_cast<uint32_t>(cmd.name.size()); newlines(); if (peek() == "in") { p += 2; cmd.has_in = true; for (;;) { blank(); if (c() == '\n' || c() == ';' || eof()) break; Word w; if (!word(w)) break; cmd.words.push_back(std::move(w)); } } } blank(); if (c() == ';') ++p; need("do", "missing-do"); list(cmd.body, "done"); need("done", "missing-done"); return fin(); }
    if (k == "case") { p += 4; cmd.kind = CommandKind::case_; word(cmd.subject); newlines(); if (peek() == "in") p += 2; for (;;) { newlines(); if (peek() == "esac" || eof()) break; CaseItem it; uint32_t ib = p; if (c() == '(') ++p; for (;;) { Word w; if (!word(w)) break; it.patterns.push_back(std::move(w)); blank(); if (c() == '|') { ++p; continue; } break; } if (c() == ')') ++p; list(it.body, ";;"); newlines(); if (c() == ';' && c(1) == ';') p += 2; it.span = sp(ib, p); cmd.items.push_back(std::move(it)); if (p == ib || bad) break; } need("esac", "missing-esac"); return fin(); }
    if (k == "[[") { p += 2; cmd.kind = CommandKind::test; uint32_t cb = p; cond_or(cmd.test); cmd.test.span = sp(cb, p); blank(); if (peek() == "]]") p += 2; return fin(); }
    if (k == "function" || (!k.empty() && p + k.size() < t.size() && [&] { uint32_t q = p + static_cast<uint32_t>(k.size()); while (q < t.size() && t[q] == ' ') ++q; return q + 1 < t.size() && t[q] == '(' && t[q + 1] == ')'; }())) {
      if (k == "function") { p += 8; blank(); }
      cmd.kind = CommandKind::function; cmd.name = peek(); cmd.name_span = sp(p, p + static_cast<uint32_t>(cmd.name.size())); p += static_cast<uint32_t>(cmd.name.size()); blank(); if (c() == '(') { ++p; blank(); ++p; } newlines();
      auto d = std::make_shared<Command>(); command(*d); cmd.definition = d; cmd.span = sp(b, p); return;
    }
    cmd.kind = CommandKind::simple; bool decl = false;
    for (;;) {
      if (redirect(cmd)) continue; blank(); if (eof() || std::strchr("\n;&|()", c())) break;
      // assignment?
      uint32_t q = p; while (q < t.size() && nm(t[q])) ++q;
      uint32_t eq = q; bool app = false; if (eq + 1 < t.size() && t[eq] == '+' && t[eq + 1] == '=') { app = true; ++eq; }
      bool is = q > p && eq < t.size() && t[eq] == '=' && !std::isdigit(static_cast<unsigned char>(t[p]));
      if (is && (cmd.words.empty() || decl)) {
        Assignment a; uint32_t ab = p; a.name = std::string(t.substr(p, q - p)); a.append = app; p = eq + 1;
        if (c() == '(') { a.array = true; ++p; for (;;) { newlines(); if (c() == ')' || eof()) break; Word w; if (!word(w)) break; a.elements.push_back(std::move(w)); } if (c() == ')') ++p; }
        else { uint32_t vb = p; while (!eof() && !std::strchr(" \t\n\r;&|()<>", c())) piece(a.value.parts, 0); a.value.span = sp(vb, p); }
        a.span = sp(ab, p);
        if (decl) { Word w; w.span = a.span; Part x; x.kind = PartKind::literal; x.text = a.name + "="; x.span = a.span; w.parts.push_back(x); cmd.declared.emplace_back(cmd.words.size(), std::move(a)); cmd.words.push_back(std::move(w)); }
        else cmd.assignments.push_back(std::move(a));
        continue;
      }
      Word w; if (!word(w)) break; if (cmd.words.empty()) { auto l = w.literal(); decl = l && (*l == "export" || *l == "local" || *l == "declare" || *l == "readonly" || *l == "typeset"); } cmd.words.push_back(std::move(w));
    }
    cmd.span = sp(b, p);
  }
  void cond_or(Condition& o) { cond_and(o); for (;;) { newlines(); if (!(c() == '|' && c(1) == '|')) return; p += 2; Condition r; cond_and(r); Condition n; n.kind = Condition::disjunction; n.operands = {o, r}; o = n; } }
  void cond_and(Condition& o) { cond_t(o); for (;;) { newlines(); if (!(c() == '&' && c(1) == '&')) return; p += 2; Condition r; cond_t(r); Condition n; n.kind = Condition::conjunction; n.operands = {o, r}; o = n; } }
  void cond_t(Condition& o) {
    newlines(); std::string k = peek();
    if (k == "!") { ++p; Condition i; cond_t(i); o.kind = Condition::negation; o.operands = {i}; return; }
    if (c() == '(') { ++p; cond_or(o); newlines(); if (c() == ')') ++p; return; }
    if (k.size() == 2 && k[0] == '-' && std::isalpha(static_cast<unsigned char>(k[1]))) { o.kind = Condition::unary; o.op = k; p += 2; Word w; word(w); o.words.push_back(w); return; }
    Word w; word(w); o.words.push_back(w); blank(); k = peek(); bool lt = c() == '<' || c() == '>';
    if (k == "==" || k == "=" || k == "!=" || k == "=~" || k.starts_with("-") || lt) { if (lt) k = std::string(1, c()); p += static_cast<uint32_t>(k.size()); o.kind = Condition::binary; o.op = k; Word r; blank(); uint32_t rb = p; if (k == "=~") { while (!eof() && c() != ' ' && c() != '\n') { uint32_t z = p; piece(r.parts, 0); if (p == z) ++p; } r.span = sp(rb, p); } else word(r); o.words.push_back(r); }
    else o.kind = Condition::word;
  }
};
}
std::optional<std::string> Word::literal() const { std::string s; for (auto& x : parts) { switch (x.kind) { case PartKind::literal: case PartKind::single_quoted: case PartKind::ansi_quoted: s += x.text; break; case PartKind::double_quoted: for (auto& y : x.parts) { if (y.kind != PartKind::literal) return std::nullopt; s += y.text; } break; default: return std::nullopt; } } return s; }
bool Word::quoted() const { for (auto& x : parts) if (x.kind == PartKind::single_quoted || x.kind == PartKind::double_quoted || x.kind == PartKind::ansi_quoted) return true; return false; }
Program parse(std::string_view text, Dialect, const ParseLimits&) { Program pr; P p(text, 0, pr); p.list(pr.list, ""); while (!p.eof() && !p.bad) { if (pr.errors.empty()) p.err(p.p, "unexpected-token", p.peek()); break; } return pr; }
namespace {
void dec(SourceBuilder& b, const Part& x, const Source& o, const std::function<std::optional<std::string>(const Part&)>& e) {
  auto raw = o.slice(x.span);
  switch (x.kind) {
    case PartKind::literal: if (raw == x.text) b.exact(x.text, x.span.begin); else b.replaced(x.text, x.span); break;
    case PartKind::single_quoted: b.exact(x.text, x.span.begin + 1); break;
    case PartKind::double_quoted: for (auto& y : x.parts) dec(b, y, o, e); break;
    case PartKind::ansi_quoted: b.replaced(x.text, x.span); break;
    case PartKind::glob: b.exact(raw, x.span.begin); break;
    case PartKind::tilde: b.exact(raw, x.span.begin); break;
    default: if (auto v = e(x)) b.replaced(*v, x.span); else b.exact(raw, x.span.begin);
  }
}
}
std::optional<Source> decode(const Word& w, const Source& o, const std::function<std::optional<std::string>(const Part&)>& e) { SourceBuilder b; for (auto& x : w.parts) dec(b, x, o, e); return std::move(b).build(o, "'\"\\"); }
std::optional<Source> decode(const Redirect& r, const Source& o, const std::function<std::optional<std::string>(const Part&)>& e) { SourceBuilder b; for (auto& x : r.content) dec(b, x, o, e); return std::move(b).build(o, r.quoted ? "" : "$`\\"); }
std::optional<Shebang> parse_shebang(std::string_view t) { if (!t.starts_with("#!")) return std::nullopt; auto l = t.substr(2, t.find('\n') - 2); Shebang s; size_t i = 0; while ((i = l.find_first_not_of(" \t\r", i)) != std::string_view::npos) { size_t e = std::min(l.find_first_of(" \t\r", i), l.size()); std::string w(l.substr(i, e - i)); w = w.substr(w.rfind('/') + 1); if (s.interpreter.empty()) { if (w != "env" && w != "-S") s.interpreter = w; } else s.arguments.push_back(w); i = e; } return s; }
std::optional<Dialect> dialect_of(std::string_view n) { if (n == "bash") return Dialect::bash; if (n == "sh" || n == "dash") return Dialect::posix; if (n == "zsh") return Dialect::zsh; if (n == "ksh") return Dialect::ksh; return std::nullopt; }
}
