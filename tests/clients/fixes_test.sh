#!/usr/bin/env bash
# --fix on real files: bash and CPython still read what it leaves, a second run changes nothing, and neither a full
# disk, a signal nor a second preflint leaves anything half done.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
scratch="$(mktemp -d)"
cleanup() {
  mountpoint -q "$scratch/small" && umount "$scratch/small"
  rm -rf "$scratch"
}
trap cleanup EXIT

die() { printf '%s\n' "$*" >&2; exit 1; }
reads() {  # reads FILE: does the program that it is for accept it?
  case "$1" in
    *.sh | *.bash) bash -n "$1" 2>/dev/null ;;
    *.py) python3 -c 'import ast, sys; ast.parse(open(sys.argv[1], "rb").read())' "$1" 2>/dev/null ;;
    *.ipynb) python3 -c 'import json, sys; json.load(open(sys.argv[1], encoding="utf-8"))' "$1" 2>/dev/null ;;
  esac
}
listing() { (cd "$1" && find . -type f -exec cksum {} + | sort -k3); }

cp -r "$root/fixtures" "$scratch/before"
find "$scratch/before" -name fixed -type d -prune -exec rm -rf {} +
for options in --fix "--fix --unsafe-fixes"; do
  rm -rf "$scratch/work"
  cp -r "$scratch/before" "$scratch/work"
  # shellcheck disable=SC2086
  "$PREFLINT" check $options --severity info "$scratch/work" >/dev/null 2>&1 || true
  changed=0
  while IFS= read -r -d '' file; do
    name="${file#"$scratch/work/"}"
    cmp -s "$file" "$scratch/before/$name" && continue
    changed=$((changed + 1))
    if reads "$scratch/before/$name"; then reads "$file" || die "$options broke $name"; fi
  done < <(find "$scratch/work" -type f -print0)
  [ "$changed" -gt 0 ] || die "$options changed nothing"
  [ "$(cd "$scratch/work" && find . | sort)" = "$(cd "$scratch/before" && find . | sort)" ] || die "$options left files behind"
  listing "$scratch/work" >"$scratch/once"
  # shellcheck disable=SC2086
  "$PREFLINT" check $options --severity info "$scratch/work" >/dev/null 2>&1 || true
  listing "$scratch/work" | diff "$scratch/once" - || die "a second $options changes something"
done

large() {  # large FILE: a script with many findings
  printf '#!/bin/bash\nset -e\nsource /etc/network_turbo\n' >"$1"
  for _ in $(seq 4000); do echo 'python3 train.py # a line that is rather long'; done >>"$1"
}

# A full disk: the old file stays, nothing else is there, and it is said.
if [ "$(id -u)" -eq 0 ] && mkdir "$scratch/small" && mount -t tmpfs -o size=300k none "$scratch/small" 2>/dev/null; then
  large "$scratch/small/a.sh"
  sum="$(cksum <"$scratch/small/a.sh")"
  status=0
  output="$("$PREFLINT" check --fix --quiet "$scratch/small" 2>&1 >/dev/null)" || status=$?
  [ "$status" -eq 2 ] || die "a full disk: status $status"
  grep -q 'a.sh: not fixed: No space left on device' <<<"$output" || die "a full disk: $output"
  [ "$(cksum <"$scratch/small/a.sh")" = "$sum" ] || die 'a full disk changed the file'
  [ "$(ls -A "$scratch/small")" = a.sh ] || die "a full disk left $(ls -A "$scratch/small")"
fi

# Signals at any moment, and two at once: the file is the old or the new one, and alone.
mkdir "$scratch/race"
large "$scratch/original.sh"
cp "$scratch/original.sh" "$scratch/race/a.sh"
"$PREFLINT" check --fix --quiet "$scratch/race" >/dev/null 2>&1 || true
old="$(cksum <"$scratch/original.sh")"
new="$(cksum <"$scratch/race/a.sh")"
[ "$old" != "$new" ] || die 'the large script was not fixed'
whole() {
  sum="$(cksum <"$scratch/race/a.sh")"
  [ "$sum" = "$old" ] || [ "$sum" = "$new" ] || die "$1 left half a file"
  [ "$(ls -A "$scratch/race")" = a.sh ] || die "$1 left $(ls -A "$scratch/race")"
}
for i in $(seq 12); do
  cp "$scratch/original.sh" "$scratch/race/a.sh"
  "$PREFLINT" check --fix --quiet "$scratch/race" >/dev/null 2>&1 &
  pid=$!
  sleep "0.$((i * 7))"
  kill -TERM "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  whole 'a signal'
done
for _ in 1 2 3; do
  cp "$scratch/original.sh" "$scratch/race/a.sh"
  "$PREFLINT" check --fix --quiet "$scratch/race" >/dev/null 2>&1 &
  "$PREFLINT" check --fix --quiet "$scratch/race" >/dev/null 2>&1 || true
  wait
  whole 'two at once'
  [ "$sum" = "$new" ] || die 'neither of two did it'
done

# A pipe that is closed ends quietly.
status=0
"$PREFLINT" check "$scratch/original.sh" 2>"$scratch/errors" | head -n 1 >/dev/null || status=$?
[ ! -s "$scratch/errors" ] || die "a closed pipe: $(cat "$scratch/errors")"
