# What the tests of editors share; sourced by them. Sets scratch, root, preflint and the folder
# $scratch/project: copies of all fixtures, each a project of its own.
# shellcheck shell=bash

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
# shellcheck disable=SC2153  # the environment gives it
preflint="$(realpath "$PREFLINT")"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
export HOME="$scratch/home" LANG=C.UTF-8 LC_ALL=C.UTF-8
export XDG_CONFIG_HOME="$HOME/.config" XDG_DATA_HOME="$HOME/.local/share" XDG_CACHE_HOME="$HOME/.cache"
mkdir -p "$HOME" "$scratch/bin"
ln -s "$preflint" "$scratch/bin/preflint"
export PATH="$scratch/bin:$PATH"

# projects FOLDER: a copy of the fixtures there. In each, one file with fixes of every kind.
projects() {
  mkdir -p "$1"
  cp -r "$root"/fixtures/*/ "$1/"
  find "$1" -name fixed -type d -prune -exec rm -rf {} +
  mkdir -p "$1/editor-fixes"
  printf 'profile: autodl\n' >"$1/editor-fixes/preflint.yaml"
  cat >"$1/editor-fixes/run.sh" <<'SCRIPT'
#!/bin/bash
# 前置检查 🚀
echo "开始 🚀"; git clone https://github.com/acme/widgets.git
python3 train.py --name "实验" | tee log.txt && echo done
SCRIPT
}

# by_cli FOLDER FILE…: "file:line RULE" of what the command line finds in these files. The folder is linted as
# the editor's server does it: a file that is named alone, with no configuration above it, is no project.
by_cli() {
  local folder="$1" status=0
  shift
  (cd "$folder" && preflint check --output-format jsonl .) >"$scratch/cli.jsonl" || status=$?
  [ "$status" -le 1 ] || return "$status"
  python3 -c '
import json, sys
for line in open(sys.argv[1], encoding="utf-8"):
    f = json.loads(line)
    if f["path"] in sys.argv[2:]:
        print("%s:%d %s" % (f["path"], f["line"], f["rule"]))' "$scratch/cli.jsonl" "$@" | sort
}

# same WHAT EXPECTED FOUND: two files.
same() {
  if ! diff -u "$2" "$3" >&2; then
    echo "$1: the editor and the command line differ" >&2
    exit 1
  fi
}
