#include "snapshot/restore/raw/print.h"

#include <asm/errno.h>

#include "snapshot/restore/raw/syscall.h"
#include "snapshot/snapshot.h"

namespace fw::raw {
namespace {

int exit_code = FW_RESTORE_EXIT_REFUSED;

// One line, built on the stack so that it is written by a single system call.
class Line {
 public:
  void add(const char* text) {
    while (text != nullptr && *text != '\0' && length_ < sizeof buffer_ - 1) {
      buffer_[length_++] = *text++;
    }
  }
  void add_number(std::uint64_t value, unsigned base) {
    char digits[24];
    unsigned n = 0;
    do {
      digits[n++] = "0123456789abcdef"[value % base];
      value /= base;
    } while (value != 0);
    while (n > 0 && length_ < sizeof buffer_ - 1) buffer_[length_++] = digits[--n];
  }
  [[noreturn]] void write_and_end() {
    buffer_[length_++] = '\n';
    call(__NR_write, 2, static_cast<const char*>(buffer_), length_);
    end_process(exit_code);
  }

 private:
  char buffer_[1024];
  std::size_t length_ = 0;
};

const char* errno_name(long error) {
  switch (error) {
    case EPERM:
      return "EPERM, not permitted";
    case ENOENT:
      return "ENOENT, no such file";
    case EAGAIN:
      return "EAGAIN, a resource limit was reached";
    case ENOMEM:
      return "ENOMEM, out of memory or of mappings";
    case EACCES:
      return "EACCES, permission denied";
    case EEXIST:
      return "EEXIST, the address is occupied";
    case EINVAL:
      return "EINVAL, not supported by this kernel";
    case EMFILE:
      return "EMFILE, too many open descriptors";
    case EBADF:
      return "EBADF, no such descriptor";
    case ENOSPC:
      return "ENOSPC, no space left";
    default:
      return nullptr;
  }
}

Line start(const char* what, const char* subject) {
  Line line;
  line.add("fwrun-restore: ");
  if (exit_code == FW_RESTORE_EXIT_RESET) line.add("cannot reset: ");
  line.add(what);
  if (subject != nullptr) {
    line.add(" ");
    line.add(subject);
  }
  return line;
}

[[noreturn]] void end_with_errno(Line& line, long result) {
  line.add(": errno ");
  line.add_number(static_cast<std::uint64_t>(-result), 10);
  if (const char* name = errno_name(-result)) {
    line.add(" (");
    line.add(name);
    line.add(")");
  }
  line.write_and_end();
}

}  // namespace

void end_process(int exit_code) {
  for (;;) call(__NR_exit_group, exit_code);
}

void refuse_resets_from_now() { exit_code = FW_RESTORE_EXIT_RESET; }

void refuse(const char* what, const char* subject, const char* reason) {
  Line line = start(what, subject);
  if (reason != nullptr) {
    line.add(": ");
    line.add(reason);
  }
  line.write_and_end();
}

void refuse_errno(const char* what, const char* subject, long result) {
  Line line = start(what, subject);
  end_with_errno(line, result);
}

void refuse_at(const char* what, std::uint64_t address) {
  Line line = start(what, nullptr);
  line.add(" at 0x");
  line.add_number(address, 16);
  line.write_and_end();
}

void refuse_errno_at(const char* what, std::uint64_t address, long result) {
  Line line = start(what, nullptr);
  line.add(" at 0x");
  line.add_number(address, 16);
  end_with_errno(line, result);
}

}  // namespace fw::raw
