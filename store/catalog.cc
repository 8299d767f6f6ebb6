#include "store/catalog.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <system_error>

#include "base/files.h"
#include "snapshot/image/reader.h"
#include "store/name.h"
#include "store/read.h"

namespace fw::store {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMaxMetadata = std::size_t{16} << 20;

Result<std::vector<std::string>> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    names.push_back(it->path().filename().string());
  }
  if (error && error.value() != ENOENT) {
    return fail(Error::from_errno("list " + folder.string(), error.value()));
  }
  std::sort(names.begin(), names.end());
  return names;
}

Result<std::vector<std::string>> function_names(const Home& home) {
  FW_TRY_ASSIGN(std::vector<std::string> names, names_in(home.functions()));
  std::erase_if(names, [](const std::string& name) { return !valid_name(name); });
  return names;
}

// The folder of the current version. Everything of it is then opened relative
// to this descriptor, so that all files are of one version.
Result<UniqueFd> open_current_folder(const Home& home, const std::string& name) {
  if (!valid_name(name)) return fail(unknown_function(home, name));
  Result<UniqueFd> folder = open_file(home.current(name), O_RDONLY | O_DIRECTORY);
  if (!folder && folder.error().sys_errno() == ENOENT) return fail(unknown_function(home, name));
  return folder;
}

Result<UniqueFd> open_in(const UniqueFd& folder, const char* file) {
  UniqueFd fd(::openat(folder.get(), file, O_RDONLY | O_CLOEXEC));
  if (!fd) return fail_errno(std::string("open ") + file);
  return fd;
}

Result<std::string> read_in(const UniqueFd& folder, const char* file) {
  FW_TRY_ASSIGN(UniqueFd fd, open_in(folder, file));
  return read_to_end(fd.get(), file, kMaxMetadata);
}

// Not valid without a pack, and when a file in it has changed since: the restorer,
// left to open the files themselves, then refuses the image with its reason.
UniqueFd open_pack(const UniqueFd& folder, const UniqueFd& image) {
  UniqueFd pack(::openat(folder.get(), kPackFile, O_RDONLY | O_CLOEXEC));
  if (!pack) return pack;
  const Result<image::ImageReader> reader = image::ImageReader::of_fd(image.get(), kImageFile);
  return reader && image::check_files(*reader) ? std::move(pack) : UniqueFd();
}

Result<InstalledVersion> open_once(const Home& home, const std::string& name) {
  FW_TRY_ASSIGN(UniqueFd folder, open_current_folder(home, name));
  FW_TRY_ASSIGN(std::string text, read_in(folder, kManifestFile));
  Result<Manifest> manifest = manifest_from_json(text);
  if (!manifest) return fail(std::move(manifest).error().context("function '" + name + "'"));
  FW_TRY_ASSIGN(UniqueFd image, open_in(folder, kImageFile));
  UniqueFd pack = open_pack(folder, image);
  return InstalledVersion{std::move(*manifest), std::move(image), std::move(pack)};
}

// Runs `read` again while the version it looks at is deleted under its feet: two
// installs may publish between following `current` and opening the last file.
template <typename Read>
auto until_stable(const std::string& name, Read read) -> decltype(read()) {
  constexpr int kAttempts = 100;
  for (int attempt = 1;; ++attempt) {
    auto result = read();
    if (result || result.error().sys_errno() != ENOENT) return result;
    if (attempt == kAttempts) {
      return fail(Errc::kRefused, "function '" + name + "' is damaged (" +
                                      result.error().message() + "): install it again");
    }
  }
}

}  // namespace

Error unknown_function(const Home& home, const std::string& name) {
  std::string message = "no function '" + name + "' is installed";
  const Result<std::vector<std::string>> names = function_names(home);
  if (names) {
    if (const std::optional<std::string> nearest = nearest_name(name, *names)) {
      message += "; did you mean '" + *nearest + "'?";
    } else if (names->empty()) {
      message += ", nor any other, in " + home.root().string();
    } else {
      message += " in " + home.root().string() + "; fwrun --list shows those that are";
    }
  }
  return {Errc::kNotFound, std::move(message)};
}

Result<InstalledVersion> open_current(const Home& home, const std::string& name) {
  return until_stable(name, [&] { return open_once(home, name); });
}

Result<std::string> read_report(const Home& home, const std::string& name) {
  return until_stable(name, [&]() -> Result<std::string> {
    FW_TRY_ASSIGN(UniqueFd folder, open_current_folder(home, name));
    return read_in(folder, kReportFile);
  });
}

Result<std::vector<ListedFunction>> list_functions(const Home& home) {
  FW_TRY_ASSIGN(std::vector<std::string> names, function_names(home));
  std::vector<ListedFunction> functions;
  for (std::string& name : names) {
    Result<InstalledVersion> version = open_current(home, name);
    if (version) {
      functions.push_back({std::move(name), std::move(version->manifest), {}});
    } else if (version.error().code() != Errc::kNotFound) {  // else removed meanwhile
      functions.push_back({std::move(name), std::nullopt, version.error().message()});
    }
  }
  return functions;
}

Result<std::vector<std::uint64_t>> list_versions(const Home& home, const std::string& name) {
  FW_TRY_ASSIGN(std::vector<std::string> names, names_in(home.versions(name)));
  std::vector<std::uint64_t> versions;
  for (const std::string& text : names) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error == std::errc() && end == text.data() + text.size()) versions.push_back(number);
  }
  std::sort(versions.begin(), versions.end());
  return versions;
}

Result<std::optional<std::uint64_t>> current_version(const Home& home, const std::string& name) {
  std::error_code error;
  const fs::path target = fs::read_symlink(home.current(name), error);
  if (error && error.value() == ENOENT) return std::optional<std::uint64_t>();
  if (error) return fail(Error::from_errno("read " + home.current(name).string(), error.value()));
  const std::string text = target.filename().string();
  std::uint64_t number = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (problem != std::errc() || end != text.data() + text.size()) {
    return fail(Errc::kRefused, home.current(name).string() + " points at '" + target.string() +
                                    "', which is no version");
  }
  return std::optional<std::uint64_t>(number);
}

}  // namespace fw::store
