#!/usr/bin/env bash
# compare.sh CHECKOUTS OLD NEW: what a change does to real code.
# CHECKOUTS holds one folder OWNER+NAME for each repository of repositories.tsv that is to be compared; OLD and NEW are
# two preflint binaries. Both lint every checkout by itself; repositories marked "general" get no profile, all others
# the one of PREFLINT_PROFILE (default: autodl). Printed are the findings per rule and severity, and with -v each
# finding that only one of the two has. The exit status is 0 also when they differ; 2 when a binary failed.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
verbose=no
if [[ "${1:-}" == -v ]]; then
  verbose=yes
  shift
fi
if [[ $# -ne 3 ]]; then
  sed -n '2,6s/^# //p' "${BASH_SOURCE[0]}" >&2
  exit 2
fi
checkouts="$(cd "$1" && pwd)"
old="$(realpath "$2")"
new="$(realpath "$3")"
profile="${PREFLINT_PROFILE:-autodl}"
seconds="${PREFLINT_TIMEOUT:-120}"

work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
: >"$work/old" && : >"$work/new"

# lint BINARY FOLDER OUT [ARGUMENT…]: a line "rule severity repository path:line:column" for each finding.
lint() {
  local binary="$1" folder="$2" out="$3" status=0
  shift 3
  (cd "$folder" && timeout "$seconds" "$binary" check "$@" --output-format jsonl .) </dev/null >"$work/jsonl" 2>"$work/err" || status=$?
  if [[ $status -gt 1 ]]; then
    echo "$(basename "$folder"): $binary ended with $status: $(head -n 1 "$work/err")" >&2
    failed=yes
    return
  fi
  jq -r --arg name "$(basename "$folder")" \
    '"\(.rule) \(.severity) \($name)/\(.path)\(if .cell then ":cell\(.cell)" else "" end):\(.line):\(.column)"' "$work/jsonl" >>"$out"
}

failed=no
compared=0
while IFS=$'\t' read -r kind repository commit; do
  [[ "$kind" == '#'* ]] && continue
  folder="$checkouts/${repository/\//+}"
  [[ -d "$folder" ]] || continue
  if [[ -d "$folder/.git" && "$(git -C "$folder" rev-parse HEAD)" != "$commit" ]]; then
    echo "$repository: the checkout is not at $commit" >&2
  fi
  arguments=(--profile "$profile")
  [[ "$kind" == general ]] && arguments=()
  lint "$old" "$folder" "$work/old" "${arguments[@]}"
  lint "$new" "$folder" "$work/new" "${arguments[@]}"
  compared=$((compared + 1))
done <"$here/repositories.tsv"

sort -o "$work/old" "$work/old"
sort -o "$work/new" "$work/new"
comm -23 "$work/old" "$work/new" >"$work/gone"
comm -13 "$work/old" "$work/new" >"$work/came"

echo "$compared repositories, $(wc -l <"$work/old") findings before, $(wc -l <"$work/new") after"
awk -v was="$work/old" -v is="$work/new" -v gone="$work/gone" -v came="$work/came" '
  { key = $1 " " $2; keys[key]; count[FILENAME, key]++ }
  END {
    for (key in keys)
      if (count[gone, key] || count[came, key])
        printf "%-18s %5d -> %-5d  -%d +%d\n", key, count[was, key], count[is, key], count[gone, key], count[came, key]
  }' "$work/old" "$work/new" "$work/gone" "$work/came" | sort
if [[ $verbose == yes ]]; then
  sed 's/^/- /' "$work/gone"
  sed 's/^/+ /' "$work/came"
fi
[[ $failed == no ]] || exit 2
