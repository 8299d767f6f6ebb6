# How every target of the project is built: C++20, warnings are errors, and
# includes are written from the top of the tree ("base/result.h").
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_C_STANDARD 11)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()

set(FW_WARNINGS -Wall -Wextra -Wshadow -Wnon-virtual-dtor -Werror)

# For the tests labelled asan. The snapshot engine and the hosts cannot run under
# a sanitizer: a restored process would find its shadow memory gone.
set(FW_SANITIZE "" CACHE STRING "Sanitizers for every target, as in -fsanitize=")

# fw_setup(target): the settings every target shares.
function(fw_setup target)
  target_compile_options(${target} PRIVATE
    $<$<COMPILE_LANGUAGE:CXX>:${FW_WARNINGS}> $<$<COMPILE_LANGUAGE:C>:-Wall -Wextra -Wshadow -Werror>)
  target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR})
  if(FW_SANITIZE)
    target_compile_options(${target} PRIVATE -fsanitize=${FW_SANITIZE} -fno-sanitize-recover=all)
    target_link_options(${target} PUBLIC -fsanitize=${FW_SANITIZE})
  endif()
endfunction()

# fw_library(name sources... ): a static library fw_<name> with alias fw::<name>.
function(fw_library name)
  add_library(fw_${name} STATIC ${ARGN})
  add_library(fw::${name} ALIAS fw_${name})
  fw_setup(fw_${name})
endfunction()

# fw_executable(name sources...): goes to <build>/bin/<name>.
function(fw_executable name)
  add_executable(${name} ${ARGN})
  fw_setup(${name})
endfunction()

# fw_test(name SOURCES ... LIBRARIES ...): a doctest program, run by ctest. One
# that can run under sanitizers has the label asan: `make asan` builds and runs it.
add_custom_target(asan_tests)
function(fw_test name)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;LIBRARIES;DEFINITIONS;LABELS" ${ARGN})
  add_executable(test_${name} ${ARG_SOURCES} ${CMAKE_SOURCE_DIR}/tests/main.cc)
  fw_setup(test_${name})
  set_target_properties(test_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  target_link_libraries(test_${name} PRIVATE ${ARG_LIBRARIES})
  target_compile_definitions(test_${name} PRIVATE FW_BIN_DIR="${CMAKE_RUNTIME_OUTPUT_DIRECTORY}"
    FW_SOURCE_DIR="${CMAKE_SOURCE_DIR}" FW_TEST_DIR="${CMAKE_BINARY_DIR}/tests" ${ARG_DEFINITIONS})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  if("asan" IN_LIST ARG_LABELS)
    add_dependencies(asan_tests test_${name})
  endif()
  add_test(NAME ${name} COMMAND test_${name})
  set_tests_properties(${name} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}")
endfunction()

# fw_python_test(name FILE): a unittest file for Debian's CPython, run by ctest
# without anything that is not installed with it (-I).
function(fw_python_test name file)
  add_test(NAME ${name} COMMAND /usr/bin/python3.11 -I ${CMAKE_CURRENT_SOURCE_DIR}/${file})
  set_tests_properties(${name} PROPERTIES TIMEOUT 300
    ENVIRONMENT "FW_SOURCE_DIR=${CMAKE_SOURCE_DIR};FW_BIN_DIR=${CMAKE_RUNTIME_OUTPUT_DIRECTORY}")
endfunction()
