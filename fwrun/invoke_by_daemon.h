// Invoking through a daemon that runs, instead of restoring a process here.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "store/home.h"
#include "store/invoke.h"

namespace fw::cli {

// nullopt when no daemon of this store runs, or it has no room for us: the image itself
// does. Only a socket whose other end is this user's or root's is talked to.
std::optional<Result<store::Invoked>> invoke_by_daemon(const store::Home& home,
                                                       const std::string& function,
                                                       std::string_view arguments);

}  // namespace fw::cli
