// Small generated scripts are run by the real bash in an empty folder, with `probe` as the only
// command of interest: it logs the variables, options and folder it sees. Whatever the interpreter
// claims to know before each probe must agree with every log line, and no probe that ran may be one
// it holds unreachable.
#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "test_host.h"

namespace preflint::shell {
namespace {

/// The first seed and how many: 1 and 260, or what PREFLINT_ORACLE says ("1000 5000") where one has
/// time.
std::pair<uint32_t, uint32_t> seeds() {
  std::pair<uint32_t, uint32_t> out{1, 260};
  if (const char* wish = std::getenv("PREFLINT_ORACLE"))
    std::istringstream(wish) >> out.first >> out.second;
  return out;
}

class Generator {
 public:
  /// `folder` holds `hook`, which exports a proxy, and `lib.sh`, whose text is `library()`.
  Generator(uint32_t seed, std::string folder) : random_(seed), folder_(std::move(folder)) {}

  std::string library() {
    out_.clear();
    line(assignment());
    if (chance(3)) line("source " + folder_ + "/hook");
    if (chance(4)) line("flip && return " + number(2));
    line("export " + assignment());
    if (chance(3)) line(text({"fb() { ", name(), "=l; ", next_probe(), "; }"}));
    return out_;
  }

  std::string script() {
    out_ = "#!/bin/bash\n";
    if (chance(3)) line("set -e");
    if (chance(4)) line("set -o pipefail");
    if (chance(5)) line("trap '" + next_probe() + "' EXIT");
    if (chance(2)) {
      line("fa() {");
      block(2);
      if (chance(3)) line("return " + number(2));
      line("}");
    }
    const int n = 3 + static_cast<int>(random_() % 5);
    for (int i = 0; i < n; ++i) statement(0);
    probe();
    return out_;
  }

 private:
  bool chance(uint32_t of) { return random_() % of == 0; }
  std::string number(uint32_t below) { return std::to_string(random_() % below); }
  std::string name() { return std::string(1, "xyz"[random_() % 3]); }
  // Braces draw from the left to the right with every compiler; the operands of + need not.
  static std::string text(std::initializer_list<std::string> parts) {
    std::string out;
    for (const std::string& part : parts) out += part;
    return out;
  }
  std::string assignment() { return text({name(), "=", value()}); }
  void line(const std::string& text) { out_ += text + "\n"; }
  std::string next_probe() { return "probe " + std::to_string(++probes_); }
  void probe() { line(next_probe()); }
  std::string value() {
    switch (random_() % 15) {
      case 10:
        return "\"${" + name() + "/a/b}\"";
      case 11:
        return "\"${" + name() + "^^}\"";
      case 12:
        return "${" + name() + "#a}";
      case 13:
        return "$'b'";
      case 14:
        return "\"$(printf '%s' \"$" + name() + "\")\"";
      case 0:
        return "\"$" + name() + "\"c";
      case 1:
        return "${" + name() + ":-d}";
      case 2:
        return "\"${" + name() + ":+k}\"";
      case 3:
        return "$(echo e)";
      case 4:
        return "\"${" + name() + "-u}\"";
      case 5:
        return "''";
      case 6:
        return "${" + name() + "%b}";
      default:
        return std::string(1, "abv"[random_() % 3]);
    }
  }
  std::string simple() {
    switch (random_() % 20) {
      case 12:
        return "source " + folder_ + "/lib.sh";
      case 13:
        return "source " + folder_ + "/hook";
      case 14:
        return chance(2) ? "unset http_proxy https_proxy" : "export http_proxy= https_proxy=";
      case 15:
        return text({"eval '", name(), "=", std::string(1, "abv"[random_() % 3]), "'"});
      case 16:
        return in_function_ ? "local " + assignment() : ": \"${" + name() + ":=w}\"";
      case 17:
        return out_.find("fa()") != std::string::npos && !in_function_
                   ? (chance(2) ? "fa b" : "! fa")
                   : "false || true";
      case 18:
        return "http_proxy= https_proxy= " + next_probe();
      case 0:
        return assignment();
      case 1:
        return "export " + assignment();
      case 2:
        return "unset " + name();
      case 3:
        return "export " + name();
      case 4:
        return chance(2) ? "set -e" : "set +e";
      case 5:
        return "flip";
      case 6:
        return "cd /tmp";
      case 7:
        return out_.find("fa()") != std::string::npos && !in_function_ ? "fa" : "true";
      case 8:
        return text({assignment(), " ", next_probe()});
      default:
        return next_probe();
    }
  }
  std::string condition() {
    switch (random_() % 10) {
      case 7:
        return out_.find("fa()") != std::string::npos && !in_function_ ? "fa" : "flip";
      case 8:
        return "[ -n \"${http_proxy:-}\" ]";
      case 9:
        return "{ " + simple() + "; flip; }";
      case 0:
        return "[ \"$" + name() + "\" = a ]";
      case 1:
        return "[ -z \"${" + name() + ":-}\" ]";
      case 2:
        return text({"[[ $", name(), " == b && -n $", name(), " ]]"});
      case 3:
        return "! flip";
      case 4:
        return "test \"${" + name() + ":-q}\" != v";
      case 5:
        return "flip && [ -n \"$" + name() + "\" ]";
      default:
        return "flip";
    }
  }
  void block(int depth) {
    in_function_ = in_function_ || depth == 2;
    const int n = 1 + static_cast<int>(random_() % 3);
    for (int i = 0; i < n; ++i) statement(depth + 1);
    if (depth == 2) in_function_ = false;
  }
  void statement(int depth) {
    if (depth > 3) return line(simple());
    switch (random_() % 22) {
      case 13:
        return line(simple() + " || true");
      case 14:
        return line(text({next_probe(), " | { ", simple(), "; ", next_probe(), "; }"}));
      case 15:
        line("while read -r w; do");
        block(depth + 3);
        return line("done <<< \"a b\"");
      case 16:
        line("until flip; do");
        block(depth + 3);
        return line("done");
      case 17:
        return line(text({"if ", condition(), "; then ", simple(), "; elif ", condition(),
                          "; then ", simple(), "; fi"}));
      case 18:
        return line(text({"{ ", simple(), "; ", simple(), "; } &\nwait"}));
      case 19:
        line("case " + name() + " in");
        line("[xy]) " + simple() + ";&");
        line("q) " + simple() + ";;");
        line("*) " + simple() + ";;");
        return line("esac");
      case 20:
        return line("flip && " + std::string(in_function_ ? "return 1"
                                             : chance(3)  ? "exit"
                                                          : next_probe()));
      case 21:
        return line("cat <<EOF >/dev/null\n$(" + simple() + ")\nEOF");
      case 0:
        line("if " + condition() + "; then");
        block(depth + 3);
        if (chance(2)) {
          line("else");
          block(depth + 3);
        }
        return line("fi");
      case 1:
        line("for i in 1 2; do");
        block(depth + 3);
        if (chance(3)) line("flip && break");
        return line("done");
      case 2:
        line("(");
        block(depth + 3);
        return line(")");
      case 3:
        line("{");
        block(depth + 3);
        return line("}");
      case 4:
        return line(text({simple(), " && ", simple(), " || ", simple()}));
      case 5:
        return line(simple() + " | cat");
      case 6:
        line("case $" + name() + " in");
        line("a) " + simple() + ";;");
        line("b|c*) " + simple() + ";;");
        if (chance(2)) line("*) " + simple() + ";;");
        return line("esac");
      case 7:
        return line(text({name(), "=$(", simple(), "; echo p)"}));
      case 8:
        line("n=0");
        line("while [ $n -lt 2 ]; do");
        block(depth + 3);
        line("n=$((n+1))");
        return line("done");
      default:
        return line(simple());
    }
  }

  std::mt19937 random_;
  std::string out_;
  int probes_ = 0;
  bool in_function_ = false;
  std::string folder_;
};

/// A box whose hook is a file that bash can read, too.
class OracleHost : public TestHost {
 public:
  bool is_hook(const Text& path) const override { return path.known_suffix().ends_with("/hook"); }
};

struct Seen {
  int probe = 0;
  std::string x, y, z, options, exported, proxy, folder;
};

constexpr const char* kPrelude = R"SH(
probe() {
  { printf '%s|%s|%s|%s|%s|%s|%s\n' "$1" "${x-<unset>}" "${y-<unset>}" "${z-<unset>}" "$-" \
      "$(/bin/sh -c 'printf "%s|%s" "${x-<unset>}" "${http_proxy:+on}${https_proxy:+on}"')" "$PWD"; } >&9
  return 0
}
flip() {
  local n; read -r n < "$FLIPS"; n=$(( (n * 1103515245 + 12345) % 2147483648 )); echo "$n" > "$FLIPS"
  return $(( (n >> 8) & 1 ))
}
)SH";

std::vector<Seen> run_bash(const std::filesystem::path& folder, const std::string& script,
                           int seed) {
  std::ofstream(folder / "prelude") << kPrelude;
  std::ofstream(folder / "script") << script;
  std::ofstream(folder / "flips") << seed << "\n";
  std::ofstream(folder / "log");
  const std::string command =
      "cd '" + folder.string() +
      "' && env -u x -u y -u z -u http_proxy -u https_proxy BASH_ENV=prelude FLIPS='" +
      (folder / "flips").string() + "' timeout 10 bash script 9>>log >/dev/null 2>&1 </dev/null";
  if (std::system(command.c_str()) == -1) ADD_FAILURE() << "bash did not start";
  std::vector<Seen> out;
  std::ifstream log(folder / "log");
  for (std::string row; std::getline(log, row);) {
    std::istringstream fields(row);
    Seen seen;
    std::string number;
    std::getline(fields, number, '|');
    for (std::string* field :
         {&seen.x, &seen.y, &seen.z, &seen.options, &seen.exported, &seen.proxy, &seen.folder})
      std::getline(fields, *field, '|');
    seen.probe = std::atoi(number.c_str());
    out.push_back(seen);
  }
  return out;
}

/// Nothing when the claim and what bash saw do not contradict each other.
std::string contradiction(const State& state, const std::string& name, const std::string& seen,
                          bool exported_only) {
  const Variable* variable = state.variable(name);
  const bool unset = seen == "<unset>";
  if (!variable) return unset ? "" : name + " is claimed untouched but is '" + seen + "'";
  if (exported_only && variable->exported == Tri::no)
    return unset ? "" : name + " is claimed not exported";
  if (unset) {
    if (exported_only && variable->exported != Tri::yes) return "";
    return variable->set == Tri::yes ? name + " is claimed set but is not" : "";
  }
  if (variable->set == Tri::no) return name + " is claimed unset but is '" + seen + "'";
  const auto constants = variable->value.constants();
  if (constants.empty()) return "";
  for (const std::string& constant : constants) {
    if (constant == seen) return "";
  }
  return name + " is claimed '" + constants[0] + "' but is '" + seen + "'";
}

TEST(Oracle, ClaimsHoldInBash) {
  std::string pattern =
      (std::filesystem::temp_directory_path() / "preflint-oracle-XXXXXX").string();
  ASSERT_NE(mkdtemp(pattern.data()), nullptr);
  const std::filesystem::path folder = pattern;
  std::ofstream(folder / "hook")
      << "export http_proxy=http://p:1 https_proxy=http://p:1 no_proxy=localhost\n";
  int compared = 0, values = 0, proxies = 0;
  const auto [first, number] = seeds();
  for (uint32_t seed = first; seed < first + number; ++seed) {
    Generator generator(seed, folder);
    const std::string library = generator.library();
    const std::string script = generator.script();
    std::ofstream(folder / "lib.sh") << library;
    OracleHost host;
    host.add("lib.sh", library);
    const Trace trace = host.trace(script);
    ASSERT_FALSE(trace.incomplete) << script;
    for (int run = 0; run < 3; ++run) {
      for (const Seen& seen : run_bash(folder, script, static_cast<int>(seed * 7 + run * 1009))) {
        std::string why = "the probe is claimed unreachable";
        for (const CommandEvent& event : trace.commands) {
          if (event.name != "probe" || event.arguments.empty() ||
              !event.arguments[0].is(std::to_string(seen.probe)))
            continue;
          State state = event.state;
          for (const auto& [name, value] : event.assignments) {
            if (const Variable* variable = event.environment.find(name))
              state.variables.set(name, *variable);
          }
          why.clear();
          for (const auto& [name, value] :
               {std::pair("x", seen.x), std::pair("y", seen.y), std::pair("z", seen.z)}) {
            if (why.empty()) why = contradiction(state, name, value, false);
            const Variable* variable = state.variable(name);
            values += variable && !variable->value.constants().empty();
          }
          if (why.empty()) why = contradiction(state, "x", seen.exported, true);
          const Proxy proxy = event.environment.proxy;
          const bool on = !seen.proxy.empty();
          if (why.empty() && on &&
              proxy.surely(Proxy::kInactive | Proxy::kExplained | Proxy::kDropped))
            why = "the proxy is claimed off";
          if (why.empty() && !on && proxy.surely(Proxy::kFresh | Proxy::kActive))
            why = "the proxy is claimed on";
          proxies += proxy.surely(Proxy::kFresh | Proxy::kActive) ||
                     proxy.surely(Proxy::kInactive | Proxy::kExplained | Proxy::kDropped);
          const bool errexit = seen.options.find('e') != std::string::npos;
          if (why.empty() && state.errexit == Tri::yes && !errexit) why = "errexit is claimed on";
          if (why.empty() && state.errexit == Tri::no && errexit) why = "errexit is claimed off";
          if (why.empty()) {
            const auto cwd = state.cwd ? state.cwd->constant() : std::nullopt;
            if (cwd && *cwd != seen.folder)
              why = "the folder is claimed " + *cwd + " but is " + seen.folder;
          }
          ++compared;
          if (why.empty()) break;  // one context of the command explains what was seen
        }
        EXPECT_EQ(why, "") << "seed " << seed << ", probe " << seen.probe << " saw x=" << seen.x
                           << " y=" << seen.y << " z=" << seen.z << " -" << seen.options
                           << " proxy=" << seen.proxy << "\n"
                           << script << "---- lib.sh\n"
                           << library;
        if (!why.empty()) break;
      }
      if (HasFailure()) break;
    }
    if (HasFailure()) break;
  }
  std::filesystem::remove_all(folder);
  if (number < 100) return;  // of few scripts nothing is usual
  EXPECT_GT(compared, static_cast<int>(5 * number));
  EXPECT_GT(values, static_cast<int>(4 * number))
      << "the interpreter should know most of these values";
  EXPECT_GT(proxies, compared / 2) << "the interpreter should mostly know whether the proxy is on";
}

}  // namespace
}  // namespace preflint::shell
