" preflint as a language server of ALE, the same for every file type.
call ale#Set('preflint_executable', 'preflint')
call ale#Set('preflint_settings', {})

function! preflint#ale#root(buffer) abort
  let l:config = ale#path#FindNearestFile(a:buffer, 'preflint.yaml')
  if !empty(l:config)
    return fnamemodify(l:config, ':p:h')
  endif
  let l:git = ale#path#FindNearestDirectory(a:buffer, '.git')
  return empty(l:git) ? expand('#' . a:buffer . ':p:h') : fnamemodify(l:git, ':p:h:h')
endfunction

function! preflint#ale#define(filetype) abort
  call ale#linter#Define(a:filetype, {
  \   'name': 'preflint',
  \   'lsp': 'stdio',
  \   'language': a:filetype,
  \   'executable': {buffer -> ale#Var(buffer, 'preflint_executable')},
  \   'command': '%e lsp',
  \   'project_root': function('preflint#ale#root'),
  \   'initialization_options': {buffer -> {'settings': ale#Var(buffer, 'preflint_settings')}},
  \})
endfunction
