#!/usr/bin/env bash
# Vim with Debian's ALE and our linter definitions: the location list has what the command line finds.
set -euo pipefail
# shellcheck source=tests/clients/editor_common.sh
. "$(dirname "${BASH_SOURCE[0]}")/editor_common.sh"

cat >"$scratch/vimrc" <<'VIM'
set nocompatible encoding=utf-8 noswapfile
set runtimepath^=/usr/share/vim-ale
let &runtimepath = $PLUGIN . ',' . &runtimepath
let g:ale_linters = {'sh': ['preflint'], 'python': ['preflint'], 'requirements': ['preflint']}
let g:ale_linters_explicit = 1
filetype plugin on
runtime plugin/ale.vim
VIM
cat >"$scratch/drive.vim" <<'VIM'
let s:lines = []
for s:name in split($FILES, "\n")
  execute 'edit' fnameescape($FOLDER . '/' . s:name)
  if s:name =~# '\.txt$' | set filetype=requirements | endif
  ALELint
  let s:until = reltimefloat(reltime()) + 20
  while reltimefloat(reltime()) < s:until && len(ale#engine#GetLoclist(bufnr(''))) < $COUNT
    sleep 100m
  endwhile
  sleep 500m
  for s:item in ale#engine#GetLoclist(bufnr(''))
    call add(s:lines, s:name . ':' . s:item.lnum . ' ' . get(s:item, 'code', '?'))
  endfor
endfor
call writefile(s:lines, $OUT)
qall!
VIM

projects "$scratch/project"
for name in demo/setup.sh demo/train.py demo/requirements.txt editor-fixes/run.sh; do
  folder="$scratch/project/${name%%/*}" file="${name#*/}"
  by_cli "$folder" "$file" >"$scratch/cli.txt"
  PLUGIN="$root/editors/vim" FOLDER="$folder" OUT="$scratch/vim.txt" FILES="$file" \
    COUNT="$(wc -l <"$scratch/cli.txt")" TERM=dumb timeout 120 vim.nox -u "$scratch/vimrc" -i NONE -es -S "$scratch/drive.vim" </dev/null \
    >"$scratch/vim.log" 2>&1 || { cat "$scratch/vim.log" >&2; exit 1; }
  sort "$scratch/vim.txt" >"$scratch/vim.sorted"
  same "$name" "$scratch/cli.txt" "$scratch/vim.sorted"
done
