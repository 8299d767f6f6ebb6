# Finds Debian's libnode (node 18 as a library): target Libnode::Libnode.
# Looks where apt puts it, and in the private prefix that `make setup` uses on a
# machine whose `nodejs` package comes from another vendor.
set(FW_LIBNODE_PREFIX /opt/fwrun/libnode CACHE PATH "Where setup unpacked libnode if apt could not")

find_path(Libnode_INCLUDE_DIR node.h
  PATHS ${FW_LIBNODE_PREFIX}/usr/include/node /usr/include/node NO_DEFAULT_PATH)
find_library(Libnode_LIBRARY NAMES libnode.so.108
  PATHS ${FW_LIBNODE_PREFIX}/usr/lib/x86_64-linux-gnu /usr/lib/x86_64-linux-gnu NO_DEFAULT_PATH)
find_library(Libnode_UV_LIBRARY NAMES uv)
find_library(Libnode_CRYPTO_LIBRARY NAMES crypto)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Libnode
  REQUIRED_VARS Libnode_LIBRARY Libnode_INCLUDE_DIR Libnode_UV_LIBRARY Libnode_CRYPTO_LIBRARY
  REASON_FAILURE_MESSAGE "run `make setup`, which installs it")

if(Libnode_FOUND AND NOT TARGET Libnode::Libnode)
  add_library(Libnode::Libnode SHARED IMPORTED)
  set_target_properties(Libnode::Libnode PROPERTIES
    IMPORTED_LOCATION ${Libnode_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${Libnode_INCLUDE_DIR}
    INTERFACE_LINK_LIBRARIES "${Libnode_UV_LIBRARY};${Libnode_CRYPTO_LIBRARY}")
endif()
