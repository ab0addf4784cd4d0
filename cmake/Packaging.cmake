# What an installed preflint consists of, and the .deb made from it (packaging/build.sh).
if(NOT TARGET preflint)
  return()
endif()
include(GNUInstallDirs)

set(files ${PROJECT_BINARY_DIR}/packaging)
find_program(PREFLINT_SCDOC scdoc)
find_program(PREFLINT_GZIP gzip)
add_custom_target(packaging_files
  COMMAND ${CMAKE_COMMAND} -E make_directory ${files}
  COMMAND preflint completion bash > ${files}/preflint
  COMMAND preflint completion zsh > ${files}/_preflint
  COMMAND preflint completion fish > ${files}/preflint.fish
  COMMAND ${PREFLINT_SCDOC} < ${PROJECT_SOURCE_DIR}/packaging/preflint.1.scd > ${files}/preflint.1
  COMMAND ${PREFLINT_GZIP} -9nf ${files}/preflint.1
  COMMAND ${PREFLINT_GZIP} -9nc ${PROJECT_SOURCE_DIR}/CHANGELOG.md > ${files}/changelog.gz
  VERBATIM)

install(TARGETS preflint RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${files}/preflint.1.gz DESTINATION share/man/man1 OPTIONAL)
install(FILES ${files}/preflint DESTINATION share/bash-completion/completions OPTIONAL)
install(FILES ${files}/_preflint DESTINATION share/zsh/vendor-completions OPTIONAL)
install(FILES ${files}/preflint.fish DESTINATION share/fish/vendor_completions.d OPTIONAL)
install(FILES ${files}/changelog.gz README.md DESTINATION share/doc/preflint OPTIONAL)
install(FILES packaging/copyright DESTINATION share/doc/preflint)

string(REPLACE "-" "+" debian_version "${PREFLINT_VERSION}")
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME preflint)
set(CPACK_PACKAGE_VERSION ${debian_version})
set(CPACK_PACKAGE_CONTACT "the preflint authors <preflint@users.noreply.github.com>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "preflight linter for training jobs on rented GPU boxes")
set(CPACK_PACKAGE_DESCRIPTION "Reads shell wrappers, notebooks, requirements and training code as one program and reports
what will break, stall, lose data, leak a secret or burn money on the platform that
a profile describes. It never runs what it reads.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "git, openssh-client")
include(CPack)
