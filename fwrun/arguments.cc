#include "fwrun/arguments.h"

#include <fcntl.h>
#include <unistd.h>

#include "args/repository.h"
#include "base/files.h"
#include "store/json_text.h"
#include "store/read.h"

namespace fw::cli {

namespace {

struct Source {
  std::string text;
  std::string name;  // for messages
};

Result<Source> read_source(const std::string& given) {
  if (given == "-") {
    const std::string name = "standard input";
    FW_TRY_ASSIGN(std::string text, store::read_to_end(STDIN_FILENO, name, args::kMaxPayload));
    if (text.empty()) return fail(Errc::kBadInput, "--args -: standard input is empty");
    return Source{std::move(text), name};
  }
  if (!given.empty() && given.front() == '@') {
    const std::string name = given.substr(1);
    Result<UniqueFd> fd = open_file(name, O_RDONLY);
    if (!fd) return fail(Errc::kBadInput, "--args " + given + ": " + fd.error().message());
    FW_TRY_ASSIGN(std::string text, store::read_to_end(fd->get(), name, args::kMaxPayload));
    if (text.empty()) return fail(Errc::kBadInput, "--args " + given + ": the file is empty");
    return Source{std::move(text), name};
  }
  if (given.empty()) {
    return fail(Errc::kBadInput, "--args is empty: leave it out for {}, or give JSON text");
  }
  return Source{given, "--args"};
}

}  // namespace

Result<std::string> read_arguments(const std::optional<std::string>& given) {
  if (!given) return std::string("{}");
  Result<Source> source = read_source(*given);
  if (!source && source.error().code() == Errc::kSystem) {  // reading a folder, for instance
    return fail(Errc::kBadInput, "--args " + *given + ": " + source.error().message());
  }
  if (!source) return fail(std::move(source).error());
  FW_TRY(store::check_json(source->text, source->name));
  return std::move(source->text);
}

}  // namespace fw::cli
