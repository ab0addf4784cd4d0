#!/usr/bin/env bash
# A box made of namespaces: a root of its own with stand-ins for nvidia-smi and the image's Python, the
# hook and its proxy, a TensorBoard that answers over HTTP, and storage tiers that are real mounts with
# real inode limits. All is well there, and each fault flips exactly its own verdict.
set -euo pipefail

# Mounting needs a namespace of ours.
if [ "${1:-}" != inside ]; then exec unshare --user --map-root-user --mount "$0" inside; fi

root="$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
# shellcheck disable=SC2153  # the environment gives it
preflint="$(realpath "$PREFLINT")"
scratch="$(mktemp -d)"
cleanup() {
  umount "$scratch"/tiers/* 2>/dev/null || true
  rm -rf "$scratch"
}
trap cleanup EXIT
cd "$scratch"

tier() {  # tier NAME SIZE INODES: an empty file system
  mkdir -p "tiers/$1"
  umount "tiers/$1" 2>/dev/null || true
  mount -t tmpfs -o "size=$2,nr_inodes=$3" "preflint-$1" "tiers/$1"
}

# The box as it should be; every case starts from here.
make_box() {
  rm -rf home etc bin
  mkdir -p home/miniconda3/bin home/tf-logs home/.cache etc bin
  tier data 40g 20000
  tier shared 40g 2000
  ln -s /root/autodl-tmp/cache home/.cache/huggingface
  mkdir tiers/data/cache
  echo 40charsofsecret >home/.wandb_key
  chmod 600 home/.wandb_key
  cp -L /etc/ld.so.cache /etc/passwd /etc/group etc/
  printf 'hosts: files\n' >etc/nsswitch.conf
  printf '127.0.0.1 localhost\n140.82.112.3 github.com\n' >etc/hosts
  printf 'export no_proxy=localhost,127.0.0.1\nexport http_proxy=http://user:secret@127.0.0.1:12798 && export https_proxy=http://127.0.0.1:12798\n' >etc/network_turbo
  cat >home/miniconda3/bin/python <<'PYTHON'
#!/bin/sh
if [ "$1" = --version ]; then echo Python 3.12.3; exit; fi
printf 'torch.import=ok\ntorch.version=2.8.0+cu128\ntorch.cuda=12.8\ntorch.cuda_available=yes\n'
printf 'torch.arch_list=%s\ntorch.0.capability=12.0\n' "${ARCHITECTURES:-sm_80 sm_90 sm_120}"
PYTHON
  cat >bin/nvidia-smi <<'SMI'
#!/bin/sh
case "$1" in
  *=name) echo NVIDIA GeForce RTX 5090 ;;
  *=memory.total) echo 32607 ;;
  *=memory.used) echo "${USED:-12}" ;;
  *=compute_cap) echo 12.0 ;;
  *=ecc*) echo "${ECC:-0}" ;;
  *) exit 2 ;;
esac
SMI
  cat >bin/server.py <<'SERVER'
# Stands for the proxy and for TensorBoard: answers every path with a text.
import http.server, sys

class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = self.server.body if self.path == "/data/runs" else b"hello"
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *arguments):
        pass

port = int(" ".join(sys.argv).replace("=", " ").split("--port ")[1].split()[0])
server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
server.body = sys.argv[sys.argv.index("--runs") + 1].encode() if "--runs" in sys.argv else b"[]"
server.serve_forever()
SERVER
  cp bin/server.py bin/tensorboard
  chmod +x home/miniconda3/bin/python bin/nvidia-smi
  PROXY=12798 LOGDIR=/root/tf-logs RUNS='[]' PANEL=6007 SERVICE='' USED='' ECC='' ARCHITECTURES='' TRACE=''
}

cat >start <<'START'
#!/bin/bash
# Runs inside the box.
wait_for() {
  for _ in $(seq 100); do
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return
    sleep 0.1
  done
}
serve() { /usr/bin/python3 "$@" >/dev/null 2>&1 & }
[ -z "$PROXY" ] || { serve /box/server.py --port "$PROXY"; wait_for "$PROXY"; }
[ -z "$PANEL" ] || { serve /box/tensorboard --logdir "$LOGDIR" --port="$PANEL" --runs "$RUNS"; wait_for "$PANEL"; }
[ -z "$SERVICE" ] || { serve /box/server.py --port "$SERVICE"; wait_for "$SERVICE"; }
cd /root
$TRACE /preflint probe --profile autodl --output-format json --capture /root/facts
START
chmod +x start

# Runs the probe in the box: its JSON on stdout, what the script printed in the file `captured`.
box() {
  local mounts=(--ro-bind /usr /usr --symlink usr/bin /bin --symlink usr/lib /lib --symlink usr/lib64 /lib64
    --symlink usr/sbin /sbin --proc /proc --dev /dev --tmpfs /tmp)
  [ ! -d /lib32 ] || mounts+=(--symlink usr/lib32 /lib32)
  mounts+=(--bind home /root --ro-bind etc /etc --ro-bind bin /box --ro-bind start /start --ro-bind "$preflint" /preflint)
  [ ! -d tiers/data ] || mounts+=(--bind tiers/data /root/autodl-tmp)
  [ -n "${NO_SHARED:-}" ] || mounts+=(--bind tiers/shared /root/autodl-fs)
  [ -n "${NO_SHARED:-}" ] && mkdir -p home/autodl-fs
  env -i PATH=/box:/usr/bin:/bin HOME=/root LANG=C.UTF-8 SECRET_TOKEN=do-not-tell PROXY="$PROXY" LOGDIR="$LOGDIR" \
    RUNS="$RUNS" PANEL="$PANEL" SERVICE="$SERVICE" USED="$USED" ECC="$ECC" ARCHITECTURES="$ARCHITECTURES" TRACE="$TRACE" \
    bwrap --unshare-pid --unshare-net --die-with-parent "${mounts[@]}" /start || [ $? -eq 1 ]
  mv home/facts captured
}

# The rules that are no GO, with their verdicts.
faults() {
  python3 -c '
import json, sys
box = json.load(sys.stdin)["box"]
assert box["complete"], box
print(" ".join(sorted(p["rule"] + "=" + p["verdict"] for p in box["probes"]
                      if p["verdict"] not in ("GO", "UNKNOWN"))))'
}

expect() {  # expect WHAT FAULTS: of the box as it is now
  local found
  found="$(box | faults)" || { cat captured >&2; exit 1; }
  if [ "$found" != "$2" ]; then
    cat captured >&2
    printf '%s: expected "%s", found "%s"\n' "$1" "$2" "$found" >&2
    exit 1
  fi
}

make_box
expect "a box as it should be" ''
# What must not leave the box: contents of files, the environment, a password in an address.
if grep -q 'secret\|do-not-tell\|40chars' captured; then cat captured >&2; exit 1; fi
grep -q '^hook.proxy=127.0.0.1:12798$' captured
grep -q '^panel.logdir=/root/tf-logs$' captured

# It writes nothing: no file is opened for writing, made, renamed or removed.
TRACE='/usr/bin/strace -f -qq -o /tmp/trace -e trace=open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,unlink,unlinkat,link,symlink,truncate,mknod,chmod,fchmodat'
sed 's|^cd /root$|cd /root; trap "cat /tmp/trace >/root/trace" EXIT|' start >start.traced
chmod +x start.traced
mv start start.plain && mv start.traced start
expect "a box as it should be, traced" ''
mv start.plain start
grep 'O_WRONLY\|O_RDWR\|O_CREAT\|mkdir\|rename\|unlink\|link(\|creat(\|chmod' home/trace |
  grep -v '"/dev/null"\|"/dev/tty"\|"/proc/self\|"/root/facts' >written || true
if [ -s written ]; then cat written >&2; exit 1; fi
[ -s home/trace ]

make_box && rm etc/network_turbo
expect "the hook is missing" 'PRB002=NO-GO'
make_box && PROXY=''
expect "the proxy is dead" 'PRB003=NO-GO'
make_box && rm home/miniconda3/bin/python
expect "the interpreter is missing" 'PRB004=NO-GO'
make_box && ARCHITECTURES='sm_70 sm_80 sm_90'
expect "no kernels for the card" 'PRB006=NO-GO'
make_box && rm bin/nvidia-smi
expect "no card" 'PRB007=NO-GO'
make_box && USED=20000
expect "memory in use" 'PRB008=WARN'
make_box && ECC=2
expect "memory errors" 'PRB009=NO-GO'
make_box && NO_SHARED=yes
expect "the shared tier is a plain folder" 'PRB010=NO-GO'
unset NO_SHARED
make_box && head -c 100M /dev/zero >tiers/data/big && mount -o remount,size=100m,nr_inodes=20000 "$scratch/tiers/data"
expect "the data tier is full" 'PRB011=NO-GO'

make_box
tier shared 40g 500
(cd tiers/shared; seq 600 | xargs touch 2>/dev/null) || true
expect "no inodes left" 'PRB012=NO-GO'
# Bytes look fine meanwhile.
grep -q '^tier.shared.inodes_free=0$' captured
[ "$(sed -n 's/^tier.shared.kib_free=//p' captured)" -gt 40000000 ]

make_box && mount -o remount,ro,size=40g,nr_inodes=2000 "$scratch/tiers/shared"
expect "a read-only tier" 'PRB013=NO-GO'
make_box && rm home/.cache/huggingface && mkdir home/.cache/huggingface
expect "the cache on the system disk" 'PRB014=WARN'
make_box && LOGDIR=/root/runs
expect "TensorBoard shows another folder" 'PRB015=WARN'
make_box && touch home/tf-logs/events.out.tfevents.1
expect "TensorBoard does not show what is there" 'PRB015=WARN'
make_box && touch home/tf-logs/events.out.tfevents.1 && RUNS='["demo"]'
expect "TensorBoard shows what is there" ''
make_box && PANEL=''
expect "no TensorBoard" 'PRB015=WARN'
make_box && SERVICE=6006
expect "an exposed port is taken" 'PRB016=WARN'
make_box && chmod 644 home/.wandb_key
expect "a credential that others can read" 'PRB018=WARN'
make_box && rm home/.wandb_key
expect "no credential" 'PRB018=WARN'
make_box && cp home/.wandb_key tiers/shared/.wandb_key
expect "a credential on the shared tier" 'PRB019=NO-GO'
make_box && printf 'hosts: files\n' >etc/nsswitch.conf && printf '127.0.0.1 localhost\n' >etc/hosts
expect "names are not resolved" 'PRB024=WARN'

# The same box from outside, as a mounted root: what can be seen there is judged, the rest is left alone.
make_box
mkdir -p whole/root
cp -a home/. whole/root/
cp -a etc whole/
mkdir -p whole/root/miniconda3/lib/python3.12/site-packages/torch-2.8.0+cu128.dist-info
status=0
"$preflint" probe --profile autodl --root whole --output-format json >root.json || status=$?
[ "$status" -eq 0 ] || { cat root.json >&2; exit 1; }
grep -q '"torch": "2.8.0"' root.json
grep -q '"python": "3.12"' root.json
rm whole/etc/network_turbo
status=0
"$preflint" probe --profile autodl --root whole >root.txt || status=$?
[ "$status" -eq 1 ]
grep -q 'NO-GO   PRB002' root.txt
shellcheck "$root/src/probe/probe.sh"
