#!/usr/bin/env bash
# The npm pair from its tarballs, with no network: npx finds the binary, statuses pass through.
set -euo pipefail

tarballs="$(realpath "$PACKAGES")"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
export npm_config_offline=true npm_config_cache="$scratch/cache" npm_config_update_notifier=false

echo '{"private": true}' >package.json
npm install --silent --no-audit --no-fund "$tarballs"/preflint-linux-x64-*.tgz "$tarballs"/preflint-[0-9]*.tgz

mkdir clean bad
printf '#!/bin/bash\necho hello\n' >clean/a.sh
printf '#!/bin/bash\nconda create -n x --clone base -y\n' >bad/a.sh

npx preflint check clean
status=0
output="$(npx preflint check bad)" || status=$?
[ "$status" -eq 1 ]
grep -q ENV004 <<<"$output"
status=0
npx preflint check nowhere 2>/dev/null || status=$?
[ "$status" -eq 2 ]

# Without the platform's package the launcher says so.
rm -rf node_modules/preflint-linux-x64
status=0
output="$(npx preflint check clean 2>&1)" || status=$?
[ "$status" -eq 2 ]
grep -q 'preflint-linux-x64 is not installed' <<<"$output"
