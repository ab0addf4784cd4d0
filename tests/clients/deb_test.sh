#!/usr/bin/env bash
# The .deb in a minimal Debian 12 that has none of our build dependencies: it lints there, and removing it
# leaves nothing. Needs root and debootstrap.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
scratch="$(mktemp -d)"
# The root is kept from run to run: what is installed into it is taken out again.
box="${PREFLINT_TEST_ROOT:-$root/build/debian}"
trap 'rm -rf "$scratch"' EXIT
echo true >"$scratch/nothing"
"$root/packaging/fresh_machine.sh" "$box" "$scratch/nothing" >/dev/null

inside() { chroot "$box" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 "$@"; }
# Every file outside of dpkg's own books and caches.
listing() {
  (cd "$box" && find . -xdev \( -path ./var/lib/dpkg -o -path ./var/cache -o -path ./var/log -o -path ./root -o -path ./proc -o -path ./dev \) \
    -prune -o -print | sort)
}

inside dpkg -s g++ >/dev/null 2>&1 && { echo "$box is not minimal: g++ is there" >&2; exit 1; }
listing >"$scratch/before"
cp "$PACKAGES"/preflint_*.deb "$box/root/preflint.deb"
inside dpkg -i /root/preflint.deb >/dev/null
rm -rf "$box/root/demo"
cp -r "$root/fixtures/demo" "$box/root/demo"
status=0
output="$(inside preflint check /root/demo)" || status=$?
[ "$status" -eq 1 ]
for rule in NET001 ENV001 ENV004 DEP001 LOG001 SYN001; do
  grep -q "$rule" <<<"$output" || { echo "no $rule in: $output" >&2; exit 1; }
done
[ -s "$box/usr/share/man/man1/preflint.1.gz" ] || [ -e "$box/etc/dpkg/dpkg.cfg.d/docker" ]
inside dpkg --purge preflint >/dev/null
listing >"$scratch/after"
diff "$scratch/before" "$scratch/after"
