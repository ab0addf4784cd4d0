# Turns rules/ and profiles/ into tables inside the binary, so that nothing is parsed at start-up. The
# generator also compares the rules with the functions in src/checks/ and fails the build, naming the
# file, when one of a pair is missing.
function(preflint_embed target)
  set(root ${PROJECT_SOURCE_DIR})
  file(GLOB_RECURSE inputs CONFIGURE_DEPENDS ${root}/rules/*.yaml ${root}/profiles/*.yaml
    ${root}/src/checks/*.cc)
  file(GLOB generator CONFIGURE_DEPENDS ${root}/tools/generate/*.cc)
  # Uses the tables, so it is linked with them; the generator needs the catalogue without it.
  get_target_property(catalog_sources preflint_catalog SOURCES)
  list(FILTER catalog_sources EXCLUDE REGEX "/catalog/builtin_[a-z_]+\\.cc$")
  set_target_properties(preflint_catalog PROPERTIES SOURCES "${catalog_sources}")
  file(GLOB with_tables CONFIGURE_DEPENDS ${root}/src/catalog/builtin_*.cc)

  add_executable(preflint_generate ${generator})
  target_link_libraries(preflint_generate PRIVATE preflint_catalog preflint_flags preflint::fmt)

  set(out ${CMAKE_CURRENT_BINARY_DIR}/generated)
  file(MAKE_DIRECTORY ${out})
  add_custom_command(
    OUTPUT ${out}/rules.cc ${out}/documents.cc
    COMMAND preflint_generate ${root} ${out}/rules.cc ${out}/documents.cc
    DEPENDS preflint_generate ${inputs}
    COMMENT "Embedding rules and profiles" VERBATIM)
  target_sources(${target} PRIVATE ${out}/rules.cc ${out}/documents.cc ${with_tables})
endfunction()
