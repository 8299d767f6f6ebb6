#include "snapshot/capture/draft.h"

#include <cstring>

namespace fw::capture {

Draft::Draft(std::pmr::memory_resource* memory)
    : maps(memory),
      files(memory),
      shared(memory),
      threads(memory),
      descriptors(memory),
      externals(memory),
      signals(memory),
      body_(sizeof(image::Plan), '\0', memory) {}

image::Bytes Draft::add_text(std::string_view text) {
  const image::Bytes bytes{static_cast<std::uint32_t>(body_.size()),
                           static_cast<std::uint32_t>(text.size())};
  body_.insert(body_.end(), text.begin(), text.end());
  body_.push_back('\0');
  return bytes;
}

std::string_view Draft::text(image::Bytes bytes) const {
  return {body_.data() + bytes.offset, bytes.length};
}

template <typename T>
image::Table Draft::append(const std::pmr::vector<T>& records) {
  body_.resize((body_.size() + 7) & ~std::size_t{7});
  const image::Table table{static_cast<std::uint32_t>(body_.size()),
                           static_cast<std::uint32_t>(records.size())};
  const auto* bytes = reinterpret_cast<const char*>(records.data());
  body_.insert(body_.end(), bytes, bytes + records.size() * sizeof(T));
  return table;
}

image::Table Draft::add_items(const std::pmr::vector<image::EpollItem>& items) {
  return append(items);
}

void Draft::seal() {
  header.magic = image::kPlanMagic;
  header.version = image::kFormatVersion;
  header.header_bytes = sizeof(image::Plan);
  header.maps = append(maps);
  header.files = append(files);
  header.shared = append(shared);
  header.threads = append(threads);
  header.descriptors = append(descriptors);
  header.externals = append(externals);
  header.signals = append(signals);
  body_.resize((body_.size() + 7) & ~std::size_t{7});
  header.plan_bytes = body_.size();
  std::memcpy(body_.data(), &header, sizeof header);
}

}  // namespace fw::capture
