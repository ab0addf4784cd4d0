#!/usr/bin/env bash
# Are the tests worth anything? One rule at a time is made to find nothing, and some test has to fail then.
#   run.sh [ID…]        these rules
#   run.sh --since REV  those whose files differ from REV (default: origin/main, else main)
#   run.sh --all        every rule
# The tests leave a rule out when PREFLINT_TEST_WITHOUT names it (tests/support/lint.cc); the product knows nothing of it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

tests=build/dev/tests
survivors=()

rule_files() { find rules -name '[A-Z]*.yaml' | sort; }
# Rules that are found by a check or a matcher; the engine's and the probe's have tests of their own.
checked() {
  local file
  while read -r file; do
    grep -q '^emitted_by:' "$file" || basename "$file" | cut -d- -f1
  done
}

ids=()
case "${1:-}" in
  --all) mapfile -t ids < <(rule_files | checked) ;;
  --since | "")
    revision="${2:-$(git rev-parse --verify -q origin/main || git rev-parse main)}"
    changed="$(git diff --name-only "$revision" -- rules src/checks; git ls-files --others --exclude-standard rules src/checks)"
    mapfile -t ids < <(rule_files | while read -r file; do
      name="$(basename "$file" .yaml)"
      check="$(cut -d- -f2- <<<"$name" | tr - _).cc"
      grep -qE "(^|/)($name\.yaml|$check)\$" <<<"$changed" && echo "$file"
    done | checked)
    ;;
  *) ids=("$@") ;;
esac

for id in "${ids[@]}"; do
  if PREFLINT_TEST_WITHOUT="$id" "$tests/preflint_whole_tests" --gtest_brief=1 --gtest_filter='Fixture/Case*:Conformance/Case*:*FixesAreAsDocumented*' >/dev/null 2>&1 </dev/null &&
    PREFLINT_TEST_WITHOUT="$id" "$tests/preflint_engine_tests" --gtest_brief=1 >/dev/null 2>&1 </dev/null; then
    echo "survives: no test misses $id"
    survivors+=("$id")
  fi
done
printf '%d rules left out one at a time, %d not missed\n' "${#ids[@]}" "${#survivors[@]}"
[ "${#survivors[@]}" -eq 0 ]
