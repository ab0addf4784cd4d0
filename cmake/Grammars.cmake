# tree-sitter core and grammars, compiled once from the C sources that `npm ci` put in place.
set(modules ${PROJECT_SOURCE_DIR}/grammars/node_modules)
if(NOT EXISTS ${modules}/tree-sitter/vendor)
  message(FATAL_ERROR "grammars/node_modules is missing: run ./dev build (or: npm ci "
                      "--legacy-peer-deps --ignore-scripts in grammars/)")
endif()
set(core ${modules}/tree-sitter/vendor/tree-sitter/lib)
add_library(preflint_grammars STATIC
  ${core}/src/lib.c
  ${modules}/tree-sitter-bash/src/parser.c ${modules}/tree-sitter-bash/src/scanner.c
  ${modules}/tree-sitter-python/src/parser.c ${modules}/tree-sitter-python/src/scanner.c
  ${modules}/tree-sitter-requirements/src/parser.c)
target_compile_definitions(preflint_grammars PRIVATE _GNU_SOURCE)
target_compile_options(preflint_grammars PRIVATE -w -O2)
target_include_directories(preflint_grammars SYSTEM PUBLIC ${core}/include
  PRIVATE ${core}/src ${modules}/tree-sitter-bash/src)
