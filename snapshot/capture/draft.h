// The plan while it is being put together, in the arena. Texts are appended as
// they come; seal() appends the tables and fills in the header.
#pragma once

#include <memory_resource>
#include <string_view>
#include <vector>

#include "snapshot/image/format.h"

namespace fw::capture {

class Draft {
 public:
  explicit Draft(std::pmr::memory_resource* memory);

  image::Plan header{};
  std::pmr::vector<image::MapOp> maps;
  std::pmr::vector<image::MappedFile> files;
  std::pmr::vector<image::SharedObject> shared;
  std::pmr::vector<image::Thread> threads;
  std::pmr::vector<image::Descriptor> descriptors;
  std::pmr::vector<image::External> externals;
  std::pmr::vector<image::SignalAction> signals;

  image::Bytes add_text(std::string_view text);
  image::Table add_items(const std::pmr::vector<image::EpollItem>& items);
  std::string_view text(image::Bytes bytes) const;

  // Appends the tables. From here on the plan's size is known; its records can
  // still be changed in place until finish().
  void seal();
  std::size_t bytes() const { return body_.size(); }
  image::Plan* plan() { return reinterpret_cast<image::Plan*>(body_.data()); }

 private:
  template <typename T>
  image::Table append(const std::pmr::vector<T>& records);

  std::pmr::vector<char> body_;
};

}  // namespace fw::capture
