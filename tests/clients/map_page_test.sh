#!/usr/bin/env bash
# The page of `preflint map` in a real browser: what its DOM says survives, in both languages, and that a
# phone's width holds it.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
binary="$(realpath "$PREFLINT")"
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
job="$root/../shared/conformance/08-clean"
[ -d "$job" ] || { echo "no conformance cases beside this checkout"; exit 1; }

browse() {
  timeout 60 chromium --headless --no-sandbox --disable-gpu --user-data-dir="$scratch/browser" --dump-dom "file://$1" 2>/dev/null
}

# How wide the page becomes on a screen of 400 px: a frame, because a headless window is never that narrow.
width_on_a_phone() {
  python3 - "$1" >"$scratch/phone.html" <<'PYTHON'
import html, sys
page = html.escape(open(sys.argv[1], encoding='utf-8').read(), quote=True)
print(f"""<!DOCTYPE html><body><iframe id="phone" width="400" height="2000" frameborder="0" srcdoc="{page}"
onload="document.body.dataset.wide = this.contentDocument.documentElement.scrollWidth"></iframe></body>""")
PYTHON
  browse "$scratch/phone.html" | sed -n 's/.*<body data-wide="\([0-9]*\)".*/\1/p' | head -n 1
}

cat >"$scratch/rows.py" <<'PYTHON'
"""The rows of all tables in a DOM as `cell | cell | …`, and what the page fetches."""
import sys
from html.parser import HTMLParser

class Rows(HTMLParser):
    def __init__(self):
        super().__init__()
        self.row, self.cell, self.requests = None, None, []
    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == 'tr': self.row = []
        if tag in ('td', 'th') and self.row is not None: self.cell = ''
        for name in ('src', 'href'):
            if attributes.get(name, '#')[0] != '#': print('request', attributes[name])
    def handle_endtag(self, tag):
        if tag in ('td', 'th') and self.cell is not None:
            self.row.append(' '.join(self.cell.split())); self.cell = None
        if tag == 'tr' and self.row: print(' | '.join(self.row)); self.row = None
    def handle_data(self, text):
        if self.cell is not None: self.cell += text

Rows().feed(sys.stdin.read())
PYTHON

for language in en zh; do
  "$binary" map --lang "$language" --format html --output-file "$scratch/$language.html" "$job"
  browse "$scratch/$language.html" | python3 "$scratch/rows.py" >"$scratch/rows.txt"
  yes=yes no=no
  [ "$language" = en ] || { yes=是 no=否; }
  # kind | path | tier | stop | reset | release | image | gone after | written by
  holds() {
    grep -Eq "^[^|]* \| $1 \| [^|]* \| $yes \| $2 \| $3 \|" "$scratch/rows.txt" ||
      { echo "$language: no row says that $1 survives reset: $2, release: $3"; cat "$scratch/rows.txt"; exit 1; }
  }
  # shellcheck disable=SC2016  # `$name` is the page's
  {
    holds '/root/autodl-fs/final/\$name/best.pth' "$yes" "$yes"
    holds '/root/autodl-tmp/checkpoints/\$name/latest.pth' "$yes" "$no"
    holds '/root/tf-logs/\$name' "$no" "$no"
    holds '/root/autodl-tmp/huggingface_cache/hub' "$yes" "$no"
  }
  if grep '^request' "$scratch/rows.txt"; then echo "the page fetches something"; exit 1; fi
  wide="$(width_on_a_phone "$scratch/$language.html")"
  if [ "${wide:-0}" -le 300 ] || [ "$wide" -gt 400 ]; then
    echo "$language: '$wide' px wide on a screen of 400"
    exit 1
  fi
done
