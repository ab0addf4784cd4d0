#!/usr/bin/env bash
# A headless Neovim attaches through our plugin, has the diagnostics of the command line for every fixture,
# and a buffer after "fix all" is the file after --fix.
set -euo pipefail
# shellcheck source=tests/clients/editor_common.sh
. "$(dirname "${BASH_SOURCE[0]}")/editor_common.sh"

cat >"$scratch/drive.lua" <<'LUA'
vim.opt.runtimepath:prepend(os.getenv('PLUGIN'))
vim.cmd('filetype on')
local preflint = require('preflint')
preflint.setup({})
local folder, out = os.getenv('FOLDER'), io.open(os.getenv('OUT'), 'w')

local function fail(sentence)
  io.stderr:write(sentence .. '\n')
  vim.cmd('cquit')
end

local published = {}
local handler = vim.lsp.handlers['textDocument/publishDiagnostics']
vim.lsp.handlers['textDocument/publishDiagnostics'] = function(err, result, context, config)
  published[vim.uri_to_fname(result.uri)] = result
  return handler(err, result, context, config)
end

local buffers = {}
for name in vim.gsplit(os.getenv('FILES'), '\n', true) do
  vim.cmd('edit ' .. vim.fn.fnameescape(folder .. '/' .. name))
  local buffer = vim.api.nvim_get_current_buf()
  if not vim.wait(20000, function() return next(vim.lsp.buf_get_clients(buffer)) ~= nil end, 10) then
    fail('no server for ' .. name .. ' (' .. vim.bo.filetype .. ')')
  end
  table.insert(buffers, { name = name, buffer = buffer })
end
for _, one in ipairs(buffers) do
  local path = vim.api.nvim_buf_get_name(one.buffer)
  if not vim.wait(60000, function() return published[path] ~= nil end, 10) then
    fail('no diagnostics for ' .. one.name)
  end
end
-- The first ones may be of a moment when not all files were open.
vim.wait(1500)
for _, one in ipairs(buffers) do
  for _, diagnostic in ipairs(vim.diagnostic.get(one.buffer)) do
    out:write(string.format('%s:%d %s\n', one.name, diagnostic.lnum + 1, diagnostic.user_data and diagnostic.user_data.lsp.code or diagnostic.code))
  end
end
out:close()

if os.getenv('FIX') == 'yes' then
  vim.cmd('PreflintMap')
  if not vim.wait(20000, function() return vim.bo.buftype == 'nofile' end, 10) then fail('no map') end
  local map = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
  if not map:find('run.sh', 1, true) then fail('not the map: ' .. map) end
  vim.cmd('close')
  for _, one in ipairs(buffers) do
    local lines = vim.api.nvim_buf_line_count(one.buffer)
    local answers = vim.lsp.buf_request_sync(one.buffer, 'textDocument/codeAction', {
      textDocument = vim.lsp.util.make_text_document_params(one.buffer),
      range = { start = { line = 0, character = 0 }, ['end'] = { line = lines, character = 0 } },
      context = { diagnostics = {}, only = { 'source.fixAll.preflint' } },
    }, 20000)
    for id, answer in pairs(answers or {}) do
      for _, action in ipairs(answer.result or {}) do
        if not action.edit then
          action = vim.lsp.buf_request_sync(one.buffer, 'codeAction/resolve', action, 20000)[id].result
        end
        if action.edit then
          vim.lsp.util.apply_workspace_edit(action.edit, vim.lsp.get_client_by_id(id).offset_encoding)
        end
      end
    end
    vim.api.nvim_buf_call(one.buffer, function() vim.cmd('noautocmd write!') end)
  end
end
vim.cmd('qall!')
LUA

projects "$scratch/project"
tried=0
for folder in "$scratch"/project/*/; do
  files="$(cd "$folder" && find . -type f \( -name '*.sh' -o -name '*.py' -o -name 'pyproject.toml' \) | sed 's|^\./||' | sort)"
  [ -n "$files" ] || continue
  mapfile -t names <<<"$files"
  by_cli "$folder" "${names[@]}" >"$scratch/cli.txt"
  fix=no
  [ "$(basename "$folder")" != editor-fixes ] || fix=yes
  PLUGIN="$root/editors/nvim" FOLDER="${folder%/}" OUT="$scratch/nvim.txt" FILES="$files" FIX="$fix" \
    timeout 120 nvim --headless -u NONE -i NONE -n -c "luafile $scratch/drive.lua" 2>"$scratch/nvim.err" ||
    { cat "$scratch/nvim.err" >&2; exit 1; }
  sort "$scratch/nvim.txt" >"$scratch/nvim.sorted"
  same "$(basename "$folder")" "$scratch/cli.txt" "$scratch/nvim.sorted"
  tried=$((tried + $(wc -l <"$scratch/cli.txt")))
done
[ "$tried" -ge 6 ]

projects "$scratch/fixed"
(cd "$scratch/fixed/editor-fixes" && preflint check --fix . >/dev/null) || [ $? -eq 1 ]
same "fix all" "$scratch/fixed/editor-fixes/run.sh" "$scratch/project/editor-fixes/run.sh"
