#include "snapshot/capture/head.h"

#include <cpuid.h>
#include <elf.h>
#include <sys/mman.h>
#include <sys/procfs.h>
#include <sys/ucontext.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace fw::capture {
namespace {

using image::MapOp;
using image::Source;

constexpr std::uint32_t kXstateMagic = 0x46505853;
constexpr std::size_t kXsaveHeaderOffset = 512;

// What the kernel writes into fxsave's bytes for software (struct _fpx_sw_bytes).
constexpr std::size_t kSoftwareBytesOffset = 464;
struct FxsaveSoftwareBytes {
  std::uint32_t magic;
  std::uint32_t extended_bytes;
  std::uint64_t components;
  std::uint32_t bytes;
  std::uint32_t reserved[7];
};
static_assert(sizeof(FxsaveSoftwareBytes) == 48);

bool avx512_lies_as_on_intel() {
  constexpr unsigned kStateLeaf = 0xd, kMaskRegisters = 5, kIntelsOffset = 1088;
  unsigned size = 0, offset = 0, c = 0, d = 0;
  return __get_cpuid_count(kStateLeaf, kMaskRegisters, &size, &offset, &c, &d) != 0 &&
         offset == kIntelsOffset;
}

std::size_t aligned(std::size_t n) { return (n + 3) & ~std::size_t{3}; }

template <typename T>
void append(std::pmr::vector<char>* out, const T& value) {
  const auto* bytes = reinterpret_cast<const char*>(&value);
  out->insert(out->end(), bytes, bytes + sizeof value);
}

user_regs_struct registers_of(const image::Thread& thread, const image::CallContext& context) {
  user_regs_struct r{};
  constexpr std::uint64_t kUserCode = 0x33;
  constexpr std::uint64_t kUserData = 0x2b;
  r.cs = kUserCode;
  r.ss = kUserData;
  r.fs_base = thread.fs_base;
  r.gs_base = thread.gs_base;
  r.orig_rax = ~std::uint64_t{0};  // in no system call
  if (thread.is_caller != 0) {
    r.rbx = context.rbx;
    r.rbp = context.rbp;
    r.r12 = context.r12;
    r.r13 = context.r13;
    r.r14 = context.r14;
    r.r15 = context.r15;
    r.rsp = context.rsp;
    r.rip = context.rip;
    r.rax = 1;
    r.eflags = 0x202;
    return r;
  }
  const auto* frame = reinterpret_cast<const ucontext_t*>(thread.signal_frame);
  const greg_t* g = frame->uc_mcontext.gregs;
  const auto value = [g](int which) { return static_cast<unsigned long long>(g[which]); };
  r.r8 = value(REG_R8);
  r.r9 = value(REG_R9);
  r.r10 = value(REG_R10);
  r.r11 = value(REG_R11);
  r.r12 = value(REG_R12);
  r.r13 = value(REG_R13);
  r.r14 = value(REG_R14);
  r.r15 = value(REG_R15);
  r.rdi = value(REG_RDI);
  r.rsi = value(REG_RSI);
  r.rbp = value(REG_RBP);
  r.rbx = value(REG_RBX);
  r.rdx = value(REG_RDX);
  r.rax = value(REG_RAX);
  r.rcx = value(REG_RCX);
  r.rsp = value(REG_RSP);
  r.rip = value(REG_RIP);
  r.eflags = value(REG_EFL);
  return r;
}

// The command line, cut to its place, with spaces between the words. Debuggers compare
// its first word with the program that they are given.
void copy_arguments(const image::MemoryFields& memory, char (&arguments)[ELF_PRARGSZ]) {
  const iovec here{arguments, std::min(sizeof arguments - 1, memory.arg_end - memory.arg_start)};
  const iovec there{reinterpret_cast<void*>(memory.arg_start), here.iov_len};
  // Not by a pointer: the program may have told the kernel anything (prctl(2)).
  const ssize_t n = ::process_vm_readv(::getpid(), &here, 1, &there, 1, 0);
  for (ssize_t i = 0; i + 1 < n; ++i) {
    if (arguments[i] == '\0') arguments[i] = ' ';
  }
}

}  // namespace

void Head::add_note(const char* name, std::uint32_t type, const void* data, std::size_t size) {
  const std::size_t name_size = std::strlen(name) + 1;
  append(&notes_,
         Elf64_Nhdr{static_cast<std::uint32_t>(name_size), static_cast<std::uint32_t>(size), type});
  notes_.insert(notes_.end(), name, name + name_size);
  notes_.resize(aligned(notes_.size()));
  const auto* bytes = static_cast<const char*>(data);
  notes_.insert(notes_.end(), bytes, bytes + size);
  notes_.resize(aligned(notes_.size()));
}

void Head::add_thread(const image::Thread& thread) {
  elf_prstatus status{};
  status.pr_pid = static_cast<pid_t>(thread.tid);
  const user_regs_struct registers = registers_of(thread, draft_.header.context);
  static_assert(sizeof status.pr_reg == sizeof registers);
  std::memcpy(&status.pr_reg, &registers, sizeof registers);
  status.pr_fpvalid = 1;
  add_note("CORE", NT_PRSTATUS, &status, sizeof status);
  if (thread.is_caller != 0) {
    add_process_info();
    user_fpregs_struct floating{};
    floating.cwd = draft_.header.context.x87_control;
    floating.mxcsr = draft_.header.context.mxcsr;
    add_note("CORE", NT_FPREGSET, &floating, sizeof floating);
    return;
  }
  const auto* frame = reinterpret_cast<const ucontext_t*>(thread.signal_frame);
  const auto* state = reinterpret_cast<const char*>(frame->uc_mcontext.fpregs);
  add_note("CORE", NT_FPREGSET, state, sizeof(user_fpregs_struct));
  add_vector_state(state);
}

// Behind the fxsave area lies the whole xsave state, if the kernel says so. A debugger
// derives the size of the note from the components that it names, and assumes that
// they lie where Intel has them: all CPUs up to AVX, some up to AVX-512.
void Head::add_vector_state(const char* state) {
  FxsaveSoftwareBytes software;
  std::memcpy(&software, state + kSoftwareBytesOffset, sizeof software);
  if (software.magic != kXstateMagic) return;
  constexpr std::uint64_t kAvx = 0x7;
  constexpr std::uint64_t kAvx512 = 0xe0;
  constexpr std::uint32_t kAvxBytes = 832;
  constexpr std::uint32_t kAvx512Bytes = 2688;
  std::uint64_t components = software.components & kAvx;
  std::uint32_t size = kAvxBytes;
  if (components != kAvx || software.bytes < size) return;
  if ((software.components & kAvx512) == kAvx512 && software.bytes >= kAvx512Bytes &&
      avx512_lies_as_on_intel()) {
    components |= kAvx512;
    size = kAvx512Bytes;
  }
  const std::size_t start = notes_.size();
  add_note("LINUX", NT_X86_XSTATE, state, size);
  char* copy = notes_.data() + start + sizeof(Elf64_Nhdr) + aligned(sizeof "LINUX");
  // In a note the software's bytes hold XCR0, the components that are present.
  std::memset(copy + kSoftwareBytesOffset, 0, sizeof software);
  std::memcpy(copy + kSoftwareBytesOffset, &components, sizeof components);
  std::uint64_t in_use = 0;
  std::memcpy(&in_use, copy + kXsaveHeaderOffset, sizeof in_use);
  in_use &= components;
  std::memcpy(copy + kXsaveHeaderOffset, &in_use, sizeof in_use);
}

void Head::add_process_info() {
  elf_prpsinfo info{};
  info.pr_sname = 'R';
  info.pr_pid = static_cast<pid_t>(draft_.header.pid);
  const image::Thread& leader = draft_.threads[draft_.header.leader];
  std::memcpy(info.pr_fname, leader.name, sizeof info.pr_fname);
  std::memcpy(info.pr_psargs, leader.name, sizeof leader.name);
  copy_arguments(draft_.header.memory, info.pr_psargs);
  add_note("CORE", NT_PRPSINFO, &info, sizeof info);
}

void Head::add_mapped_files() {
  std::uint64_t count = 0;
  std::pmr::vector<char> ranges(memory_);
  std::pmr::vector<char> names(memory_);
  for (const MapOp& op : draft_.maps) {
    if (op.source != Source::kFile) continue;
    ++count;
    append(&ranges, op.start);
    append(&ranges, op.end);
    append(&ranges, op.offset / image::kPage);
    const std::string_view path = draft_.text(draft_.files[op.index].path);
    names.insert(names.end(), path.begin(), path.end());
    names.push_back('\0');
  }
  std::pmr::vector<char> note(memory_);
  append(&note, count);
  append(&note, image::kPage);
  note.insert(note.end(), ranges.begin(), ranges.end());
  note.insert(note.end(), names.begin(), names.end());
  add_note("CORE", NT_FILE, note.data(), note.size());
}

void Head::build_notes(std::span<const std::uint64_t> sums) {
  notes_.clear();
  // The caller first: gdb takes the first thread for the one to show.
  add_thread(draft_.threads[draft_.header.caller]);
  for (std::size_t i = 0; i < draft_.threads.size(); ++i) {
    if (i != draft_.header.caller) add_thread(draft_.threads[i]);
  }
  const std::string_view auxv = draft_.text(draft_.header.auxv);
  add_note("CORE", NT_AUXV, auxv.data(), auxv.size());
  add_mapped_files();
  add_note(image::kChecksumNoteName, image::kChecksumNoteType, sums.data(), sums.size_bytes());
}

std::uint64_t Head::bytes() {
  const std::pmr::vector<std::uint64_t> no_sums(sum_count(), 0, memory_);
  build_notes(no_sums);
  return sizeof(Elf64_Ehdr) + segment_count() * sizeof(Elf64_Phdr) + notes_.size();
}

std::pmr::vector<char> Head::build(std::uint64_t plan_note_offset, std::uint64_t plan_note_bytes,
                                   std::uint64_t pages_offset,
                                   std::span<const std::uint64_t> sums) {
  build_notes(sums);
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_ident[EI_VERSION] = EV_CURRENT;
  header.e_type = ET_CORE;
  header.e_machine = EM_X86_64;
  header.e_version = EV_CURRENT;
  header.e_phoff = sizeof header;
  header.e_ehsize = sizeof header;
  header.e_phentsize = sizeof(Elf64_Phdr);
  header.e_phnum = static_cast<Elf64_Half>(segment_count());

  std::pmr::vector<char> head(memory_);
  append(&head, header);
  Elf64_Phdr notes{};
  notes.p_type = PT_NOTE;
  notes.p_flags = PF_R;
  notes.p_offset = sizeof header + segment_count() * sizeof notes;
  notes.p_filesz = notes_.size();
  notes.p_align = 4;
  append(&head, notes);
  Elf64_Phdr plan = notes;
  plan.p_offset = plan_note_offset;
  plan.p_filesz = plan_note_bytes;
  append(&head, plan);
  std::uint64_t stored = 0;
  for (const MapOp& op : draft_.maps) {
    Elf64_Phdr load{};
    load.p_type = PT_LOAD;
    load.p_flags = ((op.prot & PROT_READ) != 0 ? PF_R : 0U) |
                   ((op.prot & PROT_WRITE) != 0 ? PF_W : 0U) |
                   ((op.prot & PROT_EXEC) != 0 ? PF_X : 0U);
    load.p_vaddr = op.start;
    load.p_memsz = op.end - op.start;
    load.p_align = image::kPage;
    // Where nothing is stored, too: at offset 0, debuggers would find an ELF header,
    // this file's, and read all notes once more.
    load.p_offset = pages_offset + stored;
    if (op.source == Source::kImage) {
      load.p_offset = pages_offset + op.offset;
      load.p_filesz = load.p_memsz;
      stored = op.offset + load.p_memsz;
    }
    append(&head, load);
  }
  head.insert(head.end(), notes_.begin(), notes_.end());
  return head;
}

void write_plan_note_header(std::uint64_t plan_bytes, char (&out)[image::kPlanNoteHeader]) {
  std::memset(out, 0, sizeof out);
  const Elf64_Nhdr header{sizeof image::kPlanNoteName, static_cast<std::uint32_t>(plan_bytes),
                          image::kPlanNoteType};
  std::memcpy(out, &header, sizeof header);
  std::memcpy(out + sizeof header, image::kPlanNoteName, sizeof image::kPlanNoteName);
}

}  // namespace fw::capture
