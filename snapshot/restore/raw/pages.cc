// Which pages can differ from the image, who can have written to them, and why the
// list of them is complete.
//
// A private mapping shows the file's page until somebody writes to it; from then on the
// process has a page of its own there, which is anonymous memory to the kernel. So what
// differs from the image is among the pages that are present (or swapped out) and not a
// file's: exactly those are asked for (PAGEMAP_SCAN, or /proc/self/pagemap). This holds
// for whoever wrote them: this program, the kernel on behalf of its system calls, a
// debugger.
//
// A page becomes the process's own only by a page fault, which the kernel counts for the
// thread that has it (getrusage). So while no fault is counted, the pages found the last
// time are all there are, and they are copied back without another look. Two things
// could add pages without a fault, and do not: khugepaged, which may join small pages of
// anonymous memory into a huge one, absent neighbours included, is switched off for the
// process (PR_SET_THP_DISABLE); and other threads, whose faults are theirs, do not exist
// where this is relied on (watch.h). Faults of the reset itself, on the alias, say,
// concern only pages that are in the list, since it writes to no other. The kernel
// writes by itself to the thread's rseq area and tid word: touch_kernel_words() does so
// first, so that their pages are in the list, too.
#include "snapshot/restore/raw/pages.h"

#include <linux/mman.h>

#include "snapshot/restore/raw/reset.h"
#include "snapshot/restore/raw/scan.h"
#include "snapshot/restore/raw/steps.h"
#include "snapshot/restore/raw/syscall.h"

extern "C" void* memcpy(void* to, const void* from, std::size_t size);
extern "C" void* memset(void* to, int value, std::size_t size);

namespace fw::raw {
namespace {

using image::kPage;
using image::MapOp;
using image::Source;

// Pages kept for the next time; above that the process gives its own pages back and
// faults again, so that what many parked processes hold stays bounded.
constexpr std::uint64_t kMostKept = 1024;
constexpr std::uint64_t kLongRun = 32;
constexpr unsigned kMaxRuns = 4096;

// Behind the alias's longest extent, which ends with the window.
constexpr std::uint64_t kAliasAddress = image::kArenaAddress;
constexpr std::uint64_t kSavedAddress = image::kScratchAddress + 0x1000000;
constexpr std::uint64_t kMostSaved = 256;

struct Run {
  std::uint64_t start;
  std::uint64_t bytes;
  std::uint64_t from;  // address of the contents; 0: zeros; or, without alias, file offset
};
Run runs[kMaxRuns];
unsigned run_count = 0;
std::uint64_t pages_in_runs = 0;
bool overflowed = false;
bool known = false;
std::uint32_t given_back = 0;

bool has_alias = false;
std::uint64_t pages_offset = 0;

// What the kernel writes to as long as the calling thread lives. No other thread does.
struct Word {
  std::uint64_t start;
  std::uint64_t end;
};
Word kernel_words[2];

// Pages of private file mappings that the program wrote to: their contents as the file
// has them, since no alias shows those. Saved at the first time.
std::uint64_t saved_addresses[kMostSaved];
unsigned saved_count = 0;

void copy_bytes(std::uint64_t to, std::uint64_t from, std::uint64_t bytes) {
  if (bytes == 0) return;
  auto* target = reinterpret_cast<void*>(to);
  if (from == 0) {
    memset(target, 0, bytes);
  } else if (has_alias || from >= image::kWindowStart) {
    memcpy(target, reinterpret_cast<const void*>(from), bytes);
  } else {
    while (bytes > 0) {
      const long n = call(__NR_pread64, reset_state.image_fd, to, bytes, from);
      if (n <= 0) cannot_reset_errno("the image's pages cannot be read", n);
      to += static_cast<std::uint64_t>(n);
      from += static_cast<std::uint64_t>(n);
      bytes -= static_cast<std::uint64_t>(n);
    }
  }
}

bool touches_kernel_word(std::uint64_t start, std::uint64_t end) {
  for (const Word& word : kernel_words) {
    if (word.start < end && start < word.end) return true;
  }
  return false;
}

void copy_around_words(const Run& run) {
  std::uint64_t at = run.start;
  const std::uint64_t end = run.start + run.bytes;
  const auto copy_to = [&](std::uint64_t to) {
    if (to <= at) return;
    copy_bytes(at, run.from == 0 ? 0 : run.from + (at - run.start), to - at);
  };
  for (const Word& word : kernel_words) {  // in order of their addresses
    if (word.end <= at || word.start >= end) continue;
    copy_to(word.start);
    at = word.end;
  }
  copy_to(end);
}

void copy_run(const Run& run) {
  if (touches_kernel_word(run.start, run.start + run.bytes)) {
    copy_around_words(run);
  } else {
    copy_bytes(run.start, run.from, run.bytes);
  }
}

void give_back(std::uint64_t start, std::uint64_t bytes) {
  const long r = call(__NR_madvise, start, bytes, MADV_DONTNEED);
  if (failed(r)) cannot_reset_errno("pages cannot be given back", r);
  given_back += static_cast<std::uint32_t>(bytes / kPage);
}

void add_run(std::uint64_t start, std::uint64_t end, std::uint64_t from) {
  pages_in_runs += (end - start) / kPage;
  if (run_count > 0) {
    Run& last = runs[run_count - 1];
    const bool follows = from == 0 ? last.from == 0 : last.from + last.bytes == from;
    if (last.start + last.bytes == start && follows && (from == 0) == (last.from == 0)) {
      last.bytes += end - start;
      return;
    }
  }
  const Run run{start, end - start, from};
  if (run_count == kMaxRuns) {  // brought back at once, and not remembered
    overflowed = true;
    copy_run(run);
    return;
  }
  runs[run_count++] = run;
}

std::uint64_t saved_page(std::uint64_t address) {
  for (unsigned i = 0; i < saved_count; ++i) {
    if (saved_addresses[i] == address) return kSavedAddress + i * kPage;
  }
  return 0;
}

// A page of a private file mapping. Given back, it shows the file's again; that is saved,
// and the next time copied.
void restore_file_page(std::uint64_t address) {
  if (const std::uint64_t saved = saved_page(address)) {
    add_run(address, address + kPage, saved);
    return;
  }
  if (touches_kernel_word(address, address + kPage)) {
    cannot_reset_at("the thread's own words lie in a mapped file", address);
  }
  give_back(address, kPage);
  if (saved_count == kMostSaved) return;
  if (saved_count == 0) {
    const long r = call(__NR_mmap, kSavedAddress, kMostSaved * kPage, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
    if (static_cast<std::uint64_t>(r) != kSavedAddress) return;
  }
  saved_addresses[saved_count] = address;
  memcpy(reinterpret_cast<void*>(kSavedAddress + saved_count * kPage),
         reinterpret_cast<const void*>(address), kPage);
  ++saved_count;
}

// `[start, end)` are the process's own pages in the mapping.
void restore_own_pages(const MapOp& op, std::uint64_t start, std::uint64_t end) {
  if ((op.prot & PROT_WRITE) == 0 || (op.prot & PROT_READ) == 0) {
    give_back(start, end - start);
    return;
  }
  switch (op.source) {
    case Source::kAnonymous:
      add_run(start, end, 0);
      break;
    case Source::kImage:
      add_run(start, end,
              op.offset + (start - op.start) + (has_alias ? kAliasAddress - pages_offset : 0));
      break;
    case Source::kFile:
      for (; start < end; start += kPage) restore_file_page(start);
      break;
    case Source::kShared:
    case Source::kExternal:
      break;
  }
}

// All that is kept would be too much: long runs go first, then all of them.
void give_back_runs(std::uint64_t shortest) {
  unsigned kept = 0;
  for (unsigned i = 0; i < run_count; ++i) {
    const Run& run = runs[i];
    if (run.bytes >= shortest * kPage && !touches_kernel_word(run.start, run.start + run.bytes)) {
      give_back(run.start, run.bytes);
      pages_in_runs -= run.bytes / kPage;
    } else {
      runs[kept++] = run;
    }
  }
  run_count = kept;
}

// Compares with `b`, or zeros if that is 0; tells where the first other byte is.
bool same_words(std::uint64_t a, std::uint64_t b, std::uint64_t bytes, std::uint64_t* where) {
  for (std::uint64_t i = 0; i < bytes; i += 8) {
    const std::uint64_t wanted = b == 0 ? 0 : *reinterpret_cast<const std::uint64_t*>(b + i);
    if (*reinterpret_cast<const std::uint64_t*>(a + i) == wanted) continue;
    const auto* bytes_here = reinterpret_cast<const unsigned char*>(a + i);
    const auto* bytes_wanted = reinterpret_cast<const unsigned char*>(&wanted);
    for (unsigned k = 0; k < 8; ++k) {
      const std::uint64_t address = a + i + k;
      if (bytes_here[k] == bytes_wanted[k] || touches_kernel_word(address, address + 1)) continue;
      *where = address;
      return false;
    }
  }
  return true;
}

void check_against(std::uint64_t start, std::uint64_t end, std::uint64_t from) {
  std::uint64_t where = 0;
  if (!same_words(start, from, end - start, &where)) {
    cannot_reset_at("a byte differs from the image after the reset", where);
  }
}

void check_image_pages(const MapOp& op) {
  if ((op.prot & PROT_READ) == 0) return;  // no page of its own: check_own_page()
  if (has_alias) {
    check_against(op.start, op.end, kAliasAddress + op.offset - pages_offset);
    return;
  }
  alignas(8) static char contents[kPage];
  for (std::uint64_t at = op.start; at < op.end; at += kPage) {
    const auto page = reinterpret_cast<std::uint64_t>(&contents[0]);
    copy_bytes(page, op.offset + (at - op.start), kPage);
    check_against(at, at + kPage, page);
  }
}

void check_own_page(const MapOp& op, std::uint64_t page) {
  if ((op.prot & PROT_READ) == 0) {
    cannot_reset_at("a page that cannot be read differs from the image after the reset", page);
  }
  if (op.source == Source::kAnonymous) check_against(page, page + kPage, 0);
  if (op.source == Source::kFile) {
    const std::uint64_t saved = saved_page(page);
    if (saved == 0) cannot_reset_at("a page of a file is still written to after the reset", page);
    check_against(page, page + kPage, saved);
  }
}

}  // namespace

void map_alias(const image::Plan* plan) {
  pages_offset = plan->pages_offset;
  const std::uint64_t bytes = plan->image_bytes - pages_offset;
  if (bytes == 0 || bytes > image::kWindowEnd - kAliasAddress) return;
  const long r = call(__NR_mmap, kAliasAddress, bytes, PROT_READ, MAP_SHARED | MAP_FIXED_NOREPLACE,
                      reset_state.image_fd, pages_offset);
  has_alias = static_cast<std::uint64_t>(r) == kAliasAddress;
}

void touch_kernel_words(std::int32_t tid) {
  const image::Plan* plan = reset_state.plan;
  const image::Thread& leader = image::records<image::Thread>(plan, plan->threads)[plan->leader];
  Word rseq{leader.rseq_area, leader.rseq_area + plan->rseq_length};
  Word word{leader.tid_address, leader.tid_address + sizeof tid};
  if (leader.rseq_area == 0) rseq = {0, 0};
  if (leader.tid_address == 0) word = {0, 0};
  kernel_words[0] = word.start < rseq.start ? word : rseq;
  kernel_words[1] = word.start < rseq.start ? rseq : word;
  if (word.start != 0) *reinterpret_cast<volatile std::int32_t*>(word.start) = tid;
  constexpr std::uint64_t kCriticalSection = 8;  // offset of rseq_cs in struct rseq
  if (rseq.start != 0) {
    *reinterpret_cast<volatile std::uint64_t*>(rseq.start + kCriticalSection) = 0;
  }
}

std::uint32_t restore_changed_pages() {
  run_count = 0;
  pages_in_runs = 0;
  overflowed = false;
  given_back = 0;
  scan_own_pages(restore_own_pages);
  const std::uint64_t found = pages_in_runs + given_back;
  if (pages_in_runs > kMostKept) give_back_runs(kLongRun);
  if (pages_in_runs > kMostKept) give_back_runs(1);
  for (unsigned i = 0; i < run_count; ++i) copy_run(runs[i]);
  known = !overflowed;
  return static_cast<std::uint32_t>(found);
}

std::uint32_t restore_known_pages() {
  for (unsigned i = 0; i < run_count; ++i) copy_run(runs[i]);
  return static_cast<std::uint32_t>(pages_in_runs);
}

bool pages_are_known() { return known; }
void forget_known_pages() { known = false; }

void check_pages() {
  const image::Plan* plan = reset_state.plan;
  scan_own_pages([](const MapOp& op, std::uint64_t start, std::uint64_t end) {
    for (; start < end; start += kPage) check_own_page(op, start);
  });
  const auto* maps = image::records<MapOp>(plan, plan->maps);
  for (std::uint32_t i = 0; i < plan->maps.count; ++i) {
    if (maps[i].source == Source::kImage) check_image_pages(maps[i]);
  }
}

}  // namespace fw::raw
