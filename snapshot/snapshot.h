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
  uint64_t started;     /* the restorer's first instruction; or it has received its orders */
  uint64_t checked;     /* image and machine verified; of a fork: its first instruction */
  uint64_t mapped;      /* memory in place */
  uint64_t descriptors; /* descriptors, cwd, signals in place */
  uint64_t threads;     /* other threads created */
  uint64_t resumed;     /* control back in the captured code */
};
int fw_snapshot_restore_times(struct fw_restore_times* times); /* 0, or -ESRCH if not restored */

/* How this process came to stand behind fw_snapshot_here(), the last time. */
enum fw_snapshot_how {
  FW_WOKEN_FROM_FILE = 1,     /* restored from the image */
  FW_WOKEN_BY_FORK = 2,       /* forked from a template */
  FW_WOKEN_BY_RESET_FAST = 3, /* the pages known from the last reset were copied back */
  FW_WOKEN_BY_RESET_SCAN = 4, /* changed pages were searched for */
  FW_WOKEN_BY_RESET_FULL = 5, /* mappings, descriptors and the rest were looked at, too */
};
struct fw_snapshot_wake {
  uint8_t how;          /* fw_snapshot_how */
  uint32_t reset_pages; /* pages of 4096 bytes that the reset brought back */
};
int fw_snapshot_woken(struct fw_snapshot_wake* wake); /* 0, or -ESRCH if not restored */

/* ---- reset --------------------------------------------------------------- */

/* Brings a restored process back to the state of its image, byte for byte, in place,
 * for any thread of it at any point: fw_snapshot_here() returns 1 once more, in the
 * thread that called it then, on-restore hooks run again. After Groundhog (EuroSys'23),
 * but from within: what changed is copied back by the resident restorer.
 *
 * Restored are memory and its layout, threads, descriptors (those handed over by
 * whoever restored the process stay as they are), working folder, umask, signals,
 * timers, limits; children are killed and reaped. Where equality cannot be proved the
 * process ends itself by exit code FW_RESTORE_EXIT_RESET: a parked process that ends is
 * replaced, one that is not what it should be does harm.
 *
 * Returns only when nothing was done: -ENOTSUP in a process that was not restored with
 * FW_RESTORE_RESETTABLE. */
int fw_snapshot_reset(void);

/* Between fw_snapshot_watch(1) and fw_snapshot_watch(0) foreign code runs whose system
 * calls matter to a next reset: one that made none, or harmless ones only, can have
 * changed nothing but memory, and the reset need not look for anything else. Outside of
 * such a stretch the program vouches that it changes none of what a reset restores but
 * memory. Of the calling thread, which must be the one that fw_snapshot_here() was
 * called by. Costs a store, the first time in a process two system calls; the first
 * system calls of a stretch some 1.5 us each (syscall user dispatch, Linux 5.11).
 * Without effect in other processes. A reset of a process that did not call it since it
 * woke looks at everything. */
void fw_snapshot_watch(int on);

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

enum fw_restore_flags {
  /* The process can be reset (fw_snapshot_reset()). */
  FW_RESTORE_RESETTABLE = 1,
  /* For tests: each reset compares the whole address space with the image afterwards,
   * and ends the process by FW_RESTORE_EXIT_RESET, naming the first differing byte. */
  FW_RESTORE_CHECK_RESETS = 2,
  /* For a fork: fw_template_learn() will be told of it. Slower, and the program has one
   * descriptor more; to be killed afterwards. */
  FW_RESTORE_TEACHES = 4,
};

struct fw_restore_request {
  int image_fd;
  uint32_t flags; /* fw_restore_flags */
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

/* The exit code of a process that cannot be reset; the reason is on its standard error. */
enum { FW_RESTORE_EXIT_RESET = 122 };

/* Starts a process from an image. Returns 0 or a negative errno; that the image
 * is refused shows only in the child (exit code FW_RESTORE_EXIT_REFUSED). The
 * caller must reap the child. Thread-safe. */
int fw_restore_start(const struct fw_restore_request* request, struct fw_restored* restored);

/* ---- prepared processes ---------------------------------------------------- */

/* A process in which the restorer waits for orders on a socket (SOCK_SEQPACKET): a
 * zygote, that becomes a process of an image; or a template, that has mapped an image
 * and forks processes of it. Close the socket and it ends. The caller reaps it. */
struct fw_prepared {
  int pid;
  int pidfd;  /* owned by the caller, close-on-exec */
  int socket; /* likewise */
};

/* Starts a zygote: what fw_restore_start() would do before it looks at the image.
 * Returns 0 or a negative errno. */
int fw_zygote_start(const char* restorer_path, enum fw_restore_pid_mode pid_mode,
                    int parent_death_signal, struct fw_prepared* zygote);

/* Has the zygote become a process of the image; the request's pid_mode, restorer_path and
 * parent_death_signal are those that it was started with and not looked at. Does not
 * wait. Afterwards pid and pidfd are those of the restored process, and the socket is of
 * no use. Returns 0 or a negative errno; then the zygote is to be killed. */
int fw_zygote_restore(const struct fw_prepared* zygote, const struct fw_restore_request* request);

/* Starts a template: memory is mapped, nothing else is restored, no external range is
 * there and no code of the image ever runs in it. Of the request's fds only those with
 * targets 0, 1 and 2 are looked at: they are the template's own, and the default of its
 * forks. Externals and flags belong to forks; pid_mode is that of the forks. Does not
 * wait: the image's refusal shows in the exit code, the reason on the template's standard
 * error. The template holds no other descriptors but its socket's end and those that
 * forks need; they cannot be had by a fork. */
int fw_template_start(const struct fw_restore_request* request, struct fw_prepared* tmpl);

/* Orders a fork; does not wait. Of the request only flags, fds and externals are looked
 * at. The process is a child of the caller's, as if fw_restore_start() had made it (and
 * gets the template's parent_death_signal). Working folder, umask and signal actions are
 * as the template found them when it started. Several forks may be ordered before the
 * first answer is read. Returns 0 or a negative errno (-EAGAIN: too many are ordered;
 * -EPIPE: the template has ended). */
int fw_template_fork(const struct fw_prepared* tmpl, const struct fw_restore_request* request);

/* The answer to the oldest fork that is not yet answered: 0 with the process, or the
 * negative errno of the fork (-EMFILE: the template could not receive the descriptors;
 * -EUSERS: a limit on processes was met, which fork(2) calls EAGAIN); -EAGAIN when there
 * is no answer yet (poll the socket for POLLIN), -EPIPE when the template has ended. What
 * fails later, in the process itself, shows in its exit code FW_RESTORE_EXIT_REFUSED. */
int fw_template_forked(const struct fw_prepared* tmpl, struct fw_restored* restored);

/* Has the template look at the pages of files that `pid` looked at, a fork of it that was
 * ordered with FW_RESTORE_TEACHES and has done since what forks do: later forks start with
 * these pages instead of faulting them in one by one, which is a third of what a fork boot
 * takes. To be called once, while that fork lives; forks that are ordered afterwards wait
 * until the template has done it (about a millisecond). It takes no memory but page tables.
 * Does not wait. Returns 0 or a negative errno (-ENOTSUP: the fork was not ordered so, or
 * the kernel cannot do it: Linux 6.15 can). */
int fw_template_learn(const struct fw_prepared* tmpl, int pid);

#ifdef __cplusplus
}
#endif

#endif /* FWRUN_SNAPSHOT_SNAPSHOT_H_ */
