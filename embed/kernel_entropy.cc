// RAND_METHOD is deprecated since OpenSSL 3 in favour of providers, and is the
// only way that exists in all versions that nodes are built with (1.1.1 to 3.x).
#define OPENSSL_SUPPRESS_DEPRECATED

#include "embed/kernel_entropy.h"

#include <openssl/rand.h>
#include <sys/random.h>

#include <atomic>
#include <cerrno>

namespace fw::embed {

namespace {

std::atomic<std::uint64_t> draws{0};

int draw(unsigned char* into, int count) {
  draws.fetch_add(1, std::memory_order_relaxed);
  std::size_t left = count > 0 ? static_cast<std::size_t>(count) : 0;
  while (left > 0) {
    const ssize_t got = ::getrandom(into, left, 0);
    if (got < 0) {
      if (errno == EINTR) continue;
      return 0;
    }
    into += got;
    left -= static_cast<std::size_t>(got);
  }
  return 1;
}

int seed(const void*, int) { return 1; }
int add(const void*, int, double) { return 1; }
int status() { return 1; }

constexpr RAND_METHOD kKernel = {seed, draw, nullptr, add, draw, status};

}  // namespace

void use_kernel_entropy(int (*set_rand_method)(const rand_meth_st*)) { set_rand_method(&kKernel); }

std::uint64_t entropy_draws() { return draws.load(std::memory_order_relaxed); }

}  // namespace fw::embed
