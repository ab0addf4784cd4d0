#!/usr/bin/env bash
# Proves the README on a machine that has nothing: makes a minimal Debian 12 in FOLDER, clones this
# checkout into it and runs there the commands of README's first code block, as they stand.
# Needs root and debootstrap. Package sources, proxies and certificates are taken from this machine.
#
#   packaging/fresh_machine.sh FOLDER          make it (once) and run the README
#   packaging/fresh_machine.sh FOLDER SCRIPT   make it (once) and run SCRIPT inside instead
set -euo pipefail

[ "$#" -ge 1 ] || { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
conformance="${PREFLINT_CONFORMANCE:-$root/../shared/conformance}"
folder="$(realpath -m "$1")"
script="${2:-}"
[ "$folder" != / ] || exit 2

if [ ! -e "$folder/.complete" ]; then
  mirror="$(apt-get indextargets --format "\$(REPO_URI) \$(RELEASE)" 'Created-By: Packages' |
    awk '$2 == "bookworm" { print $1; exit }')"
  debootstrap --variant=minbase bookworm "$folder" "$mirror" >"$folder.log" 2>&1 ||
    { tail "$folder.log"; exit 2; }
  # The suites of Debian itself; what else this machine has is not part of a fresh one.
  rm -f "$folder/etc/apt/sources.list"
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*; do
    if [ -f "$file" ] && grep -q 'debian.*bookworm\|Suites: bookworm' "$file"; then
      install -D -m 644 "$file" "$folder$file"
    fi
  done
  cp /etc/apt/apt.conf.d/99* "$folder/etc/apt/apt.conf.d/" 2>/dev/null || true
  cp -r /usr/local/share/ca-certificates "$folder/usr/local/share/" 2>/dev/null || true
  touch "$folder/.complete"
fi
cp -L /etc/resolv.conf "$folder/etc/resolv.conf"
cp /etc/hosts "$folder/etc/hosts"

mount -t proc proc "$folder/proc"
mount --bind /dev "$folder/dev"
trap 'umount "$folder/dev" "$folder/proc"' EXIT

rm -rf "$folder/root/preflint" "$folder/root/shared"
git clone -q --no-hardlinks "$root" "$folder/root/preflint"
if [ -d "$conformance" ]; then
  mkdir -p "$folder/root/shared"
  cp -r "$conformance" "$folder/root/shared/conformance"
fi

environment=(HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 CI=true)
for name in http_proxy https_proxy no_proxy npm_config_registry; do
  [ -z "${!name:-}" ] || environment+=("$name=${!name}")
done
inside() { chroot "$folder" /usr/bin/env -i "${environment[@]}" bash -c "$1" </dev/null; }

if [ -n "$script" ]; then
  cp "$script" "$folder/root/script"
  inside 'cd /root/preflint && bash /root/script'
  exit
fi

# shellcheck disable=SC2016  # the backticks are a fence of Markdown
mapfile -t commands < <(sed -n '/^```sh$/,/^```$/p' "$root/README.md" | grep '^\./dev ' | head -2 |
  sed 's/ *#.*//')
[ "${#commands[@]}" -eq 2 ]
for command in "${commands[@]}"; do
  printf '\n$ %s\n' "$command"
  began="$(date +%s)"
  status=0
  inside "cd /root/preflint && $command" || status=$?
  printf '(exit status %d after %d s)\n' "$status" "$(($(date +%s) - began))"
  results+=("$status")
done
# The demo has findings (1), the tests pass (0).
[ "${results[*]}" = "1 0" ]
