// The JavaScript that is part of the host.
#pragma once

#include <string_view>

namespace fw::v8host {

// A file by its folder and name: "v8host/bootstrap.js", "annotate/annotate.js".
// data() is null if there is none.
std::string_view embedded_source(std::string_view path);

}  // namespace fw::v8host
