#!/usr/bin/env bash
# The server under a client built on vscode-languageserver-protocol (lsp/protocol_test.mjs).
set -euo pipefail

folder="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/lsp"
PREFLINT="$(realpath "$PREFLINT")"
export PREFLINT
cd "$folder"
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --ignore-scripts --no-audit --no-fund >&2
fi
output="$(node --test --test-reporter=spec protocol_test.mjs 2>&1)" || { printf '%s\n' "$output" >&2; exit 1; }
