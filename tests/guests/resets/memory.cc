// What an invocation does to memory.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <vector>

#include "tests/guests/guest.h"
#include "tests/guests/resets/notebook.h"

using namespace fw::guest;

namespace {

int counter = 7;
int zeros[4096];
char* heap_block;
char* reservation;
char* constants;
constexpr std::size_t kReserved = 64 * kPage;

__attribute__((noinline)) int use_stack(int depth) {
  volatile char frame[kPage];
  frame[0] = static_cast<char>(depth);
  return depth == 0 ? frame[0] : use_stack(depth - 1) + frame[0];
}

void inspect(Notebook*) {
  EXPECT_EQ(counter, 7);
  EXPECT(holds_zeros(zeros, sizeof zeros));
  EXPECT(holds(heap_block, 10'000, 1));
  EXPECT(holds_zeros(reservation + kPage, kReserved - kPage));
  EXPECT(holds(constants, kPage, 3));
}

const Deed kDeeds[] = {
    {"nothing", [](Notebook*) {}},
    {"counters",
     [](Notebook*) {
       ++counter;
       zeros[100] = counter;
     }},
    {"heap",
     [](Notebook*) {
       std::vector<char*> blocks;
       for (int i = 0; i < 200; ++i) {
         blocks.push_back(static_cast<char*>(std::malloc(1000)));
         std::memset(blocks.back(), i, 1000);
       }
       fill(heap_block, 10'000, 99);
       std::free(heap_block);
     }},
    {"more than is kept",
     [](Notebook*) {
       char* big = map_anonymous(16 << 20, PROT_READ | PROT_WRITE);
       fill(big, 16 << 20, 5);
       char* grown = static_cast<char*>(std::malloc(100'000));
       fill(grown, 100'000, 6);
     }},
    {"reservation", [](Notebook*) { fill(reservation, kReserved, 9); }},
    {"break",
     [](Notebook*) {
       char* old = static_cast<char*>(::sbrk(100 * kPage));
       fill(old, 100 * kPage, 4);
     }},
    {"lower break",
     [](Notebook*) {
       EXPECT(::sbrk(-8 * static_cast<std::intptr_t>(kPage)) != reinterpret_cast<void*>(-1));
     }},
    {"trim",
     [](Notebook*) {
       std::free(heap_block);
       EXPECT_OK(::madvise(reservation, kReserved, MADV_DONTNEED));
     }},
    {"new mappings",
     [](Notebook*) {
       for (int i = 0; i < 20; ++i)
         fill(map_anonymous(3 * kPage, PROT_READ | PROT_WRITE), kPage, 3);
     }},
    {"unmapped memory",
     [](Notebook*) {
       EXPECT_OK(::munmap(constants, kPage));
       EXPECT_OK(::munmap(reservation + 2 * kPage, 3 * kPage));
     }},
    {"replaced memory",
     [](Notebook*) {
       EXPECT(::mmap(constants, kPage, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == constants);
       EXPECT(::mmap(reservation, kPage, PROT_READ | PROT_WRITE,
                     MAP_SHARED | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == reservation);
     }},
    {"protections",
     [](Notebook*) {
       EXPECT_OK(::mprotect(reservation, 4 * kPage, PROT_NONE));
       EXPECT_OK(::mprotect(constants, kPage, PROT_READ | PROT_WRITE | PROT_EXEC));
     }},
    {"rewritten constants",
     [](Notebook*) {
       EXPECT_OK(::mprotect(constants, kPage, PROT_READ | PROT_WRITE));
       fill(constants, kPage, 77);
       EXPECT_OK(::mprotect(constants, kPage, PROT_READ));
     }},
    {"dont need",
     [](Notebook*) {
       fill(zeros, sizeof zeros, 8);
       auto* page = reinterpret_cast<char*>((reinterpret_cast<std::uintptr_t>(zeros) + kPage - 1) &
                                            ~(kPage - 1));
       EXPECT_OK(::madvise(page, kPage, MADV_DONTNEED));
     }},
    {"stack", [](Notebook*) { EXPECT(use_stack(300) != 1); }},
    {"locked memory", [](Notebook*) { (void)::mlock(reservation, 4 * kPage); }},
};

}  // namespace

int main(int, char** argv) {
  heap_block = static_cast<char*>(std::malloc(10'000));
  fill(heap_block, 10'000, 1);
  reservation = map_anonymous(kReserved, PROT_READ | PROT_WRITE);
  reservation[0] = 'x';
  constants = map_anonymous(kPage, PROT_READ | PROT_WRITE);
  fill(constants, kPage, 3);
  EXPECT_OK(::mprotect(constants, kPage, PROT_READ));
  return be_reset(argv[1], kDeeds, std::size(kDeeds), inspect);
}
