-- For Neovim 0.11 and later: vim.lsp.enable('preflint')
return {
  cmd = { 'preflint', 'lsp' },
  filetypes = require('preflint').filetypes,
  root_markers = require('preflint').root_markers,
}
