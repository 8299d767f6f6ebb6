// Installing a function: check, train in a host, prove the image, publish. Until
// the last step nothing that is installed changes; a failure leaves nothing.
#pragma once

#include "store/home.h"
#include "store/install/request.h"

namespace fw::store {

// Training may take 20 times the function's timeout, and at least 10 s.
//
// error.code(): kBadInput for the request; kFunction, kTimeout, kRefused, kDied
// for what the function or its image did; kSystem and kInternal for the rest,
// a full disk included.
InstallResult install(const Home& home, const InstallRequest& request,
                      const InstallProgress& progress);

}  // namespace fw::store
