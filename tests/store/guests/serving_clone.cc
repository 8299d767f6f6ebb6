// Becomes an image, as a language host does, and in each restored process does what
// its arguments say:
//
//   {"print": TEXT}        writes TEXT to descriptor 1
//   {"allocate_kb": N}     writes to N KiB of memory that it had not touched before
//   {"jit": N}             says so (args::Jit), with "notes": [TEXT...]
//   {"error": true}        answers with an error
//   {"exit": N}, {"abort": true}, {"hang": true}   and does not answer
//
// It answers {"served": how many arguments it was given, "event": the arguments}.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <exception>
#include <nlohmann/json.hpp>
#include <string>

#include "base/files.h"
#include "embed/host.h"

using namespace fw;
using nlohmann::json;

namespace {

constexpr std::size_t kRoom = std::size_t{16} << 20;

void touch(std::size_t kb) {
  static char* next = static_cast<char*>(
      ::mmap(nullptr, kRoom, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  ::madvise(next, kRoom, MADV_NOHUGEPAGE);
  std::memset(next, 1, kb << 10);
  next += kb << 10;
}

void obey(const json& event, args::Client& client) {
  if (event.contains("print")) {
    (void)write_all(STDOUT_FILENO, event["print"].get<std::string>());
  }
  if (event.contains("allocate_kb")) touch(event["allocate_kb"]);
  if (event.contains("exit")) ::_exit(event["exit"].get<int>());
  if (event.contains("abort")) std::abort();
  while (event.contains("hang")) ::pause();
  if (event.contains("jit")) client.set_jit(args::Jit{event["jit"].get<std::uint8_t>()});
  for (const json& note : event.value("notes", json::array())) {
    client.note_jit(note.get<std::string>());
  }
}

[[noreturn]] void serve(args::Client& client) {
  for (int served = 1;; ++served) {
    const Result<args::Taken> taken = client.take();
    if (!taken) ::_exit(99);
    const json event = json::parse(taken->arguments);
    obey(event, client);
    const bool failed = event.contains("error");
    const json answer = {{"served", served}, {"event", event}};
    const Status put =
        client.answer(failed ? args::Outcome::kError : args::Outcome::kResult, answer.dump());
    if (!put || client.after() != args::After::kStays) ::_exit(put ? 0 : 98);
  }
}

int run(char** argv) {
  const int job = std::atoi(argv[2]);
  const Result<std::string> image = read_file("/proc/self/fd/" + std::to_string(job));
  ::close(job);
  if (!image) return 3;
  auto snapshot = embed::HostSnapshot::with_slot(UniqueFd(std::atoi(argv[4])));
  if (!snapshot) return 3;
  const auto side = snapshot->capture(*image);
  if (!side) {
    (void)snapshot->client().answer(args::Outcome::kError, side.error().message());
    return 4;
  }
  if (*side == embed::HostSnapshot::Side::kRestored) serve(snapshot->client());
  (void)snapshot->client().answer(args::Outcome::kResult, "{}");
  return 0;
}

}  // namespace

// serving_clone --job FD --slot FD, where the job is the path of the image.
int main(int argc, char** argv) {
  try {
    return argc == 5 ? run(argv) : 2;
  } catch (const std::exception&) {
    return 97;
  }
}
