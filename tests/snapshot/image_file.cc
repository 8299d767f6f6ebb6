#include "tests/snapshot/image_file.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/check.h"

namespace fw::test {

ImageFile::ImageFile(const std::filesystem::path& original, const std::filesystem::path& path)
    : original_(original), path_(path) {
  mend();
  char first[1024];
  const ssize_t n = ::pread(fd_.get(), first, sizeof first, 0);
  FW_CHECK(
      n > 0 && image::locate_plan(first, static_cast<std::size_t>(n), size_, &location_) == nullptr,
      "a test's image is one");
}

void ImageFile::mend() {
  std::filesystem::copy_file(original_, path_, std::filesystem::copy_options::overwrite_existing);
  fd_ = UniqueFd(::open(path_.c_str(), O_RDWR | O_CLOEXEC));
  FW_CHECK(fd_.valid(), "a copy can be opened");
  size_ = std::filesystem::file_size(path_);
}

std::vector<char> ImageFile::head() const {
  std::vector<char> bytes(plan_offset() + plan_bytes());
  const ssize_t n = ::pread(fd_.get(), bytes.data(), bytes.size(), 0);
  FW_CHECK(n == static_cast<ssize_t>(bytes.size()), "a copy can be read");
  return bytes;
}

void ImageFile::set_size(std::uint64_t size) {
  FW_CHECK(::ftruncate(fd_.get(), static_cast<off_t>(size)) == 0, "a copy can be cut");
}

void ImageFile::flip(std::uint64_t offset) {
  unsigned char byte = 0;
  FW_CHECK(::pread(fd_.get(), &byte, 1, static_cast<off_t>(offset)) == 1, "a copy can be read");
  byte = static_cast<unsigned char>(~byte);
  write(offset, &byte, 1);
}

std::vector<std::uint64_t> ImageFile::read_plan() const {
  std::vector<std::uint64_t> words((plan_bytes() + 7) / 8);
  const ssize_t n =
      ::pread(fd_.get(), words.data(), plan_bytes(), static_cast<off_t>(plan_offset()));
  FW_CHECK(n == static_cast<ssize_t>(plan_bytes()), "a copy can be read");
  return words;
}

void ImageFile::write(std::uint64_t offset, const void* bytes, std::uint64_t size) {
  const ssize_t n = ::pwrite(fd_.get(), bytes, size, static_cast<off_t>(offset));
  FW_CHECK(n == static_cast<ssize_t>(size), "a copy can be written");
}

}  // namespace fw::test
