// OpenSSL's random numbers, straight from the kernel.
//
// OpenSSL's own generator keeps its state in memory and mixes new entropy in
// only when the process id changes. Restored processes share that memory, and in
// their namespaces the process id too: they would all draw the same bytes. With
// getrandom(2) behind every draw there is no state that a snapshot could copy.
#pragma once

#include <cstdint>

struct rand_meth_st;  // OpenSSL's RAND_METHOD

namespace fw::embed {

// Installs the method for this process by OpenSSL's RAND_set_rand_method(), which is
// passed because not every host is linked with OpenSSL. Before OpenSSL draws its
// first bytes.
void use_kernel_entropy(int (*set_rand_method)(const rand_meth_st*));

// Number of draws so far. Any thread.
std::uint64_t entropy_draws();

}  // namespace fw::embed
