#include "tests/snapshot/plan_seed.h"

#include <elf.h>

#include <cstring>
#include <memory_resource>

#include "snapshot/capture/draft.h"
#include "snapshot/image/validate.h"

namespace fw::test {
namespace {

using namespace fw::image;

constexpr std::uint64_t kPlanNoteOffset = kPage;
constexpr std::uint64_t kPagesOffset = 4 * kPage;
constexpr std::uint64_t kImageBytes = 100 * kPage;

void add_maps(capture::Draft* draft) {
  constexpr std::uint64_t kCode = 0x555555554000;
  constexpr std::uint64_t kTop = 0x7ffff7000000;
  draft->files.push_back({draft->add_text("/usr/bin/program"), 50'000, 1, 2, 20, {1, 2, 3}});
  draft->files.push_back({draft->add_text("/usr/lib/library.so"), 90'000, 3, 4, 0, {}});
  draft->shared.push_back({draft->add_text("memory"), 5 * kPage + 9, kPagesOffset, 3, 0});
  draft->externals.push_back({2, 0, kTop, 2 * kPage});
  draft->maps.push_back({kCode, kCode + 4 * kPage, 0, Source::kFile, 0, 5, 0, 0});
  draft->maps.push_back(
      {kCode + 4 * kPage, kCode + 9 * kPage, kPagesOffset + 6 * kPage, Source::kImage, 0, 3, 0, 0});
  draft->maps.push_back(
      {kCode + 20 * kPage, kCode + 90 * kPage, 0, Source::kAnonymous, 0, 0, 0, 0});
  draft->maps.push_back({kTop, kTop + 2 * kPage, 0, Source::kExternal, 0, 3, 0, 0});
  draft->maps.push_back({kTop + 2 * kPage, kTop + 4 * kPage, 0, Source::kShared, 0, 3, 0, 0});
  draft->maps.push_back(
      {kTop + 4 * kPage, kTop + 5 * kPage, kPage, Source::kFile, 1, 1, kMapSharedFile, 0});
}

void add_descriptors(capture::Draft* draft, std::pmr::memory_resource* memory) {
  const auto add = [draft](int fd, DescriptorKind kind, int index) -> Descriptor& {
    Descriptor d{};
    d.fd = fd;
    d.kind = kind;
    d.index = index;
    draft->descriptors.push_back(d);
    return draft->descriptors.back();
  };
  add(3, DescriptorKind::kFile, -1).data = draft->add_text("/etc/hosts");
  add(4, DescriptorKind::kPipeRead, 2).data = draft->add_text("unread");
  add(5, DescriptorKind::kPipeWrite, 1);
  add(7, DescriptorKind::kEventFd, 0).value = 5;
  std::pmr::vector<EpollItem> items(memory);
  items.push_back({7, 1, 7});
  items.push_back({4, 1, 4});
  const Table table = draft->add_items(items);
  add(8, DescriptorKind::kEpoll, -1).items = table;
  add(9, DescriptorKind::kTimerFd, 1);
  add(10, DescriptorKind::kSignalFd, -1).value = 0x200;
  add(11, DescriptorKind::kShared, 0);
  add(12, DescriptorKind::kDuplicate, 0);
  add(13, DescriptorKind::kPipeWrite, -1);
}

}  // namespace

std::vector<char> make_head_with_plan() {
  std::pmr::monotonic_buffer_resource memory;
  capture::Draft draft(&memory);
  add_maps(&draft);
  add_descriptors(&draft, &memory);
  for (std::uint32_t tid = 1; tid <= 3; ++tid) {
    Thread thread{};
    thread.tid = tid;
    thread.is_caller = tid == 1 ? 1 : 0;
    std::memcpy(thread.name, "worker", 6);
    draft.threads.push_back(thread);
  }
  draft.signals.resize(kSignals);
  draft.header.cwd = draft.add_text("/tmp");
  draft.header.auxv = draft.add_text("auxv");
  draft.header.pid = 1;
  draft.header.first_free_fd = 14;
  draft.header.vdso_parts = 2;
  draft.header.vdso[0] = {0x7ffff7fc0000, 4 * kPage};
  draft.header.vdso[1] = {0x7ffff7fc4000, 2 * kPage};
  draft.seal();
  Plan* plan = draft.plan();
  plan->image_bytes = kImageBytes;
  plan->pages_offset = kPagesOffset;
  plan->plan_hash = hash_plan(plan);

  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_type = ET_CORE;
  header.e_machine = EM_X86_64;
  header.e_phoff = sizeof header;
  header.e_phentsize = sizeof(Elf64_Phdr);
  header.e_phnum = 2;
  Elf64_Phdr segments[2]{};
  segments[1].p_type = PT_NOTE;
  segments[1].p_offset = kPlanNoteOffset;
  segments[1].p_filesz = kPlanNoteHeader + draft.bytes();
  std::vector<char> head(kPlanNoteOffset + segments[1].p_filesz);
  std::memcpy(head.data(), &header, sizeof header);
  std::memcpy(head.data() + sizeof header, segments, sizeof segments);
  std::memcpy(head.data() + kPlanNoteOffset + kPlanNoteHeader, plan, draft.bytes());
  return head;
}

}  // namespace fw::test
