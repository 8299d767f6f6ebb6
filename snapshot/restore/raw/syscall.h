// System calls without a libc. Results as the kernel gives them: >= 0, or -errno.
#pragma once

#include <asm/unistd.h>

#include <cstdint>

namespace fw::raw {

template <typename T>
long to_register(T value) {
  if constexpr (requires { reinterpret_cast<long>(value); }) {
    return reinterpret_cast<long>(value);
  } else {
    return static_cast<long>(value);
  }
}

inline long call6(long number, long a, long b, long c, long d, long e, long f) {
  register long r10 asm("r10") = d;
  register long r8 asm("r8") = e;
  register long r9 asm("r9") = f;
  long result = 0;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
               : "rcx", "r11", "memory");
  return result;
}

template <typename A = long, typename B = long, typename C = long, typename D = long,
          typename E = long, typename F = long>
long call(long number, A a = 0, B b = 0, C c = 0, D d = 0, E e = 0, F f = 0) {
  return call6(number, to_register(a), to_register(b), to_register(c), to_register(d),
               to_register(e), to_register(f));
}

inline bool failed(long result) { return result < 0 && result > -4096; }

}  // namespace fw::raw
