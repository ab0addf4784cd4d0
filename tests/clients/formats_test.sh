#!/usr/bin/env bash
# What we write, read by those that it is written for: Microsoft's SARIF validator with the rules of GitHub's code
# scanning, JSON Schemas, XML Schemas. On the findings of every fixture, in both languages.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
tools="${PREFLINT_TEST_TOOLS:-$root/build/formats}"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$tools"
cp "$root"/tests/clients/formats/* "$tools"
[ -x "$tools/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool" ] ||
  npm install --prefix "$tools" --silent --no-audit --no-fund >&2
multitool="$tools/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool"

# The fixtures, and a project whose names are hard to write down.
cp -r "$root/fixtures" "$scratch/work"
mkdir "$scratch/work/名 字 & <x>'%"
printf 'python3 "你好 &<>.py"  # preflint: ignore[ENV001] "因为" <&>\npython3 x.py\npython3 \e[31m\n' \
  >"$scratch/work/名 字 & <x>'%/a \"b\".sh"
cat >"$scratch/work/notebook.ipynb" <<'JSON'
{"cells": [{"cell_type": "code", "metadata": {}, "outputs": [], "source": ["# 你好\n", "!python3 x.py"]}], "nbformat": 4}
JSON

cd "$scratch"
write() {  # write NAME PATH OPTION…: every format of one run
  local name="$1" path="$2" status=0
  shift 2
  "$PREFLINT" check "$path" --severity info "$@" --output-format sarif --output-file "$name.sarif" \
    --output-format gitlab --output-file "$name.gitlab.json" --output-format rdjson --output-file "$name.rdjson.json" \
    --output-format junit --output-file "$name.junit.xml" --output-format checkstyle --output-file "$name.checkstyle.xml" \
    >/dev/null 2>&1 || status=$?
  [ "$status" -le 1 ] || [ "$name" != clean ]
}
write all work
write chinese work --lang zh
write suppressed work --show-suppressed
mkdir empty
write clean empty
n=0
for case in work/*/; do
  n=$((n + 1))
  write "case$n" "$case"
done

node "$tools/validate.js" "$tools/node_modules/@microsoft/sarif-multitool-linux/sarif-2.1.0.json" ./*.sarif
node "$tools/validate.js" "$tools/gitlab.schema.json" ./*.gitlab.json
node "$tools/validate.js" "$tools/rdjson.schema.json" ./*.rdjson.json
xmllint --noout --schema "$tools/junit.xsd" ./*.junit.xml 2>"$scratch/xml" || { cat "$scratch/xml" >&2; exit 1; }
xmllint --noout --schema "$tools/checkstyle.xsd" ./*.checkstyle.xml 2>"$scratch/xml" || { cat "$scratch/xml" >&2; exit 1; }

for name in all chinese suppressed clean; do
  DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 "$multitool" validate "$name.sarif" --rule-kind 'Sarif;Ghas' \
    --output "$name.validation.sarif" --log ForceOverwrite >/dev/null
  node "$tools/count.js" "$name.validation.sarif" || { echo "$name.sarif is not as it should be" >&2; exit 1; }
done
