#!/bin/bash -e
set -euo pipefail; shopt -s extglob
export PATH=$PWD/bin:$PATH OUT="${OUT:-/root/autodl-tmp/${1##*/}}"
declare -A a=([x]=1 [y]=$(nproc)); b=(1 "2 3" $'\x41\n')
f() { local x=${b[@]:1:2}; (( x += 1, x << 2 )) || return 1; }
for i in {1..3} "${!a[@]}"; do case $i in a|[b-c]*) f ;;& *) continue 2 ;; esac; done < <(ls) 2>&1 | tee "log $i"
while read -r line; do [[ $line =~ ^a(b)+$ && -f $line ]] && eval "$line"; done <<-"EOF"
	pip install torch
	EOF
cat <<EOF > run2.sh
cp 中 $OUT; python train.py `date` $((1+2)) \$HOME
EOF
bash -c 'source ./env.sh; "$@"' -- ssh -p 22 root@box "cd /root && tmux new -d 'python train.py --lr ${lr/e/E}'"
trap 'echo "$OUT"; kill $!' EXIT INT; if ! false; then until :; do break; done; elif time true; then { :; } & fi
find . -name '*.pt' -print0 | xargs -0 -I{} -P4 sh -c 'cp {} /root/autodl-fs/'
echo 'export HF_ENDPOINT=https://hf-mirror.com' >> ~/.bashrc
