#!/usr/bin/env bash
# Measures preflint beside its peers on corpora that any Debian machine can make, and prints tables in
# Markdown with the commands. Usage: run.sh [tree|projects|single|scaling]…  (default: all)
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
work="$(cd "$here/../.." && pwd)/build/bench"
preflint="${PREFLINT:?the binary to measure}"
runs="${RUNS:-5}"
mkdir -p "$work"

say() { printf 'bench: %s\n' "$*" >&2; }

# Median CPU seconds (user + system) and wall seconds, and peak memory of one command.
measure() {  # NAME COMMAND
  local json="$work/hyperfine.json" peak
  hyperfine --ignore-failure --warmup 1 --runs "$runs" --export-json "$json" --style none --shell bash "$2" >/dev/null 2>&1
  peak="$(/usr/bin/time -f %M bash -c "$2" 2>&1 >/dev/null | tail -n 1)"
  jq -r --arg name "$1" --arg command "$2" --arg peak "$peak" '.results[0] |
    "| \($name) | \((.median * 1000 | round) / 1000) s | \(((.user + .system) * 1000 | round) / 1000) s | \(($peak | tonumber / 1024) | round) MB | `\($command)` |"' "$json"
}

heading() { printf '\n### %s\n\n| | median | CPU | memory | command |\n|---|---|---|---|---|\n' "$1"; }

peers() {
  [ -x "$work/peers/node_modules/.bin/ast-grep" ] || {
    say "installing ast-grep from npm"
    mkdir -p "$work/peers"
    (cd "$work/peers" && npm init -y >/dev/null && npm install --no-audit --no-fund @ast-grep/cli >/dev/null)
  }
  astgrep="$work/peers/node_modules/.bin/ast-grep"
}

# The texts that the rules look for, for ripgrep.
literals() {
  printf '%s\n' SummaryWriter TensorBoardLogger torch.save save_pretrained shutil.copy os.system subprocess \
    cpu_count plt.show imshow from_pretrained wandb pip conda 'git clone' wget curl python3 network_turbo >"$work/literals"
}

tree_corpus() {
  [ -d "$work/tree" ] && return
  say "collecting Python and shell of this machine"
  mkdir -p "$work/tree.new"
  (cd / && find usr/lib/python3* usr/share usr/bin usr/sbin -type f -size -2M \( -name '*.py' -o -name '*.sh' \) -print0 2>/dev/null |
    cpio -0 -pdm --quiet "$work/tree.new")
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
  measure flake8 "python3 -m flake8 $work/single/python/module.py"
}

bench_scaling() {
  local count folder kind size
  heading "Cost per file"
  for count in 10 1000 10000 100000; do
    folder="$work/projects-$count"
    [ -d "$folder" ] || python3 "$here/make_projects.py" "$folder" "$count"
    runs=1 measure "$count files" "$preflint check --quiet $folder"
  done
  heading "Cost per byte"
  for kind in sh py; do
    for size in 10000 100000 1000000 10000000; do
      folder="$work/bytes-$kind-$size"
      mkdir -p "$folder"
      if [ ! -s "$folder/one.$kind" ]; then
        python3 - "$kind" "$size" >"$folder/one.$kind" <<'PY'
import sys
kind, size = sys.argv[1], int(sys.argv[2])
text = "if cp a.pth b.pth; then echo moved; fi\n" if kind == "sh" else "def f{0}(x):\n    return x + {0}\ntorch.save(f{0}(1), 'a.pth')\n"
out, n = [], 0
if kind == "py":
    out.append("import torch\n")
while sum(map(len, out[-1:])) and size > 0:
    line = text.format(n)
    out.append(line)
    size -= len(line)
    n += 1
sys.stdout.write("".join(out))
PY
      fi
      runs=1 measure "$size bytes of $kind" "$preflint check --quiet $folder"
    done
  done
}

[ "$#" -gt 0 ] || set -- tree projects single scaling
for part in "$@"; do
  case "$part" in
    tree | projects | single | scaling) "bench_$part" ;;
    *) say "unknown part: $part"; exit 2 ;;
  esac
done
