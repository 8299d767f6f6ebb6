#include "tests/guests/vector_registers.h"

namespace fw::guest {

#define FW_ALL_32(one)                                                                          \
  one(0) one(1) one(2) one(3) one(4) one(5) one(6) one(7) one(8) one(9) one(10) one(11) one(12) \
      one(13) one(14) one(15) one(16) one(17) one(18) one(19) one(20) one(21) one(22) one(23)   \
          one(24) one(25) one(26) one(27) one(28) one(29) one(30) one(31)
#define FW_ALL_16(one)                                                                          \
  one(0) one(1) one(2) one(3) one(4) one(5) one(6) one(7) one(8) one(9) one(10) one(11) one(12) \
      one(13) one(14) one(15)
#define FW_ALL_8(one) one(0) one(1) one(2) one(3) one(4) one(5) one(6) one(7)

#define FW_LOAD_ZMM(n) "vmovdqu64 " #n "*64(%[in]), %%zmm" #n "\n"
#define FW_STORE_ZMM(n) "vmovdqu64 %%zmm" #n ", " #n "*64(%[out])\n"
#define FW_LOAD_YMM(n) "vmovdqu " #n "*64(%[in]), %%ymm" #n "\n"
#define FW_STORE_YMM(n) "vmovdqu %%ymm" #n ", " #n "*64(%[out])\n"
#define FW_LOAD_XMM(n) "movdqu " #n "*64(%[in]), %%xmm" #n "\n"
#define FW_STORE_XMM(n) "movdqu %%xmm" #n ", " #n "*64(%[out])\n"
#define FW_LOAD_MASK(n) "kmovq 2048+" #n "*8(%[in]), %%k" #n "\n"
#define FW_STORE_MASK(n) "kmovq %%k" #n ", 2048+" #n "*8(%[out])\n"
#define FW_WAIT           \
  "movl $1, (%[ready])\n" \
  "1: pause\n"            \
  "cmpl $0, (%[go])\n"    \
  "je 1b\n"
#define FW_OPERANDS : : [in] "r"(&in), [out] "r"(out), [ready] "r"(ready), [go] "r"(go)
#define FW_LOW_CLOBBERS                                                                           \
  "memory", "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", \
      "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15"

namespace {

[[gnu::target("avx512f,avx512bw")]] void hold_512(const VectorRegisters& in, VectorRegisters* out,
                                                  volatile int* ready, volatile int* go) {
  asm volatile(FW_ALL_32(FW_LOAD_ZMM) FW_ALL_8(FW_LOAD_MASK) FW_WAIT FW_ALL_32(FW_STORE_ZMM)
                   FW_ALL_8(FW_STORE_MASK) "vzeroupper\n" FW_OPERANDS
               : FW_LOW_CLOBBERS, "xmm16", "xmm17", "xmm18", "xmm19", "xmm20", "xmm21", "xmm22",
                 "xmm23", "xmm24", "xmm25", "xmm26", "xmm27", "xmm28", "xmm29", "xmm30", "xmm31",
                 "k1", "k2", "k3", "k4", "k5", "k6", "k7");
}

void hold_256(const VectorRegisters& in, VectorRegisters* out, volatile int* ready,
              volatile int* go) {
  asm volatile(FW_ALL_16(FW_LOAD_YMM) FW_WAIT FW_ALL_16(FW_STORE_YMM) "vzeroupper\n" FW_OPERANDS
               : FW_LOW_CLOBBERS);
}

void hold_128(const VectorRegisters& in, VectorRegisters* out, volatile int* ready,
              volatile int* go) {
  asm volatile(FW_ALL_16(FW_LOAD_XMM) FW_WAIT FW_ALL_16(FW_STORE_XMM) FW_OPERANDS
               : FW_LOW_CLOBBERS);
}

}  // namespace

void hold_registers(const VectorRegisters& in, VectorRegisters* out, volatile int* ready,
                    volatile int* go) {
  *out = in;
  if (have_avx512()) {
    hold_512(in, out, ready, go);
  } else if (have_avx()) {
    hold_256(in, out, ready, go);
  } else {
    hold_128(in, out, ready, go);
  }
}

}  // namespace fw::guest
