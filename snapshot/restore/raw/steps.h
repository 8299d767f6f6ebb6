// The steps of a restore, in the order in which they run. Each either succeeds or
// ends the process with its reason (print.h): there is nothing to go back to once
// the old memory is gone.
#pragma once

#include "snapshot/image/format.h"
#include "snapshot/restore/raw/orders.h"

namespace fw::raw {

// Puts the ordered descriptors 0, 1 and 2 in place, so that what is to be said is said
// on the right one from here on.
void place_standard_streams(Orders* orders);

// Opens the image and maps its plan; checks that it is whole and that this machine
// is the one it was made for.
const image::Plan* check_image(Orders* orders, const std::uint64_t* auxv);

// Replaces all memory of this process outside the window by the image's.
void map_memory(const image::Plan* plan, const Orders& orders, const std::uint64_t* auxv);

// Tells the kernel what it believes about the address space: brk, argv, auxv.
void set_memory_fields(const image::Plan* plan);

// Closes every descriptor above 2 but the ordered ones, rebuilds the image's.
void restore_descriptors(const image::Plan* plan, const Orders& orders);

// cwd, umask, name, signal dispositions, interval timers.
void restore_process(const image::Plan* plan);

// Creates all threads but the leader; they wait at the resident gate.
void start_threads(const image::Plan* plan, bool pid_namespace);

// Turns the calling kernel thread into `thread` of the image.
[[noreturn]] void become_thread(const image::Plan* plan, const image::Thread* thread);

// The descriptor of a SharedObject, which is made and filled at its first use.
int shared_object_fd(const image::Plan* plan, const Orders& orders, std::uint32_t index);

// Seals the shared objects as they were and gives up their descriptors.
void finish_shared_objects(const image::Plan* plan);

extern image::Resident resident;

}  // namespace fw::raw
