// What clients do with functions:
//
//   POST   /invoke/{name}             invoke_route.h
//   GET    /functions                 what is installed
//   GET    /functions/{name}          one of them: manifest, policy, versions, counts
//   PUT    /functions/{name}          install (install_request.h)      for administrators
//   DELETE /functions/{name}          remove                           likewise
//   GET    /functions/{name}/policy
//   PUT    /functions/{name}/policy   change members of it             likewise
//   GET    /healthz                   200; 503 while the server drains
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "gateway/exchange.h"
#include "gateway/logs/observer.h"
#include "pool/pool.h"

namespace fw::gateway::functions {

struct FunctionOptions {
  pool::Pool* pool = nullptr;
  logs::InvocationLog* log = nullptr;  // may be null
  std::string admin_token;             // empty: only trusted callers are administrators
  std::function<bool()> draining;      // may be null
};

// Owns the threads that do what a worker must not wait for. Outlives the routes, and ends
// before the pool does; the destructor waits for installs that run.
class FunctionRoutes {
 public:
  FunctionRoutes(Routes& routes, FunctionOptions options);
  ~FunctionRoutes();
  FunctionRoutes(const FunctionRoutes&) = delete;
  FunctionRoutes& operator=(const FunctionRoutes&) = delete;

 private:
  class Desks;
  std::unique_ptr<Desks> desks_;
};

}  // namespace fw::gateway::functions
