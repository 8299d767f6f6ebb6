// Writes the image file: head, plan, pages. The file appears under its name only
// when it is complete.
#pragma once

#include <memory_resource>
#include <span>

#include "base/unique_fd.h"
#include "snapshot/capture/draft.h"
#include "snapshot/capture/memory.h"
#include "snapshot/capture/pages.h"
#include "snapshot/capture/refusal.h"

namespace fw::capture {

class ImageWriter {
 public:
  ImageWriter(std::pmr::memory_resource* memory, const char* path, Refusal* refusal);
  // Removes what is incomplete.
  ~ImageWriter();
  ImageWriter(const ImageWriter&) = delete;
  ImageWriter& operator=(const ImageWriter&) = delete;

  bool create();
  bool write(Draft* draft, const MemoryCapture& contents, Pages* pages);

  // What the finished image takes on disk; its size is larger by the holes.
  std::uint64_t disk_bytes() const { return disk_bytes_; }

 private:
  bool write_at(std::uint64_t offset, std::span<const char> bytes);
  bool stage(std::uint64_t offset, std::span<const char> bytes);
  bool flush_staged();
  bool write_mapping(const image::MapOp& op, std::uint64_t offset, Pages* pages,
                     std::uint64_t* sum);
  bool write_shared(const image::SharedObject& object, const SharedContents& contents,
                    std::uint64_t offset, Pages* pages, std::uint64_t* sum);
  bool publish();

  std::pmr::memory_resource* memory_;
  std::pmr::string path_;
  std::pmr::string temporary_;
  Refusal* refusal_;
  UniqueFd fd_;
  std::pmr::vector<char> staged_{memory_};
  std::uint64_t staged_offset_ = 0;
  std::uint64_t image_bytes_ = 0;
  std::uint64_t disk_bytes_ = 0;
  bool published_ = false;
};

}  // namespace fw::capture
