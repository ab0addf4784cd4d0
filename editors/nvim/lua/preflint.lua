-- Starts `preflint lsp` for the files that it reads. With Neovim 0.11 `vim.lsp.enable('preflint')` does
-- the same; this works from 0.7 on.
local M = {}

M.filetypes = { 'sh', 'bash', 'zsh', 'python', 'requirements', 'toml', 'cfg', 'yaml', 'sshconfig' }
M.root_markers = { 'preflint.yaml', '.git' }

-- Of these types only some files are preflint's business.
local names = {
  toml = { '^pyproject%.toml$' },
  cfg = { '^setup%.cfg$' },
  yaml = { '^preflint%.ya?ml$', '^environment.*%.ya?ml$' },
  text = { 'requirements.*%.txt$', '^constraints.*%.txt$' },
}

local function wanted(path, filetype)
  local patterns = names[filetype]
  local name = vim.fn.fnamemodify(path, ':t')
  if patterns then
    for _, pattern in ipairs(patterns) do
      if name:match(pattern) then
        return true
      end
    end
    return path:match('/requirements/[^/]*%.txt$') ~= nil and filetype == 'text'
  end
  return vim.tbl_contains(M.filetypes, filetype)
end

local function root_of(path)
  local folder = vim.fn.fnamemodify(path, ':p:h')
  for _, marker in ipairs(M.root_markers) do
    local found = vim.fn.findfile(marker, folder .. ';')
    if found == '' then
      found = vim.fn.finddir(marker, folder .. ';')
    end
    if found ~= '' then
      return vim.fn.fnamemodify(found, ':p:h' .. (marker == '.git' and ':h' or ''))
    end
  end
  return folder
end

local clients = {} -- by root

local function client_for(root, options)
  local id = clients[root]
  if id and vim.lsp.get_client_by_id(id) then
    return id
  end
  id = vim.lsp.start_client({
    name = 'preflint',
    cmd = options.cmd or { 'preflint', 'lsp' },
    root_dir = root,
    workspace_folders = { { name = root, uri = vim.uri_from_fname(root) } },
    settings = { preflint = options.settings or {} },
    init_options = { settings = options.settings or {} },
    capabilities = options.capabilities,
    on_attach = options.on_attach,
  })
  clients[root] = id
  return id
end

--- Attaches to a buffer when preflint reads such files; the client's id or nil.
function M.attach(buffer, options)
  local path = vim.api.nvim_buf_get_name(buffer)
  if path == '' or vim.bo[buffer].buftype ~= '' or not wanted(path, vim.bo[buffer].filetype) then
    return nil
  end
  local id = client_for(root_of(path), options or {})
  if id then
    vim.lsp.buf_attach_client(buffer, id)
  end
  return id
end

--- Opens the job map of a buffer's project in a window of its own.
function M.map(buffer)
  local root = root_of(vim.api.nvim_buf_get_name(buffer))
  local arguments = { { uri = vim.uri_from_fname(root), format = 'text' } }
  vim.lsp.buf_request(buffer, 'workspace/executeCommand', { command = 'preflint.map', arguments = arguments }, function(err, result)
    if err then
      vim.notify('preflint: ' .. err.message, vim.log.levels.ERROR)
      return
    end
    vim.cmd('new')
    vim.bo.buftype = 'nofile'
    vim.bo.bufhidden = 'wipe'
    vim.api.nvim_buf_set_lines(0, 0, -1, false, vim.split(result.content, '\n'))
    vim.bo.modifiable = false
  end)
end

--- options: cmd, settings, capabilities, on_attach
function M.setup(options)
  options = options or {}
  vim.api.nvim_create_autocmd('FileType', {
    group = vim.api.nvim_create_augroup('preflint', { clear = true }),
    callback = function(event)
      M.attach(event.buf, options)
    end,
  })
  vim.api.nvim_create_user_command('PreflintRestart', function()
    for _, id in pairs(clients) do
      vim.lsp.stop_client(id)
    end
    clients = {}
    for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
      if vim.api.nvim_buf_is_loaded(buffer) then
        M.attach(buffer, options)
      end
    end
  end, { desc = 'Start the preflint server anew' })
  vim.api.nvim_create_user_command('PreflintMap', function()
    M.map(0)
  end, { desc = 'Which of the job\'s files outlive the instance' })
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buffer) then
      M.attach(buffer, options)
    end
  end
end

return M
