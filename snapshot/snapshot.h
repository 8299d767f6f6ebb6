/* snapshot.h: capture a running process in an image file, restore it any number
 * of times. C ABI; needs nothing else of fwrun. x86-64 Linux >= 5.11, glibc >=
 * 2.35 (rseq). Capturing needs no privilege. See snapshot/README.md for the
 * promises and limits in prose, snapshot/image/FORMAT.md for the file.
 *
 * The design follows Junction's snapshot call, which returns like fork, and its
 * ELF image with metadata beside it; threads are parked by signal as in DMTCP.
 */
#ifndef FWRUN_SNAPSHOT_SNAPSHOT_H_
#define FWRUN_SNAPSHOT_SNAPSHOT_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A range that belongs to somebody outside the image: its pages are not
 * captured; whoever restores supplies a descriptor for the tag, which is mapped
 * there MAP_SHARED, readable and writable. Page aligned. */
struct fw_snapshot_external {
  uint32_t tag; /* unique within the image, < FW_SNAPSHOT_MAX_EXTERNALS */
  void* address;
  size_t length;
};

enum { FW_SNAPSHOT_MAX_EXTERNALS = 8 };

enum fw_snapshot_flags {
  /* Restore the read-only parts of a library (headers, constants) in one mapping
   * with its code, readable and executable, as linkers laid them out before
   * separate-code: a third fewer mappings, so a faster restore. For programs whose
   * security does not rest on constants not being executable; one that compiles
   * at run time is such. Without it protections are restored exactly. */
  FW_SNAPSHOT_MERGE_READ_ONLY = 1,
};

struct fw_snapshot_request {
  const char* image_path; /* created; an existing file is replaced by rename */
  uint32_t flags;         /* fw_snapshot_flags */
  const struct fw_snapshot_external* externals;
  size_t external_count;
};

/* What a capture did, or why it refused. Zero-terminated text. */
struct fw_snapshot_report {
  char reason[1024];       /* empty on success; else what is in the way and what to do */
  uint64_t image_bytes;    /* disk space of the image; pages of zeros are holes */
  uint64_t captured_pages; /* pages of 4096 bytes in it, holes included */
  uint32_t mappings;       /* mmap calls a restore makes */
  uint32_t threads;
  uint32_t descriptors;
};

/* Captures the calling process, all threads and open descriptors included.
 *
 * Returns 0 in the process that was captured, which goes on unchanged; 1 in each
 * process restored from the image; a negative errno when the process holds state
 * that cannot be carried (-EBUSY), a fixed address of the restorer is occupied
 * (-EADDRINUSE: try again from a new start, the layout is random) or a system
 * call failed. After a refusal the process goes on unchanged and no file is left.
 *
 * `report` may be NULL. Async-signal-safe: takes no lock and allocates nothing
 * from the heap. One capture at a time; a concurrent second one gets -EALREADY.
 * Any thread may call. Descriptors 0, 1 and 2 are never captured: a restored
 * process inherits those of whoever restores it. */
int fw_snapshot_here(const struct fw_snapshot_request* request, struct fw_snapshot_report* report);

/* Arms a capture by signal `signo` (its former disposition is replaced until it
 * fires), or after `delay_ns`, delivered as signal `signo`. `request` and all it
 * points to must live until then. `done` is called in the signal handler with
 * fw_snapshot_here()'s result and report, in the captured process and in every
 * restored one; may be NULL. Returns 0 or a negative errno. */
typedef void (*fw_snapshot_done)(int result, const struct fw_snapshot_report* report, void* user);
int fw_snapshot_on_signal(int signo, const struct fw_snapshot_request* request,
                          fw_snapshot_done done, void* user);
int fw_snapshot_after(uint64_t delay_ns, int signo, const struct fw_snapshot_request* request,
                      fw_snapshot_done done, void* user);

/* Registers a function that runs in every restored process before any other
 * thread resumes and before fw_snapshot_here() returns 1: the place to renew
 * what must not be shared between clones (random generators, identities). At
 * most FW_SNAPSHOT_MAX_HOOKS; they run in order of registration. Other threads
 * may hold any lock, so it must not allocate or lock. Returns 0 or -ENOSPC. */
enum { FW_SNAPSHOT_MAX_HOOKS = 16 };
int fw_snapshot_on_restore(void (*hook)(void* user), void* user);

/* Times of this process's restore, nanoseconds of CLOCK_MONOTONIC; all zero in
 * a process that was not restored. */
struct fw_restore_times {
  uint64_t started;     /* the restorer's first instruction */
  uint64_t checked;     /* image and machine verified */
  uint64_t mapped;      /* memory in place */
  uint64_t descriptors; /* descriptors, cwd, signals in place */
  uint64_t threads;     /* other threads created */
  uint64_t resumed;     /* control back in the captured code */
};
int fw_snapshot_restore_times(struct fw_restore_times* times); /* 0, or -ESRCH if not restored */

/* ---- restoring ---------------------------------------------------------- */

struct fw_restore_fd {
  int source; /* descriptor of the caller */
  int target; /* number in the restored process: 0, 1, 2 or >= fw_restore_first_free_fd() */
};
struct fw_restore_external {
  uint32_t tag;
  int fd;
  uint64_t offset; /* page aligned */
};

enum fw_restore_pid_mode {
  /* The restored process is pid 1 of a new PID namespace, and every thread has
   * the tid it was captured with. For images captured as pid 1 (anything else
   * is refused). Needs CAP_SYS_ADMIN, or a user namespace (used by itself when
   * the caller has not that right). */
  FW_RESTORE_PID_NAMESPACE = 0,
  /* New pid and tids; glibc's own copies of the tids are patched. What user code
   * remembers of its pid is stale: snapshot/README.md lists the limits. */
  FW_RESTORE_PID_PATCHED = 1,
};

struct fw_restore_request {
  int image_fd;
  enum fw_restore_pid_mode pid_mode;
  const struct fw_restore_fd* fds; /* 0, 1 and 2 default to the caller's */
  size_t fd_count;
  const struct fw_restore_external* externals; /* one for each the image declares */
  size_t external_count;
  /* A pack of the files that the image maps (snapshot/cache/pack.h), to map their
   * contents from; 0: none, they are opened themselves, and checked. With a pack the
   * caller has checked them (image::check_files()). */
  int pack_fd;
  const char* restorer_path; /* NULL: the one this library was built with */
  /* Sent to the restored process when the thread that called fw_restore_start()
   * ends (PR_SET_PDEATHSIG), so that none outlives a caller who is killed; 0: none.
   * SIGKILL is the only one that a pid 1 is sure to obey. */
  int parent_death_signal;
};

struct fw_restored {
  int pid;   /* as seen by the caller; reap it */
  int pidfd; /* owned by the caller, close-on-exec */
};

/* The lowest descriptor number that no descriptor of the image uses; negative
 * errno when the file is no image. */
int fw_restore_first_free_fd(int image_fd);

/* The restorer's exit code when it refuses an image; the reason is on its
 * standard error. */
enum { FW_RESTORE_EXIT_REFUSED = 121 };

/* Starts a process from an image. Returns 0 or a negative errno; that the image
 * is refused shows only in the child (exit code FW_RESTORE_EXIT_REFUSED). The
 * caller must reap the child. Thread-safe. */
int fw_restore_start(const struct fw_restore_request* request, struct fw_restored* restored);

#ifdef __cplusplus
}
#endif

#endif /* FWRUN_SNAPSHOT_SNAPSHOT_H_ */
