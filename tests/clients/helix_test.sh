#!/usr/bin/env bash
# Helix itself is not packaged: its configuration is TOML, every language names the server, and the server
# that it names answers.
set -euo pipefail
# shellcheck source=tests/clients/editor_common.sh
. "$(dirname "${BASH_SOURCE[0]}")/editor_common.sh"

python3 - "$root/editors/helix/languages.toml" <<'PYTHON'
import json, subprocess, sys, tomllib

with open(sys.argv[1], "rb") as file:
    config = tomllib.load(file)
for language in config["language"]:
    assert "preflint" in language["language-servers"], language
server = config["language-server"]["preflint"]
process = subprocess.Popen([server["command"], *server["args"]], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

def send(message):
    body = json.dumps({"jsonrpc": "2.0", **message}).encode()
    process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    process.stdin.flush()

# What Helix says of itself.
send({"id": 1, "method": "initialize", "params": {"processId": None, "rootUri": None, "initializationOptions": None,
     "capabilities": {"general": {"positionEncodings": ["utf-8", "utf-32", "utf-16"]}}}})
length = int(process.stdout.readline().split(b":")[1])
while process.stdout.readline().strip():
    pass
answer = json.loads(process.stdout.read(length))
assert answer["result"]["capabilities"]["positionEncoding"] == "utf-8", answer
process.stdin.close()
process.wait(timeout=20)
PYTHON
