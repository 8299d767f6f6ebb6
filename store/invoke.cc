#include "store/invoke.h"

#include "store/image_process.h"

namespace fw::store {

Result<Invoked> invoke_image(const InvokeRequest& request) {
  Invoked invoked;
  FW_TRY(ImageProcess::start(request, ImageProcess::After::kEnds, invoked));
  return invoked;
}

}  // namespace fw::store
