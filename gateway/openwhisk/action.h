// An action container of Apache OpenWhisk, as far as its invoker sees one: POST /init, then
// POST /run for each activation, each on a port of its own.
//
//   /init  {"value": {"name", "main", "code", "binary", "env"}}
//          200 {"ok": true}; 403 the second time; 502 when the code cannot be used
//   /run   {"value": {...}, "namespace", "action_name", "activation_id", "deadline", ...}
//          200 and the result, an object or an array; 502 for everything else that came of
//          it; 403 before /init
//
// Errors are {"error": message}. The members of /run other than `value` are environment
// variables of that activation, __OW_NAMESPACE and so on; those of `env` are of all. A
// deadline is the activation's timeout.
//
// What an activation printed goes to standard output and error of this process, each ended
// by the line XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX, before the answer is given. Several
// activations may overlap: what they print does not.
//
// For an installed function /init only opens the gate: its code, if any is sent, is not
// looked at. Without one, /init installs the code it is given: JavaScript or Python
// source. Such code is captured when it was loaded, without training: main() would be
// called with made-up arguments, and an action may have effects. Only one call with {}
// proves the image. Code that knows of fwrun (an annotation, or `warmup`) is installed as
// it asks for.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "gateway/exchange.h"
#include "gateway/logs/observer.h"
#include "store/home.h"
#include "store/install/language.h"

namespace fw::gateway::openwhisk {

struct ActionOptions {
  std::string function;  // installed; empty: /init brings the code
  // For code that /init brings: its language, and an existing folder that only this user
  // can read, where it is written and has to stay. It is installed under its own name,
  // in a home that should be for it alone.
  store::Language language = store::Language::kJavaScript;
  std::filesystem::path folder;
  std::uint64_t memory_mb = 256;
  std::uint64_t timeout_ms = 60'000;  // when an activation has no deadline

  // Where activations' output goes; they stay the caller's.
  int out_fd = 1;
  int err_fd = 2;
};

class OpenWhiskAction {
 public:
  // Home and log must outlive it.
  OpenWhiskAction(const store::Home& home, logs::InvocationLog& log, ActionOptions options);
  // Waits for an install that is under way. After the server has ended.
  ~OpenWhiskAction();
  OpenWhiskAction(const OpenWhiskAction&) = delete;
  OpenWhiskAction& operator=(const OpenWhiskAction&) = delete;

  // The object must outlive them.
  void add_routes(Routes& routes);

 private:
  class Container;
  std::unique_ptr<Container> container_;
};

}  // namespace fw::gateway::openwhisk
