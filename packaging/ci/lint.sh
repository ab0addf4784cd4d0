#!/usr/bin/env bash
# The lint step of action.yml: annotations on stdout, SARIF in a file, the linter's own exit status.
set -uo pipefail

read -r -a paths <<<"${PREFLINT_PATHS:-.}"
read -r -a arguments <<<"${PREFLINT_ARGS:-}"
version="${PREFLINT_VERSION:-latest}"

if [ -x "$version" ] && [ -f "$version" ]; then
  preflint=("$version")
else
  preflint=(npx --yes "preflint@$version")
fi
"${preflint[@]}" check --output-format github --output-format sarif \
  --output-file "${PREFLINT_SARIF:-preflint.sarif}" "${arguments[@]}" -- "${paths[@]}"
