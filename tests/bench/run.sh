#!/usr/bin/env bash
# Measures preflint beside its peers on corpora that any Debian machine can make, and prints tables in
# Markdown with the commands. Usage: run.sh [tree|projects|single|files|bytes|hostile|edits]…  (default: all)
# PREFLINT is the binary, PARSE the program that parses everything, RUNS how often each command is run, WARMUP how
# often before that.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
# Outside of this repository: whatever lies in one is linted as a part of it.
work="${BENCH:-${TMPDIR:-/tmp}/preflint-bench}"
preflint="${PREFLINT:?the binary to measure}"
parse="${PARSE:?the program that parses everything}"
runs="${RUNS:-5}"
first=''  # CPU seconds of the first command under a heading: what the others are compared with
mkdir -p "$work"

say() { printf 'bench: %s\n' "$*" >&2; }

# Median wall seconds, mean CPU seconds (user + system) and peak memory of one command, and how many times as
# much CPU as the first one under this heading it takes.
measure() {  # NAME COMMAND
  local json="$work/hyperfine.json" peak cpu
  hyperfine --ignore-failure --warmup "${WARMUP:-1}" --runs "$runs" --export-json "$json" --style none --shell none "$2" >/dev/null 2>&1
  # shellcheck disable=SC2086  # the command's words
  peak="$(/usr/bin/time -f %M $2 2>&1 >/dev/null | tail -n 1 || true)"
  cpu="$(jq -r '.results[0] | .user + .system' "$json")"
  first="${first:-$cpu}"
  jq -r --arg name "$1" --arg command "${2//"$work"/BENCH}" --arg peak "$peak" --argjson first "$first" '
    def shown: if . < 0.1 then "\(. * 10000 | round / 10) ms" else "\(. * 100 | round / 100) s" end;
    .results[0] | (.user + .system) as $cpu |
    "| \($name) | \(.median | shown) | \($cpu | shown) | \($cpu / $first * 100 | round / 100) | \(($peak | tonumber / 1024) | round) MB | `\($command | sub("^/[^ ]*/"; ""))` |"' "$json"
}

heading() {
  first=''
  printf '\n### %s\n\n| | wall, median | CPU | CPU, times the first | memory | command |\n|---|---|---|---|---|---|\n' "$1"
}

peers() {
  [ -x "$work/peers/node_modules/.bin/ast-grep" ] || {
    say "installing ast-grep from npm"
    mkdir -p "$work/peers"
    (cd "$work/peers" && npm init -y >/dev/null && npm install --no-audit --no-fund @ast-grep/cli >/dev/null)
  }
  astgrep="$work/peers/node_modules/.bin/ast-grep"
}

# The texts that the rules look for, for ripgrep: one of the words of each trigger.
literals() {
  sed -n '/^triggers:/,/^[a-z]*:/p' "$here"/../../rules/*/*.yaml | grep -oE '[A-Za-z_][A-Za-z0-9_.-]{3,}' |
    grep -vE '^(triggers|shell|python|launched|evidence|profile|summary|message|messages|examples)$' | sort -u >"$work/literals"
}

# At least 5,000 files: what is installed here, and what some Debian packages hold.
packages="python3-django python3-sympy ansible-core python3-networkx dkms debhelper autoconf initramfs-tools-core
  git-buildpackage devscripts lintian bash-completion byobu needrestart acpid dracut-core"

tree_corpus() {
  [ -d "$work/tree" ] && return
  say "collecting Python and shell of this machine and of Debian packages"
  mkdir -p "$work/tree.new" "$work/debs"
  (cd / && find usr/lib/python3* usr/share usr/bin usr/sbin -type f -size -2M \( -name '*.py' -o -name '*.sh' \) -print0 2>/dev/null |
    cpio -0 -pdm --quiet "$work/tree.new")
  # shellcheck disable=SC2086  # a list
  (cd "$work/debs" && for name in $packages; do apt-get download -qq "$name" >/dev/null 2>&1 || say "no package $name"; done)
  for deb in "$work"/debs/*.deb; do
    [ ! -e "$deb" ] || dpkg-deb -x "$deb" "$work/debs/$(basename "$deb" .deb)"
  done
  (cd "$work/debs" && find . -mindepth 2 -type f -size -2M \( -name '*.py' -o -name '*.sh' \) -print0 | cpio -0 -pdm --quiet "$work/tree.new")
  rm -rf "$work/debs"
  mv "$work/tree.new" "$work/tree"
}

bench_tree() {
  peers
  literals
  tree_corpus
  local files bytes
  files="$(find "$work/tree" -type f | wc -l)"
  bytes="$(du -sb "$work/tree" | cut -f1)"
  heading "Whole tree of general code: $files files, $((bytes / 1000000)) MB"
  measure preflint "$preflint check --quiet $work/tree"
  measure ast-grep "$astgrep scan --no-ignore hidden -r $here/rules.yml $work/tree"
  measure "raw tree-sitter" "$parse $work/tree"
  measure ripgrep "rg -c -w -F -f $work/literals $work/tree"
}

bench_projects() {
  peers
  literals
  local folder="$work/projects-1000"
  [ -d "$folder" ] || python3 "$here/make_projects.py" "$folder" 1000
  heading "Projects for a rented GPU: 1000 files"
  measure preflint "$preflint check --quiet $folder"
  measure ast-grep "$astgrep scan --no-ignore hidden -r $here/rules.yml $folder"
  measure "raw tree-sitter" "$parse $folder"
  measure ripgrep "rg -c -w -F -f $work/literals $folder"
}

bench_single() {
  mkdir -p "$work/single/shell" "$work/single/python"
  head -n 100 /usr/bin/ldd >"$work/single/shell/script.sh"
  head -n 500 /usr/lib/python3*/argparse.py >"$work/single/python/module.py"
  heading "One script of 100 lines, cold"
  measure preflint "$preflint check --quiet $work/single/shell/script.sh"
  measure shellcheck "shellcheck $work/single/shell/script.sh"
  heading "One Python file of 500 lines, cold"
  measure preflint "$preflint check --quiet $work/single/python/module.py"
  measure flake8 "/usr/bin/python3 -m flake8 $work/single/python/module.py"
}

bench_files() {
  local count folder
  heading "Cost per file: projects for a rented GPU"
  for count in 10 1000 10000 100000; do
    folder="$work/projects-$count"
    [ -d "$folder" ] || python3 "$here/make_projects.py" "$folder" "$count"
    runs=1 measure "$count files" "$preflint check --quiet $folder"
  done
}

bench_bytes() {
  local kind size folder
  for kind in sh py; do
    heading "Cost per byte: one file of .$kind"
    for size in 10000 100000 1000000 10000000; do
      folder="$work/bytes-$kind-$size"
      [ -s "$folder/one.$kind" ] || python3 "$here/make_file.py" "$folder/one.$kind" "$size"
      runs=1 measure "$size bytes" "$preflint check --quiet $folder"
    done
  done
}

# What is made to take long: the budget cuts it off, and PFL006 says so.
bench_hostile() {
  local name
  [ -d "$work/hostile" ] || python3 "$here/make_hostile.py" "$work/hostile"
  heading "Hostile files, 100 KB to 1 MB each"
  for name in "$work"/hostile/*; do
    runs=1 measure "$(basename "$name")" "timeout 60 $preflint check --quiet $name"
  done
}

# In an editor: an edit, and the diagnostics that tell of it.
bench_edits() {
  local modules="$work/peers/node_modules" shell="$work/edits/script.sh" python="$work/edits/module.py"
  if [ ! -e "$modules/pyright" ] || [ ! -e "$modules/bash-language-server" ]; then
    say "installing bash-language-server and pyright from npm"
    mkdir -p "$work/peers"
    (cd "$work/peers" && npm init -y >/dev/null &&
      npm install --no-audit --no-fund bash-language-server pyright vscode-languageserver-protocol >/dev/null)
  fi
  [ -e "$shell" ] || python3 "$here/make_file.py" "$shell" 2000 lines
  [ -e "$python" ] || python3 "$here/make_file.py" "$python" 5000 lines
  local edits=(env "PEERS=$work/peers" node "$here/edits.mjs")
  printf '\n### An edit of a script of %s lines, over the wire\n\n| | opening | median | 99th percentile |\n|---|---|---|---|\n' "$(wc -l <"$shell")"
  "${edits[@]}" preflint shellscript "$shell" "$preflint" lsp
  "${edits[@]}" bash-language-server shellscript "$shell" "$modules/.bin/bash-language-server" start
  printf '\n### An edit of a Python file of %s lines, over the wire\n\n| | opening | median | 99th percentile |\n|---|---|---|---|\n' "$(wc -l <"$python")"
  "${edits[@]}" preflint python "$python" "$preflint" lsp
  "${edits[@]}" pyright python "$python" "$modules/.bin/pyright-langserver" --stdio
}

[ "$#" -gt 0 ] || set -- tree projects single files bytes hostile edits
printf 'Machine: %s, %s cores; %s; %s\n' "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)" "$(nproc)" \
  "$(sed -n 's/^PRETTY_NAME=//p' /etc/os-release | tr -d '"')" "$(date +%F)"
for part in "$@"; do
  case "$part" in
    tree | projects | single | files | bytes | hostile | edits) "bench_$part" ;;
    *) say "unknown part: $part"; exit 2 ;;
  esac
done
