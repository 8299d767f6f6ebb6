#include "store/namespaces.h"

#include <cerrno>
#include <cstring>
#include <string>

namespace fw::store {

bool denies_namespaces(int sys_errno) {
  return sys_errno == EPERM || sys_errno == EACCES || sys_errno == ENOSPC || sys_errno == EUSERS;
}

Error no_namespaces(int sys_errno) {
  std::string message = "cannot start the function in a PID namespace of its own: ";
  message += std::strerror(sys_errno);
  message +=
      ". Run fwrun as root, or allow user namespaces for everyone: sysctl "
      "user.max_user_namespaces must not be 0, kernel.unprivileged_userns_clone (Debian) must be "
      "1, kernel.apparmor_restrict_unprivileged_userns (Ubuntu) must be 0; in a container, its "
      "seccomp profile must allow clone, clone3 and CLONE_NEWUSER";
  return {Errc::kSystem, std::move(message), sys_errno};
}

}  // namespace fw::store
