# Libraries from Debian. Their headers are SYSTEM, so that only our own warnings count.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)

function(preflint_library name header archive)
  find_path(${name}_INCLUDE ${header} REQUIRED)
  if(PREFLINT_STATIC)
    find_library(${name}_LIBRARY NAMES ${archive} REQUIRED)
  else()
    string(REGEX REPLACE "^lib(.*)\\.a$" "\\1" shared ${archive})
    find_library(${name}_LIBRARY NAMES ${shared} REQUIRED)
  endif()
  add_library(preflint::${name} INTERFACE IMPORTED)
  target_include_directories(preflint::${name} SYSTEM INTERFACE ${${name}_INCLUDE})
  target_link_libraries(preflint::${name} INTERFACE ${${name}_LIBRARY})
endfunction()
preflint_library(re2 re2/re2.h libre2.a)
preflint_library(yaml yaml-cpp/yaml.h libyaml-cpp.a)
target_link_libraries(preflint::re2 INTERFACE Threads::Threads)

# Debian ships no static fmt: the static build takes it header-only, which costs almost two seconds for
# each file that includes it; the others link the shared library.
find_path(fmt_INCLUDE fmt/format.h REQUIRED)
add_library(preflint::fmt INTERFACE IMPORTED)
target_include_directories(preflint::fmt SYSTEM INTERFACE ${fmt_INCLUDE})
if(PREFLINT_STATIC)
  target_compile_definitions(preflint::fmt INTERFACE FMT_HEADER_ONLY)
else()
  find_library(fmt_LIBRARY NAMES fmt REQUIRED)
  target_link_libraries(preflint::fmt INTERFACE ${fmt_LIBRARY})
endif()

# toml++ is header-only.
find_path(toml_INCLUDE toml++/toml.h REQUIRED)
add_library(preflint::toml INTERFACE IMPORTED)
target_include_directories(preflint::toml SYSTEM INTERFACE ${toml_INCLUDE})
