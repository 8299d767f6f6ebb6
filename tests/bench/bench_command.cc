#include "tests/bench/bench_command.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/files.h"
#include "store/read.h"
#include "tests/child.h"

namespace fw::test {

namespace {

std::string text_of(const UniqueFd& fd) {
  std::size_t cut = 0;
  return store::read_head(fd.get(), std::size_t{1} << 24, cut).value();
}

int execute(std::vector<std::string>& arguments, const std::filesystem::path& folder, int out,
            int err) {
  if (::chdir(folder.c_str()) != 0 || ::dup2(out, STDOUT_FILENO) < 0 ||
      ::dup2(err, STDERR_FILENO) < 0) {
    return 126;
  }
  std::vector<char*> words{const_cast<char*>("fwrun-bench")};
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  ::execv(FW_BIN_DIR "/fwrun-bench", words.data());
  return 126;
}

}  // namespace

BenchCommand::BenchCommand(std::vector<std::string> arguments, const std::filesystem::path& folder)
    : out_(create_memfd("stdout").value()), err_(create_memfd("stderr").value()) {
  process_ = start_child([&] { return execute(arguments, folder, out_.get(), err_.get()); });
}

void BenchCommand::wait_for_note(const std::string& text) {
  constexpr std::uint64_t kLookEveryNs = kNsPerMs;
  while (text_of(err_).find(text) == std::string::npos) {
    const Result<std::optional<ExitStatus>> ended = process_.wait(kLookEveryNs);
    REQUIRE(ended);
    REQUIRE_MESSAGE(!ended->has_value(), "it ended: " << text_of(err_));
  }
}

Ended BenchCommand::wait() {
  const Result<std::optional<ExitStatus>> ended = process_.wait();
  REQUIRE(ended);
  const int code = (*ended)->signalled ? 128 + (*ended)->value : (*ended)->value;
  return {code, text_of(out_), text_of(err_)};
}

Ended run_bench(std::vector<std::string> arguments, const std::filesystem::path& folder) {
  return BenchCommand(std::move(arguments), folder).wait();
}

}  // namespace fw::test
