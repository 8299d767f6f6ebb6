#include "snapshot/image/validate.h"

#include <elf.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace fw::image {
namespace {

constexpr std::uint64_t kHighestAddress = 0x7ffffffff000;

bool page_aligned(std::uint64_t value) { return value % kPage == 0; }

bool equal(const char* a, const char* b, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    if (a[i] != b[i]) return false;
  }
  return true;
}

// All checks that need the plan's own size at hand.
class Checker {
 public:
  Checker(const Plan* plan, std::uint64_t file_bytes) : plan_(plan), file_bytes_(file_bytes) {}

  const char* run() const {
    if (!table<MapOp>(plan_->maps) || !table<MappedFile>(plan_->files) ||
        !table<SharedObject>(plan_->shared) || !table<Thread>(plan_->threads) ||
        !table<Descriptor>(plan_->descriptors) || !table<External>(plan_->externals) ||
        !table<SignalAction>(plan_->signals)) {
      return "a table of the plan lies outside of it";
    }
    if (plan_->signals.count != kSignals) return "the table of signals is incomplete";
    if (!string(plan_->cwd) || !bytes(plan_->auxv)) return "a text of the plan lies outside of it";
    const Fingerprint& f = plan_->fingerprint;
    if (f.kernel_release[sizeof f.kernel_release - 1] != '\0' ||
        f.kernel_version[sizeof f.kernel_version - 1] != '\0') {
      return "the kernel's name is not terminated";
    }
    if (const char* wrong = check_threads()) return wrong;
    if (const char* wrong = check_vdso()) return wrong;
    if (const char* wrong = check_objects()) return wrong;
    if (const char* wrong = check_maps()) return wrong;
    return check_descriptors();
  }

 private:
  bool inside(std::uint64_t offset, std::uint64_t length) const {
    return offset <= plan_->plan_bytes && length <= plan_->plan_bytes - offset;
  }
  template <typename T>
  bool table(Table table) const {
    return table.offset % 8 == 0 && inside(table.offset, std::uint64_t{table.count} * sizeof(T));
  }
  bool bytes(Bytes b) const { return inside(b.offset, b.length); }
  bool string(Bytes b) const {
    return inside(b.offset, std::uint64_t{b.length} + 1) && text(plan_, b)[b.length] == '\0';
  }
  bool in_file(std::uint64_t offset, std::uint64_t length) const {
    return page_aligned(offset) && offset >= plan_->pages_offset && offset <= file_bytes_ &&
           length <= file_bytes_ - offset;
  }

  const char* check_threads() const {
    if (plan_->threads.count == 0) return "the plan has no thread";
    if (plan_->caller >= plan_->threads.count || plan_->leader >= plan_->threads.count) {
      return "the plan's calling thread does not exist";
    }
    const auto* threads = records<Thread>(plan_, plan_->threads);
    for (std::uint32_t i = 0; i < plan_->threads.count; ++i) {
      if ((threads[i].is_caller != 0) != (i == plan_->caller)) return "the plan has two callers";
      if (threads[i].name[15] != '\0') return "a thread's name is not terminated";
    }
    return nullptr;
  }

  const char* check_vdso() const {
    if (plan_->vdso_parts > kMaxVdsoParts) return "the vdso has too many parts";
    for (std::uint32_t i = 0; i < plan_->vdso_parts; ++i) {
      const VdsoPart& part = plan_->vdso[i];
      if (!range_ok(part.start, part.start + part.length)) return "the vdso lies at a bad address";
    }
    return nullptr;
  }

  const char* check_objects() const {
    const auto* files = records<MappedFile>(plan_, plan_->files);
    for (std::uint32_t i = 0; i < plan_->files.count; ++i) {
      if (!string(files[i].path)) return "a file's path lies outside of the plan";
      if (files[i].build_id_length > sizeof files[i].build_id) return "a build-id is too long";
    }
    const auto* shared = records<SharedObject>(plan_, plan_->shared);
    for (std::uint32_t i = 0; i < plan_->shared.count; ++i) {
      if (!string(shared[i].name)) return "a shared object's name lies outside of the plan";
      if (!in_file(shared[i].offset, shared[i].size)) return "shared memory lies outside the file";
    }
    const auto* externals = records<External>(plan_, plan_->externals);
    for (std::uint32_t i = 0; i < plan_->externals.count; ++i) {
      if (!range_ok(externals[i].start, externals[i].start + externals[i].length)) {
        return "an external range lies at a bad address";
      }
    }
    return nullptr;
  }

  static bool range_ok(std::uint64_t start, std::uint64_t end) {
    const bool outside_window = end <= kWindowStart || start >= kWindowEnd;
    return page_aligned(start) && page_aligned(end) && start < end && end <= kHighestAddress &&
           outside_window;
  }

  bool source_ok(const MapOp& op) const {
    const std::uint64_t length = op.end - op.start;
    switch (op.source) {
      case Source::kAnonymous:
        return true;
      case Source::kImage:
        return in_file(op.offset, length);
      case Source::kFile:
        return op.index < plan_->files.count && page_aligned(op.offset);
      case Source::kShared:
        return op.index < plan_->shared.count && page_aligned(op.offset);
      case Source::kExternal:
        return op.index < plan_->externals.count;
    }
    return false;
  }

  const char* check_maps() const {
    const auto* maps = records<MapOp>(plan_, plan_->maps);
    std::uint64_t last = 0;
    for (std::uint32_t i = 0; i < plan_->maps.count; ++i) {
      if (!range_ok(maps[i].start, maps[i].end) || maps[i].start < last) {
        return "a mapping lies at a bad address";
      }
      if (maps[i].prot > 7) return "a mapping has an unknown protection";
      if (!source_ok(maps[i])) return "a mapping's contents lie outside of its source";
      last = maps[i].end;
    }
    return nullptr;
  }

  const char* check_descriptors() const {
    const auto* descriptors = records<Descriptor>(plan_, plan_->descriptors);
    std::int32_t last = 2;
    for (std::uint32_t i = 0; i < plan_->descriptors.count; ++i) {
      const Descriptor& d = descriptors[i];
      if (d.fd <= last) return "the descriptors are not in order";
      last = d.fd;
      if (!descriptor_ok(d, i)) return "a descriptor's record is malformed";
    }
    if (plan_->first_free_fd <= last) return "the first free descriptor is not free";
    return nullptr;
  }

  bool descriptor_ok(const Descriptor& d, std::uint32_t self) const {
    const auto index = static_cast<std::uint32_t>(d.index);
    switch (d.kind) {
      case DescriptorKind::kFile:
        return string(d.data);
      case DescriptorKind::kEpoll:
        return table<EpollItem>(d.items);
      case DescriptorKind::kPipeRead:
        return bytes(d.data) && pipe_ok(d, self, DescriptorKind::kPipeWrite);
      case DescriptorKind::kPipeWrite:
        return pipe_ok(d, self, DescriptorKind::kPipeRead);
      case DescriptorKind::kShared:
        return index < plan_->shared.count;
      case DescriptorKind::kDuplicate:
        return index < self;  // made before it is duplicated
      case DescriptorKind::kEventFd:
      case DescriptorKind::kTimerFd:
      case DescriptorKind::kSignalFd:
        return true;
    }
    return false;
  }

  // The other end is closed, or is another record that names this one as its other.
  bool pipe_ok(const Descriptor& d, std::uint32_t self, DescriptorKind other_kind) const {
    if (d.index == -1) return true;
    if (static_cast<std::uint32_t>(d.index) >= plan_->descriptors.count) return false;
    const Descriptor& other = records<Descriptor>(plan_, plan_->descriptors)[d.index];
    return other.kind == other_kind && other.index == static_cast<std::int32_t>(self);
  }

  const Plan* plan_;
  std::uint64_t file_bytes_;
};

}  // namespace

const char* locate_plan(const void* first_page, std::size_t size, std::uint64_t file_bytes,
                        PlanLocation* location) {
  if (size < sizeof(Elf64_Ehdr) + 2 * sizeof(Elf64_Phdr)) return "too short to be an image";
  const auto* header = static_cast<const Elf64_Ehdr*>(first_page);
  if (!equal(reinterpret_cast<const char*>(header->e_ident), ELFMAG, SELFMAG) ||
      header->e_ident[EI_CLASS] != ELFCLASS64 || header->e_type != ET_CORE ||
      header->e_machine != EM_X86_64) {
    return "not an image: no x86-64 ELF core file";
  }
  if (header->e_phoff != sizeof(Elf64_Ehdr) || header->e_phentsize != sizeof(Elf64_Phdr)) {
    return "not an image of fwrun: a core file of another program";
  }
  const auto* segment = reinterpret_cast<const Elf64_Phdr*>(header + 1) + 1;
  if (segment->p_type != PT_NOTE || segment->p_offset % kPage != 0 ||
      segment->p_filesz < kPlanNoteHeader + sizeof(Plan)) {
    return "not an image of fwrun: it has no plan";
  }
  if (segment->p_filesz > kPlanLimit - kPlanAddress) return "the plan is too large";
  if (segment->p_offset > file_bytes || segment->p_filesz > file_bytes - segment->p_offset) {
    return "truncated: the plan is not all there";
  }
  location->note_offset = segment->p_offset;
  location->plan_bytes = segment->p_filesz - kPlanNoteHeader;
  return nullptr;
}

std::uint64_t hash_plan(const Plan* plan) {
  // The hash field is skipped rather than zeroed: the plan is mapped read-only.
  const auto* start = reinterpret_cast<const char*>(plan);
  const std::uint64_t before = XXH3_64bits(start, offsetof(Plan, plan_hash));
  const std::size_t rest = offsetof(Plan, plan_hash) + sizeof(plan->plan_hash);
  return XXH3_64bits_withSeed(start + rest, plan->plan_bytes - rest, before);
}

const char* validate_plan(const Plan* plan, std::uint64_t available, std::uint64_t file_bytes) {
  if (available < sizeof(Plan)) return "truncated: the plan is not all there";
  if (plan->magic != kPlanMagic) return "not an image of fwrun: the plan's magic is wrong";
  if (plan->version != kFormatVersion) {
    return "written in another version of the format; install the function again";
  }
  if (plan->header_bytes != sizeof(Plan) || plan->plan_bytes < sizeof(Plan) ||
      plan->plan_bytes > available) {
    return "the plan's size is wrong";
  }
  if (plan->plan_hash != hash_plan(plan)) return "altered: the plan's checksum does not match";
  if (plan->image_bytes != file_bytes) return "truncated or extended: the file's size is wrong";
  if (!page_aligned(plan->pages_offset)) return "the page contents are not aligned";
  return Checker(plan, file_bytes).run();
}

}  // namespace fw::image
