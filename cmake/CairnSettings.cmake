# Compiler settings that every layer shares.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR})
# The engine module finds the executable's copy of core's symbols (cairn::Error crosses that border).
set(CMAKE_ENABLE_EXPORTS ON)

find_program(CAIRN_CCACHE ccache)
if(CAIRN_CCACHE)
  # The sloppiness is what ccache's manual asks for with precompiled headers.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CAIRN_CCACHE})
endif()

add_library(cairn_settings INTERFACE)
target_compile_options(cairn_settings INTERFACE -Wall -Wextra -Wshadow -Wnon-virtual-dtor
  -Wno-missing-field-initializers)  # designated initialisers leave the rest at its defaults
target_include_directories(cairn_settings INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_definitions(cairn_settings INTERFACE CAIRN_VERSION="${PROJECT_VERSION}")
if(CAIRN_CCACHE AND CMAKE_CXX_COMPILER_ID STREQUAL GNU)
  target_compile_options(cairn_settings INTERFACE -fpch-preprocess)
endif()
if(CAIRN_SANITIZE)
  add_compile_options(-fsanitize=${CAIRN_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${CAIRN_SANITIZE})
endif()

# cairn_layer(NAME libs...): a static library of the folder's sources; a folder is a layer is a target.
function(cairn_layer name)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/*.cpp ${CMAKE_CURRENT_SOURCE_DIR}/*.h)
  add_library(${name} STATIC ${sources})
  target_link_libraries(${name} PUBLIC cairn_settings ${ARGN})
endfunction()
