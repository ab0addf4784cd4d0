#!/usr/bin/env bash
# ./dev new-rule CATEGORY NAME [--check]
# Writes rules/CATEGORY/ID-NAME.yaml under the next free id, and with --check the function that finds the
# violations beside it. Both work as they are; what they say is yours to write. PREFLINT_TREE is the tree
# to write into (default: this checkout).
set -euo pipefail

tree="${PREFLINT_TREE:-$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)}"
fail() { printf 'new-rule: %s\n' "$*" >&2; exit 2; }

category="${1:-}" name="${2:-}" check="${3:-}"
[[ "$category" =~ ^[a-z]{2,8}$ ]] || fail "usage: ./dev new-rule CATEGORY NAME [--check], e.g. net proxy-left-on"
[[ "$name" =~ ^[a-z][a-z0-9]*(-[a-z0-9]+)*$ ]] || fail "a name is lower-case words joined by dashes: '$name'"
[ -z "$check" ] || [ "$check" = --check ] || fail "unknown argument: $check"

folder="$tree/rules/$category"
for file in "$tree"/rules/*/*-"$name".yaml; do
  [ ! -e "$file" ] || fail "there is such a rule: $file"
done
prefix="$(tr '[:lower:]' '[:upper:]' <<<"$category")"
last="$(find "$tree/rules" -name "${prefix}[0-9][0-9][0-9]-*.yaml" -printf '%f\n' 2>/dev/null | sort | tail -n 1)"
number="${last:${#prefix}:3}"
id="$(printf '%s%03d' "$prefix" "$((10#${number:-0} + 1))")"

mkdir -p "$folder"
file="$folder/$id-$name.yaml"
match=''
[ -n "$check" ] || match="match:
  command: [$name]
"
# A matcher says itself what a file has to hold for it to be looked at.
triggers=''
[ -z "$check" ] || triggers="triggers: [$name]
"
cat >"$file" <<YAML
id: $id
name: $name
severity: warning
languages: [shell]
precision: medium
${triggers}summary: {en: "What is wrong, in one line", zh: 一句话说明问题}
message: {en: "\`{command}\` breaks the run", zh: "\`{command}\` 会让任务失败"}
why: {en: "What happens on the platform, and what it costs.", zh: 在平台上会发生什么，代价是什么。}
advice: {en: "What to write instead.", zh: 应当改成什么写法。}
${match}examples:
  - bad: |
      ⟦$name --now⟧
  - good: |
      echo $name
YAML
printf 'wrote %s\n' "${file#"$tree/"}"

if [ -n "$check" ]; then
  function="${name//-/_}"
  mkdir -p "$tree/src/checks/$category"
  file="$tree/src/checks/$category/$function.cc"
  cat >"$file" <<CODE
#include "project/context.h"

namespace preflint::checks {

void $function(project::Context& context) {
  context.each_command(project::Where::instance, {"$name"},
                       [&](const project::Run& run, const shell::CommandEvent& event) {
                         context.report(run, event).arguments["command"] = "$name";
                       });
}

}  // namespace preflint::checks
CODE
  printf 'wrote %s\n' "${file#"$tree/"}"
fi
printf 'now: edit, then ./dev test '\''*%s*'\''\n' "$id"
