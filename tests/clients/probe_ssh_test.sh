#!/usr/bin/env bash
# `preflint probe --host` through a real sshd on loopback: what works, and every way in which it does not.
# Each way has a key of its own, whose forced command is what that box does.
set -euo pipefail

scratch="$(mktemp -d)"
children=()
cleanup() {
  [ "${#children[@]}" -eq 0 ] || kill "${children[@]}" 2>/dev/null || true
  rm -rf "$scratch"
}
trap cleanup EXIT
cd "$scratch"
mkdir -p keys /run/sshd
port=$((20000 + RANDOM % 20000))
export LANG=C.UTF-8 PREFLINT_SSH="$scratch/ssh"
me="$(id -un)"

for key in host other good dash busybox motd latin garbage silent cut flood; do
  ssh-keygen -q -t ed25519 -N '' -f "keys/$key"
done
ssh-keygen -q -t ed25519 -N '' -f keys/stranger
forced() { printf 'command="%s" %s\n' "$2" "$(cat "keys/$1.pub")"; }
{
  cat keys/good.pub
  forced dash 'exec dash -s'
  forced busybox 'exec busybox sh -s'
  # The order of a login: its words come first, on the same stdout.
  forced motd 'echo Welcome; echo hook.file=absent; seq 5000; exec sh -s'
  forced latin "printf '\\377\\376 caf\\351'; exec sh -s"
  forced garbage 'head -c 200000 /dev/urandom'
  forced silent 'sleep 100'
  forced cut 'sh -s | head -c 100'
  forced flood 'yes'
} >authorized_keys
head -c 1000000 /dev/zero | tr '\0' 'b' | fold -w 100 >banner
cat >sshd_config <<CONFIG
Port $port
ListenAddress 127.0.0.1
HostKey $scratch/keys/host
AuthorizedKeysFile $scratch/authorized_keys
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
LogLevel ERROR
CONFIG
printf '[127.0.0.1]:%s %s\n' "$port" "$(cut -d' ' -f1,2 keys/host.pub)" >known
printf '[127.0.0.1]:%s %s\n' "$port" "$(cut -d' ' -f1,2 keys/other.pub)" >changed
: >nobody
# ssh with a configuration of its own: which key and which known hosts, by the environment.
cat >ssh <<'SSH'
#!/bin/sh
here="$(dirname "$0")"
exec ssh -F /dev/null -o IdentitiesOnly=yes -i "$here/keys/${KEY:-good}" \
  -o UserKnownHostsFile="$here/${KNOWN:-known}" -o GlobalKnownHostsFile=/dev/null "$@"
SSH
chmod +x ssh

listening() {  # listening PORT: waits for it
  for _ in $(seq 100); do
    if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then return; fi
    sleep 0.1
  done
  echo "nothing listens on $1" >&2
  exit 1
}
/usr/sbin/sshd -D -e -f sshd_config 2>sshd.log &
children+=($!)
listening "$port"

# expect WHAT STATUS TEXT PORT [ARGUMENT…]: one probe.
expect() {
  local what="$1" want="$2" text="$3" at="$4" status=0 output
  shift 4
  output="$("$PREFLINT" probe --host "$me@127.0.0.1" -p "$at" --lang en "$@" 2>&1)" || status=$?
  if [ "$status" -ne "$want" ] || ! grep -qF -- "$text" <<<"$output"; then
    printf '%s\n%s: expected status %s and "%s", got %s\n' "${output:0:4000}" "$what" "$want" "$text" "$status" >&2
    exit 1
  fi
}

# This machine is no box: it has no card, so the verdict is NO-GO, from facts that are complete.
for key in good dash busybox motd latin; do
  KEY=$key expect "$key" 1 '"complete": true' "$port" --output-format json
  KEY=$key expect "$key" 1 'PRB007' "$port"
done
# What was captured is judged the same.
KEY=motd expect "captured" 1 PRB007 "$port" --capture motd.facts
status=0
"$PREFLINT" probe --from motd.facts --lang en >from.txt || status=$?
[ "$status" -eq 1 ]
grep -q PRB007 from.txt

closed=$((port + 1))
expect "host down" 2 'refuses the connection' "$closed"
KEY=stranger expect "auth refused" 2 'accepts none of the keys' "$port"
KNOWN=changed expect "host key changed" 2 'is not the one that is known' "$port"
KNOWN=nobody expect "host key not known" 2 'is not known here yet' "$port"
KEY=garbage expect "garbage" 2 'nothing that the probe prints' "$port"
KEY='cut' expect "cut off" 2 'end in the middle' "$port"
KEY=flood expect "flood" 2 'printed more than 8 MB' "$port"
before=$SECONDS
KEY=silent expect "hang" 2 'did not finish within 2 s' "$port" --timeout 2
[ $((SECONDS - before)) -le 8 ]
PREFLINT_SSH=/nowhere/ssh expect "no ssh" 2 'there is no' "$port"

# A server that says nothing, and one that talks for a megabyte before it is ssh.
python3 - "$((port + 2))" "$((port + 3))" <<'PYTHON' &
import socket, sys, threading, time

def serve(port, talk):
    server = socket.create_server(("127.0.0.1", port))
    while True:
        client, _ = server.accept()
        threading.Thread(target=talk, args=(client,), daemon=True).start()

def silent(client):
    time.sleep(100)

def banner(client):
    try:
        client.sendall((b"x" * 99 + b"\n") * 10000)
        time.sleep(100)
    except OSError:
        pass

threading.Thread(target=serve, args=(int(sys.argv[1]), silent), daemon=True).start()
serve(int(sys.argv[2]), banner)
PYTHON
children+=($!)
listening "$((port + 2))"
listening "$((port + 3))"
expect "silent server" 2 'did not finish within 2 s' "$((port + 2))" --timeout 2
expect "megabyte before ssh" 2 'PRB001' "$((port + 3))" --timeout 10

# A banner of nearly a megabyte from sshd itself: the client may refuse it, the probe must not hang.
kill "${children[0]}"
wait "${children[0]}" 2>/dev/null || true
echo "Banner $scratch/banner" >>sshd_config
/usr/sbin/sshd -D -e -f sshd_config 2>>sshd.log &
children[0]=$!
listening "$port"
status=0
timeout 60 "$PREFLINT" probe --host "$me@127.0.0.1" -p "$port" --lang en >banner.txt 2>&1 || status=$?
[ "$status" -eq 1 ] || [ "$status" -eq 2 ]
grep -q 'PRB00[17]' banner.txt
[ "$(wc -c <banner.txt)" -lt 20000 ]

# Hosts that are no names never reach ssh.
for host in "-oProxyCommand=touch $scratch/pwned" "a;touch $scratch/pwned" "\$(touch $scratch/pwned)" \
  "\`touch $scratch/pwned\`" "a b" "a|b" $'a\nb' "%h" ""; do
  status=0
  "$PREFLINT" probe "--host=$host" >/dev/null 2>refused.txt || status=$?
  [ -z "$host" ] || [ "$status" -eq 2 ]
  [ -z "$host" ] || [ -s refused.txt ]
done
[ ! -e pwned ]
