#!/usr/bin/env bash
# The real pre-commit in a scratch repository, with the hook on PATH (system) and from npm (node): a bad
# commit is blocked with our message, --fix repairs, a good commit passes.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
tarballs="$(realpath "$PACKAGES")"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin"
cp "$PREFLINT" "$scratch/bin/preflint"
export HOME="$scratch/home" PRE_COMMIT_HOME="$scratch/pre-commit" LANG=C.UTF-8
export npm_config_offline=true npm_config_cache="$scratch/npm"
mkdir "$HOME"
git config --global user.email hook@example.org
git config --global user.name hook
git config --global init.defaultBranch main
git config --global protocol.file.allow always
git config --global --add safe.directory '*'

# Where hooks come from: this checkout as a repository of its own with a tag.
git clone -q --no-hardlinks "$root" "$scratch/origin"
for file in .pre-commit-hooks.yaml package.json packaging/npm/preflint.js; do
  cp "$root/$file" "$scratch/origin/$file"
done
# Nothing is published yet where this runs: the platform's package is named below.
sed -i '/optionalDependencies/d; s/"node": ">=14"},/"node": ">=14"}/' "$scratch/origin/package.json"
git -C "$scratch/origin" commit -qam hooks
git -C "$scratch/origin" tag -f v9.9.9

expect() {  # expect STATUS TEXT COMMAND…
  local want="$1" text="$2" status=0 output
  shift 2
  output="$("$@" 2>&1)" || status=$?
  if [ "$status" -ne "$want" ] || ! grep -q -- "$text" <<<"$output"; then
    printf '%s\n' "$output" "expected status $want and '$text', got $status: $*" >&2
    exit 1
  fi
}

project() {  # project NAME HOOK_YAML
  mkdir "$scratch/$1"
  cd "$scratch/$1"
  git init -q
  printf 'profile: autodl\n' >preflint.yaml
  printf '%s\n' "$2" >.pre-commit-config.yaml
  pre-commit install >/dev/null
  git add preflint.yaml .pre-commit-config.yaml
  git commit -qm start
}

story() {
  printf '#!/bin/bash\nset -e\nsource /etc/network_turbo\ngit clone https://github.com/acme/widgets.git\n' >setup.sh
  git add setup.sh
  expect 1 NET003 git commit -m bad
  [ "$(git rev-list --count HEAD)" -eq 1 ]
  "$scratch/bin/preflint" check --fix setup.sh >/dev/null
  git add setup.sh
  expect 0 Passed git commit -m good
  [ "$(git rev-list --count HEAD)" -eq 2 ]
  # A finding in a file that is not part of the commit does not block it.
  printf '#!/bin/bash\nconda create -n x --clone base\n' >other.sh
  printf 'notes\n' >notes.txt
  git add notes.txt
  expect 0 Skipped git commit -m unrelated
}

on_path() { PATH="$scratch/bin:$PATH" "$@"; }

on_path project system "repos: [{repo: $scratch/origin, rev: v9.9.9, hooks: [{id: preflint-system}]}]"
on_path story

project node "repos: [{repo: $scratch/origin, rev: v9.9.9, hooks: [{id: preflint, language_version: system,
  additional_dependencies: [$(echo "$tarballs"/preflint-linux-x64-*.tgz)]}]}]"
story

on_path project local "repos: [{repo: local, hooks: [{id: preflint, name: preflint, entry: preflint check,
  language: system, files: '\.sh\$'}]}]"
on_path story

# The fixing hook: the commit stops because a file was changed, and passes once the change is in it.
on_path project fixing "repos: [{repo: local, hooks: [{id: preflint-fix, name: preflint --fix, entry: preflint check --fix,
  language: system, require_serial: true, files: '\.sh\$'}]}]"
printf '#!/bin/bash\nset -e\nsource /etc/network_turbo\ngit clone https://github.com/acme/widgets.git\n' >setup.sh
git add setup.sh
on_path expect 1 'files were modified by this hook' git commit -m bad
git add setup.sh
on_path expect 0 Passed git commit -m good
