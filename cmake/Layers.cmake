# One static library per layer. The link list is the layer's licence to include: tests/layers_test
# reads the same list from here.
add_library(preflint_flags INTERFACE)
# GCC 12 misfires on strings that are moved, assigned and joined.
target_compile_options(preflint_flags INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
  -Wno-sign-conversion -Wnon-virtual-dtor -Wimplicit-fallthrough
  "$<$<CXX_COMPILER_ID:GNU>:-Wno-restrict;-Wno-array-bounds;-Wno-stringop-overflow>")
if(PREFLINT_WERROR)
  target_compile_options(preflint_flags INTERFACE -Werror)
endif()

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
endfunction()
