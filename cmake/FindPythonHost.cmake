# Finds Debian's CPython 3.11 as a library: target PythonHost::Python, and
# PythonHost_INTERPRETER, the interpreter of the same build.
#
# Not CMake's FindPython3: it asks the `python3` that comes first in PATH (pyenv's,
# conda's, a virtual environment's), whose packages and C interface are others than
# those of the distribution, which functions are promised. Hence fixed places only.
find_path(PythonHost_INCLUDE_DIR Python.h
  PATHS /usr/include/python3.11 NO_DEFAULT_PATH)
find_library(PythonHost_LIBRARY NAMES libpython3.11.so
  PATHS /usr/lib/x86_64-linux-gnu NO_DEFAULT_PATH)
find_program(PythonHost_INTERPRETER python3.11
  PATHS /usr/bin NO_DEFAULT_PATH)

# Of the headers: the last part is what `python3.11 --version` says.
if(PythonHost_INCLUDE_DIR)
  file(STRINGS ${PythonHost_INCLUDE_DIR}/patchlevel.h PythonHost_VERSION
    REGEX "^#define[ \t]+PY_VERSION[ \t]+\"")
  string(REGEX REPLACE ".*\"([^\"]+)\".*" "\\1" PythonHost_VERSION "${PythonHost_VERSION}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(PythonHost
  REQUIRED_VARS PythonHost_LIBRARY PythonHost_INCLUDE_DIR PythonHost_INTERPRETER
  VERSION_VAR PythonHost_VERSION
  REASON_FAILURE_MESSAGE "run `make setup`, which installs it")

if(PythonHost_FOUND AND NOT TARGET PythonHost::Python)
  add_library(PythonHost::Python SHARED IMPORTED)
  set_target_properties(PythonHost::Python PROPERTIES
    IMPORTED_LOCATION ${PythonHost_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${PythonHost_INCLUDE_DIR})
endif()
mark_as_advanced(PythonHost_INCLUDE_DIR PythonHost_LIBRARY PythonHost_INTERPRETER)
