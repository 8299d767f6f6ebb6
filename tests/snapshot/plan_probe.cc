#include "tests/snapshot/plan_probe.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>

#include "base/check.h"
#include "snapshot/image/format.h"
#include "snapshot/image/validate.h"

namespace fw::test {
namespace {

using namespace fw::image;

// A block of exactly `bytes`, aligned as a page is as far as records care.
std::unique_ptr<std::uint64_t[]> exact_copy(std::span<const char> bytes) {
  static_assert(alignof(Plan) <= 8);
  auto block = std::make_unique<std::uint64_t[]>((bytes.size() + 7) / 8);
  if (!bytes.empty()) std::memcpy(block.get(), bytes.data(), bytes.size());
  return block;
}

// What an accepted plan promises, checked by other means than those of validate.cc:
// with numbers that cannot overflow, and by reading every byte.
class Walk {
 public:
  Walk(const Plan* plan, std::uint64_t file_bytes) : plan_(plan), file_bytes_(file_bytes) {}

  void all() {
    table<Thread>(plan_->threads, [this](const Thread& t) {
      FW_CHECK(std::memchr(t.name, 0, sizeof t.name) != nullptr, "names of threads end");
      touch(&t, sizeof t);
    });
    FW_CHECK(plan_->caller < plan_->threads.count, "the caller exists");
    FW_CHECK(plan_->leader < plan_->threads.count, "the leader exists");
    FW_CHECK(plan_->vdso_parts <= kMaxVdsoParts, "the vdso has few parts");
    FW_CHECK(plan_->signals.count == kSignals, "every signal has an action");
    FW_CHECK(std::memchr(plan_->fingerprint.kernel_release, 0,
                         sizeof plan_->fingerprint.kernel_release) != nullptr,
             "the kernel's name ends");
    table<SignalAction>(plan_->signals, [this](const SignalAction& a) { touch(&a, sizeof a); });
    table<MappedFile>(plan_->files, [this](const MappedFile& f) {
      string(f.path);
      FW_CHECK(f.build_id_length <= sizeof f.build_id, "a build-id fits");
    });
    table<SharedObject>(plan_->shared, [this](const SharedObject& o) {
      string(o.name);
      in_file(o.offset, o.size);
    });
    table<External>(plan_->externals,
                    [this](const External& e) { addresses(e.start, e.start, e.length); });
    walk_maps();
    walk_descriptors();
    string(plan_->cwd);
    bytes(plan_->auxv);
  }

 private:
  using Wide = unsigned __int128;

  void touch(const void* memory, std::size_t size) {
    const auto* at = static_cast<const volatile char*>(memory);
    for (std::size_t i = 0; i < size; ++i) sum_ += at[i];
  }
  void inside(Wide offset, Wide length) const {
    FW_CHECK(offset + length <= plan_->plan_bytes, "what a plan refers to lies inside of it");
  }
  template <typename T, typename Body>
  void table(Table where, Body body) {
    inside(where.offset, Wide{where.count} * sizeof(T));
    FW_CHECK(where.offset % alignof(T) == 0, "records are aligned");
    for (std::uint32_t i = 0; i < where.count; ++i) body(records<T>(plan_, where)[i]);
  }
  void bytes(Bytes b) {
    inside(b.offset, b.length);
    touch(text(plan_, b), b.length);
  }
  void string(Bytes b) {
    inside(b.offset, Wide{b.length} + 1);
    FW_CHECK(text(plan_, b)[b.length] == '\0', "a text ends");
    touch(text(plan_, b), b.length);
  }
  void in_file(Wide offset, Wide length) const {
    FW_CHECK(offset >= plan_->pages_offset && offset + length <= file_bytes_,
             "contents lie within the file");
    FW_CHECK(static_cast<std::uint64_t>(offset) % kPage == 0, "contents can be mapped");
  }
  void addresses(std::uint64_t last_end, std::uint64_t start, Wide length) const {
    const Wide end = Wide{start} + length;
    FW_CHECK(length > 0 && start >= last_end && end <= 0x800000000000, "addresses are a user's");
    FW_CHECK(end <= kWindowStart || start >= kWindowEnd, "the window is the restorer's");
    FW_CHECK(start % kPage == 0 && static_cast<std::uint64_t>(end) % kPage == 0, "whole pages");
  }
  void walk_maps() {
    std::uint64_t last = 0;
    table<MapOp>(plan_->maps, [&](const MapOp& op) {
      FW_CHECK(op.end > op.start, "a mapping has a length");
      addresses(last, op.start, op.end - op.start);
      last = op.end;
      switch (op.source) {
        case Source::kAnonymous:
          return;
        case Source::kImage:
          return in_file(op.offset, op.end - op.start);
        case Source::kFile:
          FW_CHECK(op.index < plan_->files.count, "a mapped file exists");
          return;
        case Source::kShared:
          FW_CHECK(op.index < plan_->shared.count, "a shared object exists");
          return;
        case Source::kExternal:
          FW_CHECK(op.index < plan_->externals.count, "an external range exists");
          return;
      }
      FW_CHECK(false, "a mapping's source is known");
    });
  }
  void walk_descriptors() {
    int last = 2;
    const auto* const first = records<Descriptor>(plan_, plan_->descriptors);
    table<Descriptor>(plan_->descriptors, [&](const Descriptor& d) {
      FW_CHECK(d.fd > last && d.fd < plan_->first_free_fd, "descriptors ascend");
      last = d.fd;
      if (d.kind == DescriptorKind::kFile) string(d.data);
      if (d.kind == DescriptorKind::kEpoll) {
        table<EpollItem>(d.items, [this](const EpollItem& item) { touch(&item, sizeof item); });
      }
      if (d.kind == DescriptorKind::kPipeRead) bytes(d.data);
      if (d.kind == DescriptorKind::kPipeRead || d.kind == DescriptorKind::kPipeWrite) {
        FW_CHECK(d.index >= -1 && d.index < static_cast<int>(plan_->descriptors.count),
                 "the other end exists");
      }
      if (d.kind == DescriptorKind::kShared) {
        FW_CHECK(d.index >= 0 && d.index < static_cast<int>(plan_->shared.count),
                 "a shared object exists");
      }
      if (d.kind == DescriptorKind::kDuplicate) {
        FW_CHECK(d.index >= 0 && d.index < &d - first, "what is duplicated was made before");
      }
    });
  }

  const Plan* plan_;
  std::uint64_t file_bytes_;
  std::uint64_t sum_ = 0;
};

}  // namespace

Probe probe_plan(std::span<const char> head, bool rehash) {
  const std::size_t first_size = std::min<std::size_t>(head.size(), 1024);
  const auto first = exact_copy(head.first(first_size));
  // A file of which the pages are missing here: as long as the plan says.
  constexpr std::uint64_t kImagined = std::uint64_t{1} << 30;
  PlanLocation location{};
  if (const char* wrong = locate_plan(first.get(), first_size, kImagined, &location)) {
    return {false, wrong};
  }
  const std::uint64_t start = location.note_offset + kPlanNoteHeader;
  if (start > head.size() || head.size() - start < location.plan_bytes) {
    return {false, "beyond the bytes at hand"};
  }
  const auto block = exact_copy(head.subspan(start, location.plan_bytes));
  auto* plan = reinterpret_cast<Plan*>(block.get());
  if (rehash && plan->plan_bytes >= sizeof(Plan) && plan->plan_bytes <= location.plan_bytes) {
    plan->plan_hash = hash_plan(plan);
  }
  const std::uint64_t file_bytes = std::min(plan->image_bytes, kImagined);
  if (const char* wrong = validate_plan(plan, location.plan_bytes, file_bytes)) {
    return {false, wrong};
  }
  Walk(plan, file_bytes).all();
  return {true, {}};
}

}  // namespace fw::test
