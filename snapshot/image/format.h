// The image format: plain data shared by the writer (inside the captured
// process), the reader, and the freestanding restorer. FORMAT.md says in prose
// what every byte means; this file and that page change together.
//
// An image is an ELF core file. Everything a restore needs is one flat, read-only
// block, the *plan*: the descriptor of the single note of the second PT_NOTE
// segment. It is ordered the way the restorer executes it, and refers to itself
// by offsets only, so nothing is parsed or allocated at restore.
#pragma once

#include <cstdint>

namespace fw::image {

inline constexpr std::uint64_t kPlanMagic = 0x314e414c50575246;  // "FRWPLAN1", little endian
inline constexpr std::uint32_t kFormatVersion = 1;
inline constexpr std::uint64_t kPage = 4096;

// The note that carries the plan. The name's length makes the descriptor start at
// a multiple of 8 bytes.
inline constexpr char kPlanNoteName[] = "FWRUN-PLAN";
inline constexpr std::uint32_t kPlanNoteType = 1;
inline constexpr std::uint64_t kPlanNoteHeader = 24;  // Elf64_Nhdr and the padded name

inline constexpr char kChecksumNoteName[] = "FWRUN-SUMS";
inline constexpr std::uint32_t kChecksumNoteType = 2;

// The window: addresses that no process's memory reaches by itself. PIE programs
// and their heap end below 0x5700'0000'0000, V8 places its reservations below
// 2^46, mmap() works down from 0x7fff'0000'0000. A capture checks all the same
// that nothing of the process lies here.
inline constexpr std::uint64_t kWindowStart = 0x600000000000;
inline constexpr std::uint64_t kRestorerLimit = kWindowStart + 0x1000000;   // the restorer itself
inline constexpr std::uint64_t kResidentAddress = kWindowStart + 0x800000;  // struct Resident
inline constexpr std::uint64_t kPlanAddress = kWindowStart + 0x1000000;
inline constexpr std::uint64_t kPlanLimit = kWindowStart + 0x4000000;
inline constexpr std::uint64_t kScratchAddress = kWindowStart + 0x4000000;  // vdso on the move
inline constexpr std::uint64_t kArenaAddress = kWindowStart + 0x10000000;   // capture only
inline constexpr std::uint64_t kWindowEnd = kWindowStart + 0x40000000;

// A part of the plan: `count` records at `offset` bytes from the plan's start.
struct Table {
  std::uint32_t offset;
  std::uint32_t count;
};
// Bytes within the plan; text is followed by a zero byte that is not counted.
struct Bytes {
  std::uint32_t offset;
  std::uint32_t length;
};

// ---- memory -----------------------------------------------------------------

enum class Source : std::uint16_t {
  kAnonymous = 0,  // zeros
  kImage = 1,      // pages of this file at `offset`
  kFile = 2,       // MappedFile `index` at `offset`
  kShared = 3,     // SharedObject `index` at `offset`, mapped shared
  kExternal = 4,   // the descriptor supplied for tag `index`, mapped shared
};

struct MapOp {
  std::uint64_t start;  // page aligned, sorted, not overlapping
  std::uint64_t end;
  std::uint64_t offset;
  Source source;
  std::uint16_t index;
  std::uint32_t prot;   // PROT_*
  std::uint32_t flags;  // MapFlags
  std::uint32_t reserved;
};
enum MapFlags : std::uint32_t { kMapSharedFile = 1 };  // kFile only: read-only, MAP_SHARED

struct MappedFile {
  Bytes path;
  std::uint64_t size;
  std::int64_t mtime_seconds;
  std::int64_t mtime_nanoseconds;
  std::uint32_t build_id_length;  // 0: not an ELF file, or without a build-id
  std::uint8_t build_id[20];
};

// A memfd, or shared anonymous memory: re-created with its contents.
struct SharedObject {
  Bytes name;
  std::uint64_t size;
  std::uint64_t offset;  // of its contents in the image, page aligned
  std::uint32_t seals;   // F_SEAL_*
  std::uint32_t reserved;
};

// One VMA of the vvar/vdso group, to be moved with mremap.
struct VdsoPart {
  std::uint64_t start;  // where it was captured
  std::uint64_t length;
};
inline constexpr std::uint32_t kMaxVdsoParts = 4;

// ---- threads ----------------------------------------------------------------

// Registers at the call of fw_snapshot_here(): all that the psABI preserves.
struct CallContext {
  std::uint64_t rbx, rbp, r12, r13, r14, r15, rsp, rip;
  std::uint32_t mxcsr;
  std::uint16_t x87_control;
  std::uint16_t reserved;
};

struct Thread {
  std::uint32_t tid;
  std::uint32_t is_caller;     // entered through the CallContext, else by rt_sigreturn
  std::uint64_t signal_frame;  // address of the ucontext on its own stack
  std::uint64_t fs_base;
  std::uint64_t gs_base;
  std::uint64_t tid_address;  // cleared and woken at exit (glibc: pthread->tid)
  std::uint64_t robust_list;
  std::uint64_t rseq_area;    // 0: none registered
  std::uint64_t altstack[3];  // stack_t of the caller; the others' is in their frame
  std::uint64_t signal_mask;  // of the caller, likewise
  char name[16];
};

// ---- descriptors ------------------------------------------------------------

enum class DescriptorKind : std::uint16_t {
  kFile = 1,      // path, flags, position
  kEventFd = 2,   // value: counter
  kEpoll = 3,     // items
  kPipeRead = 4,  // peer: the record of the other end, -1 if closed; data: unread bytes
  kPipeWrite = 5,
  kTimerFd = 6,    // clock, value/interval/ticks
  kSignalFd = 7,   // value: mask
  kShared = 8,     // SharedObject `index`
  kDuplicate = 9,  // of descriptor record `index`: one open file description
};

struct Descriptor {
  std::int32_t fd;
  DescriptorKind kind;
  std::uint16_t close_on_exec;
  std::uint32_t status_flags;  // F_GETFL
  std::int32_t index;
  Bytes data;              // path, or unread bytes
  Table items;             // kEpoll: EpollItem
  std::uint64_t position;  // file position; pipe capacity
  std::uint64_t value;     // counter, mask, ticks
  std::uint64_t times[4];  // timerfd: value s, ns, interval s, ns
  // Identity of a file when captured; checked unless it was open for writing.
  std::uint64_t file_size;
  std::int64_t mtime_seconds;
  std::int64_t mtime_nanoseconds;
};

struct EpollItem {
  std::int32_t fd;
  std::uint32_t events;
  std::uint64_t data;
};

struct External {
  std::uint32_t tag;
  std::uint32_t reserved;
  std::uint64_t start;
  std::uint64_t length;
};

// ---- signals and process ----------------------------------------------------

struct SignalAction {  // the kernel's struct sigaction
  std::uint64_t handler;
  std::uint64_t flags;
  std::uint64_t restorer;
  std::uint64_t mask;
};
inline constexpr std::uint32_t kSignals = 64;

// The fields of struct prctl_mm_map (prctl(2), PR_SET_MM_MAP).
struct MemoryFields {
  std::uint64_t start_code, end_code, start_data, end_data;
  std::uint64_t start_brk, brk, start_stack;
  std::uint64_t arg_start, arg_end, env_start, env_end;
};

// What must be equal for the image to run here.
struct Fingerprint {
  std::uint64_t cpu;   // hash of the CPUID feature words, see cpu_features.h
  std::uint64_t xcr0;  // state components the kernel enabled
  char kernel_release[65];
  char kernel_version[65];
  char reserved[6];
};

struct Plan {
  std::uint64_t magic;
  std::uint32_t version;
  std::uint32_t header_bytes;  // sizeof(Plan)
  std::uint64_t plan_bytes;
  std::uint64_t plan_hash;     // XXH3-64 of the plan with this field zero
  std::uint64_t head_hash;     // XXH3-64 of the file up to the plan's note
  std::uint64_t image_bytes;   // size of the file
  std::uint64_t pages_offset;  // where page contents start
  Fingerprint fingerprint;

  std::uint32_t pid;
  std::uint32_t caller;  // index of the calling thread
  std::uint32_t leader;  // index of the thread with tid == pid
  std::uint32_t rseq_length;
  std::uint32_t rseq_signature;
  std::uint32_t umask;
  std::int32_t first_free_fd;
  std::uint32_t vdso_parts;
  VdsoPart vdso[kMaxVdsoParts];  // ascending; the last one is the vdso
  CallContext context;
  MemoryFields memory;
  Bytes auxv;
  Bytes cwd;
  std::uint64_t interval_timers[3][4];  // itimerval of REAL, VIRTUAL, PROF; all 0: off
  Table maps;                           // MapOp
  Table files;                          // MappedFile
  Table shared;                         // SharedObject
  Table threads;                        // Thread
  Table descriptors;                    // Descriptor, ascending by fd
  Table externals;                      // External
  Table signals;                        // SignalAction[kSignals], index signo - 1
};

// ---- packs --------------------------------------------------------------------

// A pack holds the mapped files of an image one after the other, so that a restore
// opens one file and maps code from huge pages. A large file starts at a multiple of
// 2 MB: a library that the kernel loaded at such an address can then be mapped by
// huge pages. Small ones lie close together.
inline constexpr std::uint64_t kHugePage = std::uint64_t{2} << 20;

// Where the next file of `size` bytes starts in a pack that is `end` bytes long.
inline std::uint64_t place_in_pack(std::uint64_t end, std::uint64_t size) {
  const std::uint64_t to = size >= kHugePage ? kHugePage : kPage;
  return (end + to - 1) & ~(to - 1);
}

// ---- the resident part ------------------------------------------------------

struct RestoreTimes {
  std::uint64_t started, checked, mapped, descriptors, threads, resumed;
};

// Lies at kResidentAddress in every restored process: how the restored code and
// the restorer that stays in its memory know each other.
struct Resident {
  std::uint64_t magic;  // kPlanMagic
  const Plan* plan;
  // Futex: threads revived wait here while it is 0, until the caller has run its
  // on-restore hooks.
  std::uint32_t gate;
  std::uint32_t reserved;
  std::uint64_t image_device;  // of the image file: major << 32 | minor
  std::uint64_t image_inode;
  RestoreTimes times;
  std::uint32_t boot;  // fw_snapshot_how
  std::uint32_t reset_pages;
  std::uint64_t reset_entry;  // void (*)(): does not return; 0: not resettable
  // The selector of syscall user dispatch (prctl(2)): not 0 while system calls of the
  // program are watched.
  std::uint8_t watch;
  std::uint8_t watched;   // not 0: it was so since the process woke
  std::uint8_t replaced;  // not 0: madvise() mapped other memory over the image's since
  // Not 0: a system call that matters ends a watched stretch. While one lasts, mappings
  // are the image's.
  std::uint8_t watching;
  std::uint8_t more_reserved[4];
  // void (*)(): to be called by the thread that is to be watched, before; 0: it was, or
  // nothing can be watched.
  std::uint64_t watch_entry;
};

template <typename T>
const T* records(const Plan* plan, Table table) {
  return reinterpret_cast<const T*>(reinterpret_cast<const char*>(plan) + table.offset);
}
inline const char* text(const Plan* plan, Bytes bytes) {
  return reinterpret_cast<const char*>(plan) + bytes.offset;
}

}  // namespace fw::image
