#!/usr/bin/env bash
# The VS Code extension: its types, its tests with the real language client and server, and the package, made
# without any network once the locked modules are there.
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
PREFLINT="$(realpath "$PREFLINT")"
export PREFLINT
cd "$root/editors/vscode"
if [ ! -e node_modules/.package-lock.json ] || [ package-lock.json -nt node_modules/.package-lock.json ]; then
  npm ci --ignore-scripts --no-audit --no-fund >&2
  touch node_modules/.package-lock.json
fi
quiet() {
  local output
  output="$("$@" 2>&1)" || { printf '%s\n' "$output" >&2; exit 1; }
}
quiet npm run --silent check
quiet node build.mjs
quiet node --test --test-reporter=spec test/extension.test.js

scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
mkdir -p server
cp "$PREFLINT" server/preflint
# A network namespace without a network: nothing can be fetched.
quiet unshare --user --map-root-user --net npm run --silent package -- --out "$scratch/preflint.vsix"
rm -r server
python3 - "$scratch/preflint.vsix" <<'PYTHON'
import json, sys, zipfile

with zipfile.ZipFile(sys.argv[1]) as package:
    names = {name.removeprefix("extension/"): name for name in package.namelist()}
    manifest = json.loads(package.read(names["package.json"]))
    for name in ("dist/extension.js", "server/preflint", "config.schema.json", "package.nls.zh-cn.json"):
        assert name in names, name
    assert not any("node_modules" in name or "/test/" in name for name in names), names
    # Every text of the manifest is there in both languages.
    english = json.loads(package.read(names["package.nls.json"]))
    chinese = json.loads(package.read(names["package.nls.zh-cn.json"]))
    assert english.keys() == chinese.keys()
    text = json.dumps(manifest)
    for key in english:
        assert f"%{key}%" in text, key
    # What unpacks it keeps the mode: the server can be started.
    assert package.getinfo(names["server/preflint"]).external_attr >> 16 & 0o100
PYTHON
