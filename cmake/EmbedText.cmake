# Makes a text file a function of a C++ namespace that returns it. As a script (cmake -P), it writes the source.
if(CMAKE_SCRIPT_MODE_FILE)
  file(READ "${input}" text)
  file(WRITE "${output}.new" "// Made from ${name}.
#include <string_view>

namespace ${namespace} {

std::string_view ${function}();
std::string_view ${function}() {
  return R\"~~(${text})~~\";
}

}  // namespace ${namespace}
")
  file(RENAME "${output}.new" "${output}")
  return()
endif()

function(preflint_embed_text target name namespace function)
  set(input ${CMAKE_CURRENT_SOURCE_DIR}/${name})
  get_filename_component(base ${name} NAME_WE)
  set(output ${CMAKE_CURRENT_BINARY_DIR}/generated/${base}_text.cc)
  add_custom_command(OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -Dinput=${input} -Doutput=${output} -Dname=${name}
      -Dnamespace=${namespace} -Dfunction=${function} -P ${PROJECT_SOURCE_DIR}/cmake/EmbedText.cmake
    DEPENDS ${input} ${PROJECT_SOURCE_DIR}/cmake/EmbedText.cmake
    COMMENT "Embedding ${name}" VERBATIM)
  target_sources(${target} PRIVATE ${output})
endfunction()
