// The steps of a restore, in the order in which they run. Each either succeeds or
// ends the process with its reason (print.h): there is nothing to go back to once
// the old memory is gone.
#pragma once

#include "snapshot/image/format.h"
#include "snapshot/restore/raw/orders.h"
#include "snapshot/snapshot.h"

namespace fw::raw {

// Puts the ordered descriptors 0, 1 and 2 in place, so that what is to be said is said
// on the right one from here on.
void place_standard_streams(Orders* orders);

// Opens the image and maps its plan; checks that it is whole and that this machine
// is the one it was made for.
const image::Plan* check_image(Orders* orders);

// Finds where numbers without a meaning begin, and brings there what the restore needs
// and has among the image's own numbers.
void settle_descriptors(const image::Plan* plan, Orders* orders);

// Which mappings: a template makes those that its forks may inherit, and each fork its
// own: external ranges and shared objects.
enum class Memory { kAll, kInherited, kOwn };

// Replaces all memory of this process outside the window by the image's. The vdso is
// that of this process (AT_SYSINFO_EHDR).
void map_memory(const image::Plan* plan, const Orders& orders, Memory which,
                std::uint64_t vdso_address);

// The rest of it, in a fork of a template.
void map_own_memory(const image::Plan* plan, const Orders& orders);

// Tells the kernel what it believes about the address space: brk, argv, auxv.
void set_memory_fields(const image::Plan* plan);

// Closes every descriptor above 2 but these.
void close_all_but(const int* fds, unsigned count);

// Closes every descriptor above 2 but the ordered ones, rebuilds the image's.
void restore_descriptors(const image::Plan* plan, const Orders& orders);

// cwd, umask, signal dispositions: forks have them, too.
void restore_inherited(const image::Plan* plan);

// Forks do not.
void start_interval_timers(const image::Plan* plan);

// Creates all threads but the leader; they wait at the resident gate.
void start_threads(const image::Plan* plan, bool pid_namespace);

// Turns the calling kernel thread into `thread` of the image.
[[noreturn]] void become_thread(const image::Plan* plan, const image::Thread* thread);

// Everything behind memory: descriptors, timers, threads. Does not return: the process is
// the image's.
[[noreturn]] void finish(const image::Plan* plan, const Orders& orders);

// Maps the image and forks processes of it as the socket says, until that is closed.
[[noreturn]] void be_template(Orders* orders, std::uint64_t vdso_address);

// Brings into a template's memory the pages of files that another process of the image
// has in its memory, so that later forks start with them. Without effect where the
// kernel cannot do it.
void learn_pages(const image::Plan* plan, int pagemap_fd);

// Of a fork that a template is to learn from (FW_RESTORE_TEACHES), and is no good for
// anything else: only pages that it looks at come into its memory. Where the kernel can
// do it; then it has a userfaultfd.
void fault_page_by_page(const image::Plan* plan, const Orders& orders);

// The descriptor of a SharedObject, which is made and filled at its first use.
int shared_object_fd(const image::Plan* plan, const Orders& orders, std::uint32_t index);

// Seals the shared objects as they were and gives up their descriptors.
void finish_shared_objects(const image::Plan* plan);

// What the process's resident part says of it.
void introduce(const image::Plan* plan, fw_snapshot_how how);

std::uint64_t now();  // CLOCK_MONOTONIC

extern image::Resident resident;

}  // namespace fw::raw
