#!/bin/sh
# Reads the facts of a box and prints them as key=value lines. What is put before this file sets the
# variables below and a function `tiers` that calls `tier NAME PATH [ALIAS…]`: the profile's places.
#
# It writes nothing (not even the temporary file of a heredoc), needs no Python and prints no contents of
# files and no environment: of a credential there is a place, a mode and whether it exists. Everything
# lies in functions and the last line calls `main`: a script that arrives in part does nothing.

: "${root=}" "${hook=}" "${variables=}" "${prefix=}" "${interpreter=}" "${packages=}" "${panel=}"
: "${panel_port=}" "${ports=}" "${credential=}" "${durable=}" "${host=}"
LC_ALL=C
export LC_ALL
PATH="$PATH:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
export PATH
newline='
'

have() { command -v "$1" >/dev/null 2>&1; }

# One line a fact, whatever a program has printed: no control characters, no endless value.
say() {
  value="$(printf '%s' "$2" | tr '\000-\037\177' ' ' | cut -c 1-400)"
  printf '%s=%s\n' "$1" "$value"
}

# limit SECONDS COMMAND…: the command with a limit where there is `timeout`, and without any input.
limit() {
  seconds="$1"
  shift
  if have timeout; then timeout "$seconds" "$@" </dev/null; else "$@" </dev/null; fi
}

first_line() { head -n 1 "$1" 2>/dev/null; }

# number TEXT: the text when it is a plain number.
number() {
  case "$1" in
    '' | *[!0-9]*) ;;
    *) printf '%s' "$1" ;;
  esac
}

# connects HOST PORT: does something listen there? 2 when there is no way to find out.
connects() {
  if have curl; then
    seconds="$(limit 5 curl -s -o /dev/null --noproxy '*' --connect-timeout 3 -m 4 \
      -w '%{time_connect}' "http://$1:$2/" 2>/dev/null | tr -d '0.,')"
    [ -n "$seconds" ]
  elif have bash; then
    # shellcheck disable=SC2016  # the inner shell expands them
    limit 5 bash -c 'exec 3<>"/dev/tcp/$0/$1"' "$1" "$2" >/dev/null 2>&1
  elif have nc; then
    limit 5 nc -z -w 3 "$1" "$2" >/dev/null 2>&1
  else
    return 2
  fi
}

# fetch URL: a page of this machine, never through a proxy.
fetch() {
  if have curl; then
    limit 5 curl -s -f --noproxy '*' -m 4 "$1" 2>/dev/null
  elif have wget; then
    no_proxy='*' limit 5 wget -q -T 4 -O - "$1" 2>/dev/null
  else
    return 2
  fi
}

probe_hook() {
  [ -n "$hook" ] || return
  if [ ! -e "$root$hook" ]; then
    say hook.file absent
    return
  fi
  if [ ! -r "$root$hook" ] || [ ! -f "$root$hook" ]; then
    say hook.file unreadable
    return
  fi
  say hook.file present
  exported=''
  for variable in $variables; do
    grep -q "\(^\|[;& 	]\)$variable=" "$root$hook" 2>/dev/null && exported="$exported $variable"
  done
  say hook.exports "${exported# }"
  # Only host and port: what stands before an @ is nobody's business.
  proxy="$(sed -n 's/.*https\{0,1\}_proxy=["'\'']\{0,1\}\(http:\/\/\)\{0,1\}\([^@"'\'' ;]*@\)\{0,1\}\([A-Za-z0-9.-]*:[0-9][0-9]*\).*/\3/p' "$root$hook" 2>/dev/null | head -n 1)"
  [ -n "$proxy" ] || return
  say hook.proxy "$proxy"
  [ -z "$root" ] || return
  connects "${proxy%:*}" "${proxy##*:}"
  case "$?" in
    0) say hook.proxy_answers yes ;;
    2) say hook.proxy_answers untested ;;
    *) say hook.proxy_answers no ;;
  esac
}

probe_python() {
  [ -n "$interpreter" ] || return
  if [ ! -f "$root$interpreter" ] && [ ! -h "$root$interpreter" ]; then
    say python.interpreter absent
  elif [ -n "$root" ]; then
    say python.interpreter present
  elif [ ! -x "$interpreter" ]; then
    say python.interpreter not-executable
  else
    say python.interpreter present
    version="$(limit 10 "$interpreter" --version 2>&1)"
    status="$?"
    case "$version" in
      Python\ [0-9]*) say python.version "${version#Python }" ;;
      *) say python.fault "status $status" ;;
    esac
  fi
}

# What the installed packages say of themselves: for a box whose Python cannot be asked.
probe_packages() {
  [ -n "$prefix" ] || return
  for library in "$root$prefix"/lib/python3.*/site-packages; do
    [ -d "$library" ] || continue
    minor="${library%/site-packages}"
    [ -n "$root" ] && say python.version "${minor##*/python}"
    for package in $packages; do
      for info in "$library/$package"-[0-9]*.dist-info; do
        [ -d "$info" ] || continue
        info="${info##*/"$package"-}"
        say "installed.$package" "${info%.dist-info}"
      done
    done
    cuda="$(sed -n "s/^cuda[^=]*= *'\([0-9.]*\)'.*/\1/p" "$library/torch/version.py" 2>/dev/null | head -n 1)"
    [ -n "$cuda" ] && say installed.cuda "$cuda"
    break
  done
}

# Prints facts as lines; what a library prints goes to stderr and away.
torch_program='
import os, sys
out = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)
def say(key, value):
    out.write("%s=%s\n" % (key, " ".join(str(value).split())[:300]))
    out.flush()
try:
    import importlib.metadata as metadata
    for name in sys.argv[1:]:
        try:
            say("package." + name, metadata.version(name))
        except Exception:
            pass
except ImportError:
    pass
try:
    import torch
except ModuleNotFoundError as error:
    say("torch.import", "absent" if error.name == "torch" else "failed")
    say("torch.fault", type(error).__name__ + ": " + str(error))
    sys.exit()
except BaseException as error:
    say("torch.import", "failed")
    say("torch.fault", type(error).__name__ + ": " + str(error))
    sys.exit()
say("torch.import", "ok")
say("torch.version", getattr(torch, "__version__", ""))
say("torch.cuda", getattr(getattr(torch, "version", None), "cuda", None) or "none")
try:
    flags = torch.cuda.get_arch_list()
    if not flags:
        flags = (torch._C._cuda_getArchFlags() or "").split()
    say("torch.arch_list", " ".join(flags))
except Exception:
    pass
try:
    say("torch.cuda_available", "yes" if torch.cuda.is_available() else "no")
    count = torch.cuda.device_count()
    say("torch.devices", count)
    for index in range(min(count, 16)):
        say("torch.%d.capability" % index, "%d.%d" % tuple(torch.cuda.get_device_capability(index)))
except Exception as error:
    say("torch.cuda_fault", type(error).__name__ + ": " + str(error))
'

probe_torch() {
  [ -n "$interpreter" ] && [ -z "$root" ] && [ -x "$interpreter" ] || return
  # shellcheck disable=SC2086  # a list of names
  facts="$(cd / && CUDA_CACHE_DISABLE=1 PYTHONDONTWRITEBYTECODE=1 limit 18 "$interpreter" -B -c "$torch_program" $packages 2>/dev/null)"
  status="$?"
  printf '%s\n' "$facts" | grep '^[a-z_.0-9]*=' | tr -d '\r' | head -n 60
  case "$status" in
    0) ;;
    124 | 137 | 143) say torch.import slow ;;
    *) case "$newline$facts" in *"${newline}torch.import="*) ;; *) say torch.import failed ;; esac
       say torch.status "$status" ;;
  esac
}

# gpu_query FIELD: one value a card. Asked field by field: an old driver rejects all for one unknown name.
gpu_query() { limit 8 nvidia-smi --query-gpu="$1" --format=csv,noheader,nounits 2>/dev/null; }

gpu_field() {
  values="$(gpu_query "$2")" || return
  index=0
  printf '%s\n' "$values" | head -n 16 | while IFS= read -r one; do
    one="${one# }"
    case "$one" in '' | *'[N/A]'* | *'Not Supported'* | *'not a valid field'*) ;; *) say "gpu.$index.$1" "$one" ;; esac
    index=$((index + 1))
  done
}

probe_gpu() {
  [ -z "$root" ] || return
  if ! have nvidia-smi; then
    say gpu.tool absent
    return
  fi
  names="$(gpu_query name)"
  status="$?"
  if [ "$status" -ne 0 ] || [ -z "$names" ]; then
    case "$status" in 124 | 137 | 143) say gpu.tool slow ;; *) say gpu.tool failed ;; esac
    say gpu.status "$status"
    return
  fi
  say gpu.tool ok
  say gpu.count "$(printf '%s\n' "$names" | grep -c .)"
  gpu_field name name
  gpu_field memory_mib memory.total
  gpu_field used_mib memory.used
  gpu_field capability compute_cap
  gpu_field ecc_errors ecc.errors.uncorrected.volatile.total
  gpu_field driver driver_version
  kernel="$(limit 5 dmesg 2>/dev/null)" && say gpu.xid "$(printf '%s\n' "$kernel" | grep -c 'NVRM: Xid')"
}

# df_line OPTION PATH: "TOTAL AVAILABLE MOUNT" of the file system that holds a path.
df_line() {
  limit 8 df "$1" "$2" 2>/dev/null | tail -n 1 |
    sed -n 's/^.*[[:space:]]\([0-9][0-9]*\|-\)[[:space:]]\{1,\}\([0-9][0-9]*\|-\)[[:space:]]\{1,\}\([0-9][0-9]*\|-\)[[:space:]]\{1,\}\([0-9][0-9]*%\|-\)[[:space:]]\{1,\}\(\/.*\)$/\1 \3 \5/p'
}

tier() {
  name="$1"
  shift
  place=''
  for candidate in "$@"; do
    if [ -d "$root$candidate" ]; then
      place="$candidate"
      break
    fi
  done
  if [ -z "$place" ]; then
    say "tier.$name.state" absent
    return
  fi
  say "tier.$name.state" present
  say "tier.$name.path" "$place"
  if [ -n "$root" ]; then
    real="$root$place"
  else
    real="$(cd -P "$place" 2>/dev/null && pwd -P)" || real="$place"
    [ "$real" = "$place" ] || say "tier.$name.real" "$real"
  fi
  line="$(df_line -Pk "$real")"
  if [ -z "$line" ]; then
    say "tier.$name.df" failed
    return
  fi
  mount="${line#* }"
  mount="${mount#* }"
  say "tier.$name.mount" "$mount"
  # A plain folder lies on the file system of the folder above it.
  above="${place%/*}"
  line_above="$(df_line -Pk "$root${above:-/}")"
  say "tier.$name.above" "/${line_above#*/}"
  # Below a mounted root a tier that is not mounted there is not known, and no plain folder either.
  [ -n "$root" ] && [ "$name" != system ] && [ "$mount" != "$real" ] && return
  say "tier.$name.kib" "${line%% *}"
  rest="${line#* }"
  say "tier.$name.kib_free" "${rest%% *}"
  line="$(df_line -Pi "$real")"
  if [ -n "$line" ]; then
    say "tier.$name.inodes" "$(number "${line%% *}")"
    rest="${line#* }"
    say "tier.$name.inodes_free" "$(number "${rest%% *}")"
  fi
  options="$(while read -r _ point type flags _; do
    [ "$point" = "$mount" ] && printf '%s %s\n' "$type" "$flags"
  done </proc/mounts 2>/dev/null | tail -n 1)"
  [ -n "$options" ] || return
  say "tier.$name.type" "${options%% *}"
  case ",${options#* }," in *,ro,*) say "tier.$name.read_only" yes ;; *) say "tier.$name.read_only" no ;; esac
}

# assigned NAME: what the files that login shells read set a variable to.
assigned() {
  for file in /root/.bashrc /root/.bash_profile /root/.profile /etc/profile /etc/environment; do
    found="$(sed -n "s/^[[:space:]]*\(export[[:space:]]\{1,\}\)\{0,1\}$1=[\"']\{0,1\}\([A-Za-z0-9_./~-]*\).*/\2/p" "$root$file" 2>/dev/null | tail -n 1)"
    [ -n "$found" ] && { printf '%s' "$found"; return; }
  done
}

# real PATH: where links lead, as far as the path exists; inside the mounted root if there is one.
real() {
  path="$1"
  hops=0
  while [ "$hops" -lt 8 ]; do
    link="$(readlink "$root$path" 2>/dev/null)" || break
    [ -n "$link" ] || break
    case "$link" in /*) path="$link" ;; *) path="${path%/*}/$link" ;; esac
    hops=$((hops + 1))
  done
  if [ -z "$root" ] && [ -d "$path" ]; then path="$(cd -P "$path" 2>/dev/null && pwd -P)" || path="$1"; fi
  printf '%s' "$path"
}

probe_cache() {
  home=/root
  [ -z "$root" ] && [ -n "${HOME:-}" ] && home="$HOME"
  cache=''
  [ -z "$root" ] && cache="${HF_HOME:-}"
  [ -n "$cache" ] || cache="$(assigned HF_HOME)"
  if [ -n "$cache" ]; then
    say cache.set yes
    # shellcheck disable=SC2088  # the tilde is a letter of a file's text
    case "$cache" in '~/'*) cache="$home/${cache#'~/'}" ;; esac
  else
    say cache.set no
    cache="$home/.cache/huggingface"
  fi
  case "$cache" in /*) ;; *) return ;; esac
  say cache.path "$cache"
  place="$(real "$cache")"
  # A folder above may be the link: ~/.cache itself is often one.
  if [ "$place" = "$cache" ] && [ ! -e "$root$cache" ]; then
    above="$(real "${cache%/*}")"
    place="$above/${cache##*/}"
  fi
  say cache.real "$place"
  if [ -d "$root$place" ]; then
    say cache.state present
    size="$(limit 4 du -sk "$root$place" 2>/dev/null | cut -f 1)"
    say cache.kib "$(number "$size")"
  else
    say cache.state absent
  fi
}

# panel_process FOLDER: the words of a command line are read; says what it shows when it is the panel.
panel_process() {
  directory='' port='' previous=''
  while IFS= read -r word; do
    case "$previous" in
      --logdir) directory="$word" ;;
      --port) port="$word" ;;
    esac
    case "$word" in
      --logdir=*) directory="${word#--logdir=}" ;;
      --port=*) port="${word#--port=}" ;;
    esac
    previous="$word"
  done
  [ "${port:-6006}" = "$panel_port" ] || return
  case "$directory" in
    '' | /*) ;;
    *) here="$(readlink "$1/cwd" 2>/dev/null)" && directory="$here/$directory" ;;
  esac
  say panel.process yes
  [ -n "$directory" ] || return 0
  say panel.logdir "$directory"
  say panel.logdir_real "$(real "$directory")"
}

# The panel: which TensorBoard runs, for which folder and port. Of command lines only these two.
probe_panel() {
  [ -n "$panel" ] || return
  [ -h "$root$panel" ] && say panel.link "$(real "$panel")"
  if [ -d "$root$panel" ]; then
    say panel.directory present
    events="$(limit 4 find -L "$root$panel" -maxdepth 4 -name '*.tfevents.*' 2>/dev/null | head -n 1)"
    if [ -n "$events" ]; then say panel.events yes; else say panel.events no; fi
  else
    say panel.directory absent
  fi
  [ -z "$root" ] && [ -n "$panel_port" ] || return
  for entry in /proc/[0-9]*/cmdline; do
    # The program itself or what an interpreter runs, not an editor that has such a file open.
    words="$({ tr '\000' '\n' <"$entry" | head -n 60; } 2>/dev/null)"
    case "$words" in *tensorboard*) ;; *) continue ;; esac
    printf '%s\n' "$words" | head -n 4 |
      grep -q '^\(.*/\)\{0,1\}tensorboard\(\.main\|/main\.py\)\{0,1\}$' || continue
    printf '%s\n' "$words" | panel_process "${entry%/cmdline}" && break
  done
  runs="$(fetch "http://127.0.0.1:$panel_port/data/runs")"
  case "$?" in
    0) case "$runs" in
         '['*']'*) say panel.answers yes
                   say panel.runs "$(($(printf '%s' "$runs" | tr -cd '"' | wc -c) / 2))" ;;
         *) say panel.answers other ;;
       esac ;;
    2) say panel.answers untested ;;
    *) say panel.answers no ;;
  esac
}

probe_ports() {
  [ -z "$root" ] || return
  for port in $ports; do
    hex="$(printf '%04X' "$port")"
    state=unknown
    if [ -r /proc/net/tcp ]; then
      state=free
      cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | grep -q "^ *[0-9]*: [0-9A-F]*:$hex [0-9A-F:]* 0A " && state=taken
    fi
    say "port.$port" "$state"
  done
}

probe_tools() {
  for tool in tmux screen nohup setsid; do
    if [ -z "$root" ]; then
      have "$tool" && say "tool.$tool" yes
    else
      for folder in /usr/bin /bin /usr/local/bin; do
        [ -e "$root$folder/$tool" ] && { say "tool.$tool" yes; break; }
      done
    fi
  done
  say tool.asked yes
}

mode_of() { stat -c %a "$1" 2>/dev/null; }

# Existence, mode and place. Contents are never read.
probe_credentials() {
  if [ -n "$credential" ]; then
    if [ -e "$root$credential" ]; then
      say credential.state present
      say credential.mode "$(mode_of "$root$(real "$credential")")"
      say credential.real "$(real "$credential")"
    else
      say credential.state absent
    fi
  fi
  [ -n "$durable" ] && [ -d "$root$durable" ] || return
  found=''
  for name in .wandb_key wandb_key .netrc .hf_token hf_token .huggingface/token huggingface/token .git-credentials \
    .ssh/id_rsa .ssh/id_ed25519 id_rsa id_ed25519 .aws/credentials .kaggle/kaggle.json kaggle.json; do
    [ -e "$root$durable/$name" ] && found="$found $durable/$name"
  done
  say credential.shared "${found# }"
}

probe_limits() {
  [ -z "$root" ] || return
  host_kib="$(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo 2>/dev/null)"
  say memory.host_kib "$host_kib"
  group=/sys/fs/cgroup
  if [ -r "$group/memory.max" ]; then
    say memory.limit_bytes "$(number "$(first_line "$group/memory.max")")"
    say memory.used_bytes "$(number "$(first_line "$group/memory.current")")"
    say memory.cache_bytes "$(sed -n 's/^file \([0-9]*\)/\1/p' "$group/memory.stat" 2>/dev/null)"
    say memory.oom_kills "$(sed -n 's/^oom_kill \([0-9]*\)/\1/p' "$group/memory.events" 2>/dev/null)"
  elif [ -r "$group/memory/memory.limit_in_bytes" ]; then
    bytes="$(number "$(first_line "$group/memory/memory.limit_in_bytes")")"
    # "No limit" is a number of nearly 2^63 there.
    [ "${#bytes}" -lt 19 ] && say memory.limit_bytes "$bytes"
    say memory.used_bytes "$(number "$(first_line "$group/memory/memory.usage_in_bytes")")"
    say memory.cache_bytes "$(sed -n 's/^total_cache \([0-9]*\)/\1/p' "$group/memory/memory.stat" 2>/dev/null)"
    say memory.oom_kills "$(sed -n 's/^oom_kill \([0-9]*\)/\1/p' "$group/memory/memory.oom_control" 2>/dev/null)"
  fi
  say cpu.host "$(grep -c '^processor' /proc/cpuinfo 2>/dev/null)"
  if [ -r "$group/cpu.max" ]; then
    quota="$(first_line "$group/cpu.max")"
    period="${quota#* }"
    quota="${quota% *}"
  else
    quota="$(first_line "$group/cpu/cpu.cfs_quota_us")"
    period="$(first_line "$group/cpu/cpu.cfs_period_us")"
  fi
  if [ -n "$(number "$quota")" ] && [ -n "$(number "$period")" ] && [ "$period" -gt 0 ]; then
    say cpu.limit_percent "$((quota * 100 / period))"
  fi
  say uptime.seconds "$(sed -n 's/^\([0-9]*\).*/\1/p' /proc/uptime 2>/dev/null)"
}

probe_names() {
  [ -z "$root" ] && [ -n "$host" ] || return
  say dns.host "$host"
  if have getent; then
    if limit 5 getent hosts "$host" >/dev/null 2>&1; then say dns.answers yes; else say dns.answers no; fi
  elif have nslookup; then
    if limit 5 nslookup "$host" >/dev/null 2>&1; then say dns.answers yes; else say dns.answers no; fi
  else
    say dns.answers untested
  fi
}

main() {
  # What a login has printed before may not have ended its line.
  echo
  say preflint.begin 1
  [ -n "$root" ] && say box.root "$root"
  # What answers at once comes first: when time runs out, the rest is what is not known.
  probe_limits
  probe_tools
  probe_ports
  probe_packages
  probe_hook
  probe_python
  probe_gpu
  probe_names
  probe_panel
  tiers
  probe_credentials
  probe_cache
  probe_torch
  say box.clock "$(date +%s)"
  say preflint.end ok
}

main </dev/null
