#!/usr/bin/env bash
# Each shell accepts the completion script that is meant for it; the man page knows every option.
set -euo pipefail

scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"

"$PREFLINT" completion bash >"$scratch/preflint.bash"
"$PREFLINT" completion zsh >"$scratch/_preflint"
"$PREFLINT" completion fish >"$scratch/preflint.fish"
bash -n "$scratch/preflint.bash"
zsh -n "$scratch/_preflint"
fish --no-execute "$scratch/preflint.fish"

offered="$(HOME="$scratch" fish --no-config -c "source $scratch/preflint.fish; complete -C 'preflint check --output-format '")"
grep -qP '^sarif(\t|$)' <<<"$offered"
offered="$(bash --norc -c "source $scratch/preflint.bash; COMP_WORDS=(preflint check --output-format ''); COMP_CWORD=3; _preflint; echo \${COMPREPLY[*]}")"
grep -qw sarif <<<"$offered"
zsh -f -c "autoload -Uz compinit; compinit -D; source $scratch/_preflint 2>/dev/null; whence _preflint_check" | grep -q _preflint_check

missing=0
while read -r option; do
  grep -q -- "\*$option\*" "$root/packaging/preflint.1.scd" || { echo "the man page does not know $option" >&2; missing=1; }
done < <("$PREFLINT" check --help | grep -o -- '--[a-z][a-z-]*' | grep -vx -- '--help\|--help-all' | sort -u)
[ "$missing" -eq 0 ]
scdoc <"$root/packaging/preflint.1.scd" | MANWIDTH=80 man -l - | grep -q 'preflint check'
