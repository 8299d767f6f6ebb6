// Reading descriptors that are already open.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fw::store {

// From the descriptor's position to its end; works on files, pipes and
// terminals. Errors call it `what`. kBadInput when there are more than `limit`
// bytes.
Result<std::string> read_to_end(int fd, std::string_view what, std::size_t limit);

// The first `limit` bytes of a file, wherever its position is; `cut` is set to
// how many more it has.
Result<std::string> read_head(int fd, std::size_t limit, std::size_t& cut);

}  // namespace fw::store
