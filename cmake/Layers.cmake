# One static library per layer. The link list is the layer's licence to include: tests/layers_test
# reads the same list from here.
add_library(preflint_flags INTERFACE)
# GCC 12 misfires on strings that are moved, assigned and joined.
target_compile_options(preflint_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
  -Wno-sign-conversion -Wnon-virtual-dtor -Wimplicit-fallthrough
  "$<$<CXX_COMPILER_ID:GNU>:-Wno-restrict;-Wno-array-bounds;-Wno-stringop-overflow>")
if(PREFLINT_SANITIZE)  # with ASan GCC 12 takes what std::regex builds for uninitialised
  target_compile_options(preflint_flags INTERFACE "$<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>")
endif()
if(PREFLINT_WERROR)
  target_compile_options(preflint_flags INTERFACE -Werror)
endif()

# The standard headers that most files include, compiled once a target. Where there is ccache it keeps more than
# this would save, and cannot cache with one. That each file includes what it uses is seen where there is none.
function(preflint_precompile target)
  if(NOT PREFLINT_CCACHE)
    target_precompile_headers(${target} PRIVATE <algorithm> <filesystem> <functional> <map> <memory> <optional> <set>
      <string> <string_view> <unordered_map> <vector> ${ARGN})
  endif()
endfunction()

function(preflint_layer name)
  cmake_parse_arguments(arg "" "" "USES;LIBRARIES" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cc)
  if(NOT sources)  # a layer whose first file is still to come
    file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/${name}_empty.cc "")
    set(sources ${CMAKE_CURRENT_BINARY_DIR}/${name}_empty.cc)
  endif()
  add_library(preflint_${name} STATIC ${sources})
  target_include_directories(preflint_${name} PUBLIC ${PROJECT_SOURCE_DIR}/src)
  list(TRANSFORM arg_USES PREPEND preflint_)
  target_link_libraries(preflint_${name} PUBLIC ${arg_USES} PRIVATE preflint_flags ${arg_LIBRARIES})
  preflint_precompile(preflint_${name})
endfunction()
