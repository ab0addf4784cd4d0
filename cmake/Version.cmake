# The version comes from git tags (v1.2.3); a source tree without git is 0.1.0.
set(PREFLINT_SEMVER 0.1.0)
set(PREFLINT_VERSION 0.1.0)
find_package(Git QUIET)
if(GIT_FOUND)
  execute_process(COMMAND ${GIT_EXECUTABLE} describe --tags --match "v[0-9]*" --dirty
                  WORKING_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR}
                  OUTPUT_VARIABLE described ERROR_QUIET OUTPUT_STRIP_TRAILING_WHITESPACE)
  if(described MATCHES "^v([0-9]+\\.[0-9]+\\.[0-9]+)(.*)$")
    set(PREFLINT_SEMVER ${CMAKE_MATCH_1})
    set(PREFLINT_VERSION ${CMAKE_MATCH_1}${CMAKE_MATCH_2})
  endif()
endif()
