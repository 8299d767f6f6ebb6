// Installer: installs on behalf of HTTP clients, each in a thread of its own, as it takes
// seconds.
#pragma once

#include <list>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "gateway/exchange.h"
#include "gateway/functions/install_request.h"
#include "gateway/functions/sources.h"
#include "store/home.h"

namespace fw::gateway::functions {

class Installer {
 public:
  explicit Installer(store::Home home);
  // Waits for installs that run.
  ~Installer();
  Installer(const Installer&) = delete;
  Installer& operator=(const Installer&) = delete;

  // Answers 201 with {installed: (the manifest), report}; 422 with {error, code, detail,
  // output} when the function could not be installed; 409 while the same function is being
  // installed or removed, 429 while too many are. Any thread.
  void install(std::shared_ptr<Exchange> exchange, WantedInstall wanted);

  // Waits on the disk. 409 likewise; 404.
  Response remove(const std::string& name);

 private:
  struct Work {
    std::thread thread;
    bool done = false;
  };

  Response install_now(WantedInstall wanted) const;
  bool begin(const std::string& name);
  void end(const std::string& name);

  const store::Home home_;
  const Sources sources_;
  std::mutex mutex_;
  std::set<std::string> busy_;  // functions
  std::list<Work> work_;
};

}  // namespace fw::gateway::functions
