#include "gateway/functions/installer.h"

#include <exception>
#include <nlohmann/json.hpp>
#include <optional>

#include "store/install/install.h"
#include "store/publish.h"

namespace fw::gateway::functions {

namespace {

using nlohmann::json;

constexpr std::size_t kMostInstalls = 4;

Response json_response(unsigned status, const json& body) {
  Response response;
  response.status = status;
  response.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
  return response;
}

Response busy_with(const std::string& name) {
  return error_response(409, "conflict",
                        "'" + name + "' is being installed or removed: try again afterwards");
}

Response failure_response(const store::InstallFailure& failure) {
  const Errc code = failure.error.code();
  const bool ours = code == Errc::kInternal || code == Errc::kSystem;
  json body{
      {"error", failure.error.message()}, {"code", name_of(code)}, {"detail", failure.detail}};
  if (!failure.host_output.empty()) body["output"] = failure.host_output;
  return json_response(ours ? 500 : 422, body);
}

}  // namespace

Installer::Installer(store::Home home) : home_(home), sources_(std::move(home)) {
  sources_.sweep();
}

Installer::~Installer() {
  for (Work& work : work_) work.thread.join();
}

bool Installer::begin(const std::string& name) { return busy_.insert(name).second; }

void Installer::end(const std::string& name) {
  const std::lock_guard lock(mutex_);
  busy_.erase(name);
}

void Installer::install(std::shared_ptr<Exchange> exchange, WantedInstall wanted) {
  std::optional<Response> refusal;
  {
    const std::lock_guard lock(mutex_);
    for (auto at = work_.begin(); at != work_.end();) {
      if (at->done) at->thread.join();
      at = at->done ? work_.erase(at) : std::next(at);
    }
    const std::string name = wanted.request.name;
    if (work_.size() >= kMostInstalls) {
      refusal = error_response(Error(Errc::kBusy, "too many functions are being installed"));
    } else if (!begin(name)) {
      refusal = busy_with(name);
    } else {
      work_.emplace_back();
      Work& work = work_.back();
      // It cannot end before it is stored: it needs the lock for that.
      work.thread = std::thread([this, &work, exchange, its = std::move(wanted), name]() mutable {
        Response response;
        try {
          response = install_now(std::move(its));
        } catch (const std::exception& error) {
          response = error_response(500, "internal", error.what());
        }
        end(name);
        exchange->respond(std::move(response));
        exchange.reset();
        const std::lock_guard ended(mutex_);
        work.done = true;
      });
    }
  }
  if (refusal) exchange->respond(std::move(*refusal));
}

Response Installer::install_now(WantedInstall wanted) const {
  const std::string name = wanted.request.name;
  if (!wanted.file_name.empty()) {
    auto kept = sources_.keep(name, wanted.file_name, wanted.text);
    if (!kept) return error_response(kept.error());
    wanted.request.source = std::move(*kept);
  }
  const store::InstallResult installed = store::install(home_, wanted.request, [](auto) {});
  sources_.prune(name);  // the upload itself after a failure, else of versions that are gone
  if (!installed) return failure_response(installed.error());
  return json_response(201, {{"installed", installed->manifest}, {"report", installed->report}});
}

Response Installer::remove(const std::string& name) {
  {
    const std::lock_guard lock(mutex_);
    if (!begin(name)) return busy_with(name);
  }
  const Status removed = store::remove_function(home_, name);
  if (removed) sources_.prune(name);
  end(name);
  return removed ? json_response(200, {{"removed", name}}) : error_response(removed.error());
}

}  // namespace fw::gateway::functions
