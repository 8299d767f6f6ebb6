// Runs the programs of tests/guests: captures one, then restores clones of its
// image that are all alive at the same time.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/process.h"
#include "base/unique_fd.h"
#include "snapshot/snapshot.h"
#include "tests/scratch_folder.h"

namespace fw::test {

// How process and thread ids come out.
enum class Pids {
  kKept,     // captured as pid 1 of a PID namespace, each clone is pid 1 of its own
  kPatched,  // captured as any process, clones have ids of their own
};

// How a clone comes to be.
enum class Way { kFromFile, kIntoZygote, kForked };

// What a process ended with, and all that it wrote to its standard output and error.
struct Outcome {
  ExitStatus status;
  std::string output;

  bool exited_with(int code) const { return !status.signalled && status.value == code; }
};

struct Clone {
  Process process;
  UniqueFd log;  // a memfd: its standard output and error
};

// What clones of a guest get.
struct Orders {
  int count = 2;
  std::vector<fw_restore_external> externals = {};
  std::vector<fw_restore_fd> fds = {};   // besides the standard streams
  std::function<void()> meanwhile = {};  // called when all of them are alive
  Way way = Way::kFromFile;
};

// A guest with a folder of its own for its image and files. Every wait is bounded:
// what takes longer is killed, and the test case fails with the guest's output.
class Guest {
 public:
  explicit Guest(std::string_view name);

  // Starts the guest, which captures itself, and waits for its end. More arguments
  // follow the image's path.
  Outcome run(Pids pids, const std::vector<std::string>& arguments = {}) const;
  // The same with any program that takes an image's path as its first argument.
  static Outcome run_program(const std::string& program, Pids pids,
                             const std::vector<std::string>& arguments);
  // run(), which must succeed. False, said in the output, when the guest lacks
  // something here.
  bool capture(Pids pids) const;

  // Restores clones that are all alive at once, and expects each to end with 0.
  void restore(Pids pids, const Orders& orders = {}) const;
  // The same without a test's assertions: what went wrong, or nothing.
  std::string try_restore(Pids pids, const Orders& orders = {}) const;

  std::filesystem::path image() const { return folder_ / "image"; }
  const ScratchFolder& folder() const { return folder_; }

 private:
  std::string program_;
  ScratchFolder folder_;
};

// Starts a process from an image with the standard output and error of its own.
Clone start_clone(const std::filesystem::path& image, Pids pids,
                  std::vector<fw_restore_fd> fds = {},
                  const std::vector<fw_restore_external>& externals = {}, std::uint32_t flags = 0);

// The same by way of a zygote.
Clone start_in_zygote(const std::filesystem::path& image, Pids pids,
                      std::vector<fw_restore_fd> fds = {},
                      const std::vector<fw_restore_external>& externals = {});

// A template of an image; ends with the object.
class Template {
 public:
  Template(const std::filesystem::path& image, Pids pids, int parent_death_signal = 0);

  // Orders a fork and waits for it.
  Clone fork(std::vector<fw_restore_fd> fds = {},
             const std::vector<fw_restore_external>& externals = {}, std::uint32_t flags = 0) const;
  // The same in two steps. The result is fw_template_fork()'s.
  int order(std::vector<fw_restore_fd> fds, const UniqueFd& log,
            const std::vector<fw_restore_external>& externals = {}, std::uint32_t flags = 0) const;
  // The result is fw_template_forked()'s, but not -EAGAIN: it waits.
  int await(fw_restored* forked) const;

  const fw_prepared& prepared() const { return prepared_; }
  Process& process() { return process_; }
  std::string said() const;
  void close_socket() { socket_.reset(); }

 private:
  fw_prepared prepared_{-1, -1, -1};
  UniqueFd log_;
  UniqueFd socket_;
  Process process_;
};

// Waits for the end of a clone, not for ever.
Outcome finish(Clone clone);

// Captures a guest and makes two clones of it in every way, with each of the given ids;
// a guest that makes no image must only succeed.
void check_guest(std::string_view name,
                 std::initializer_list<Pids> ways = {Pids::kKept, Pids::kPatched});

}  // namespace fw::test
