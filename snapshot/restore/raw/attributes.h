// What a process is beside its memory, threads and descriptors: limits, credentials,
// priorities and the like, which a program can change by system calls.
#pragma once

namespace fw::raw {

// Notes how they are.
void note_attributes();

// In a template: notes what its forks inherit and is slow to ask for, so that they need
// not. Leaves no descriptor.
void note_attributes_for_forks();

// Compares them with what was noted and sets back what can be; ends the process where
// that cannot be done.
void restore_limits();      // and the root folder: before the rest, which needs them
void restore_attributes();  // the others

// Descriptors 0 to 2 and those handed over: must be what was noted.
void note_handed_descriptors();
void restore_handed_descriptors();
// Descriptors of its own that this needs, at most kMaxOrderFds + 3.
unsigned handed_references(int* fds);

}  // namespace fw::raw
