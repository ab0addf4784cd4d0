#!/usr/bin/env bash
# What goes wrong around us: a full disk, a read-only tree, nobody who reads, signals in the middle of
# --fix, two of us at once. Files are as before or as they should be, never in between.
set -euo pipefail

# Mounts of our own need a namespace of our own.
if [ "${PREFLINT_FAULTS_INSIDE:-}" != 1 ]; then
  export PREFLINT_FAULTS_INSIDE=1
  exec unshare --mount --map-root-user "$0" "$@"
fi

scratch="$(mktemp -d)"
cleanup() {
  # A child that SIGTERM meets before it has become preflint still has this trap.
  [ "$BASHPID" = "$$" ] || return 0
  umount "$scratch/small" "$scratch/frozen" 2>/dev/null || true
  rm -rf "$scratch"
}
trap cleanup EXIT

fail() {
  printf 'faults_test: %s\n' "$*" >&2
  exit 1
}

# A project with COUNT wrappers, each of which --fix mends.
project() {
  local folder="$1" count="$2" i
  mkdir -p "$folder"
  printf 'profile: autodl\n' >"$folder/preflint.yaml"
  for ((i = 0; i < count; ++i)); do
    printf '#!/bin/bash\npython train_%d.py | tee train.log && echo done\n' "$i" >"$folder/run_$i.sh"
  done
}

status_of() {
  local status=0
  "$@" >"$scratch/out" 2>"$scratch/err" || status=$?
  [ "$status" -lt 128 ] || fail "$* ended by a signal ($status): $(cat "$scratch/err")"
  printf '%s\n' "$status"
}

same() { diff -r "$1" "$2" >/dev/null || fail "$3: $(diff -r "$1" "$2" | head -5)"; }
no_leftovers() { [ -z "$(find "$1" -name '.preflint-*')" ] || fail "$2 left a temporary file"; }

project "$scratch/before" 20
cp -r "$scratch/before" "$scratch/after"
[ "$(status_of "$PREFLINT" check --fix "$scratch/after")" -le 1 ] || fail "--fix failed: $(cat "$scratch/err")"
for file in "$scratch"/after/run_*.sh; do
  grep -q pipefail "$file" || fail "--fix did not mend $file"
done

# A disk without room: the file stays, the reason is said, the status is 2.
mkdir "$scratch/small"
mount -t tmpfs -o size=256k tmpfs "$scratch/small"
project "$scratch/small/project" 3
cp -r "$scratch/small/project" "$scratch/small-before"
dd if=/dev/zero of="$scratch/small/filler" bs=4k 2>/dev/null || true
[ "$(status_of "$PREFLINT" check --fix "$scratch/small/project")" -eq 2 ] || fail "--fix on a full disk did not end with 2"
grep -q 'No space left' "$scratch/err" || fail "a full disk is not named: $(cat "$scratch/err")"
same "$scratch/small-before" "$scratch/small/project" "--fix on a full disk changed something"
no_leftovers "$scratch/small" "--fix on a full disk"
for option in --output-file --write-baseline; do
  [ "$(status_of "$PREFLINT" check --output-format json "$option" "$scratch/small/report" "$scratch/before")" -eq 2 ] ||
    fail "$option on a full disk did not end with 2"
done
umount "$scratch/small"

# A tree that cannot be written.
mkdir "$scratch/frozen"
mount --bind "$scratch/before" "$scratch/frozen"
mount -o remount,ro,bind "$scratch/frozen"
[ "$(status_of "$PREFLINT" check --fix "$scratch/frozen")" -eq 2 ] || fail "--fix of a read-only tree did not end with 2"
umount "$scratch/frozen"
for file in "$scratch"/before/run_*.sh; do
  if grep -q pipefail "$file"; then fail "a read-only file was changed"; fi
done

# Nobody reads.
status=0
"$PREFLINT" check "$scratch/before" >/dev/full 2>"$scratch/err" || status=$?
[ "$status" -eq 2 ] || fail "a full stdout ended with $status"
status=0
"$PREFLINT" check "$scratch/before" >&- 2>"$scratch/err" || status=$?
[ "$status" -le 2 ] || fail "a closed stdout ended with $status"
"$PREFLINT" check --exit-zero "$scratch/before" 2>"$scratch/err" | head -n 1 >/dev/null || fail "a reader that leaves is an error"
[ ! -s "$scratch/err" ] || fail "a reader that leaves is complained about: $(cat "$scratch/err")"

# Stopped and continued, again and again: a call that is interrupted is taken up.
cp -r "$scratch/before" "$scratch/paused"
"$PREFLINT" check --fix --exit-zero "$scratch/paused" >/dev/null 2>"$scratch/err" &
pid=$!
while kill -STOP "$pid" 2>/dev/null; do
  sleep 0.002
  kill -CONT "$pid" 2>/dev/null || break
  sleep 0.002
done
wait "$pid" || fail "an interrupted --fix failed: $(cat "$scratch/err")"
same "$scratch/after" "$scratch/paused" "an interrupted --fix"

# SIGTERM at 200 moments of --fix: every file is the old one or the new one, and nothing else is left.
begin=$(date +%s%N)
cp -r "$scratch/before" "$scratch/timed"
"$PREFLINT" check --fix --exit-zero "$scratch/timed" >/dev/null
took=$((($(date +%s%N) - begin) / 1000))
killed=0
for ((i = 0; i < 200; ++i)); do
  rm -rf "$scratch/victim"
  cp -r "$scratch/before" "$scratch/victim"
  "$PREFLINT" check --fix --exit-zero "$scratch/victim" >/dev/null 2>&1 &
  pid=$!
  sleep "$(printf '0.%06d' $(((RANDOM * 32768 + RANDOM) % (took < 900000 ? took : 900000))))"
  kill -TERM "$pid" 2>/dev/null || true
  if ! wait "$pid" 2>/dev/null; then killed=$((killed + 1)); fi
  no_leftovers "$scratch/victim" "SIGTERM"
  for file in "$scratch"/victim/*; do
    name="$(basename "$file")"
    cmp -s "$file" "$scratch/before/$name" || cmp -s "$file" "$scratch/after/$name" || fail "SIGTERM left $name half-written"
  done
  [ "$(find "$scratch/victim" -type f | wc -l)" -eq 21 ] || fail "SIGTERM lost a file"
done
[ "$killed" -gt 20 ] || fail "SIGTERM came too late in all but $killed of 200 runs"

# Two at once: the result is that of one.
for ((i = 0; i < 20; ++i)); do
  rm -rf "$scratch/shared"
  cp -r "$scratch/before" "$scratch/shared"
  "$PREFLINT" check --fix --exit-zero "$scratch/shared" >/dev/null 2>&1 &
  first=$!
  "$PREFLINT" check --fix --exit-zero "$scratch/shared" >/dev/null 2>&1 &
  second=$!
  wait "$first" || [ "$?" -le 2 ] || fail "the first of two died"
  wait "$second" || [ "$?" -le 2 ] || fail "the second of two died"
  same "$scratch/after" "$scratch/shared" "two at once"
  no_leftovers "$scratch/shared" "two at once"
done
