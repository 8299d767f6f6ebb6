#include "gateway/functions/install_request.h"

#include <charconv>
#include <nlohmann/json.hpp>

#include "gateway/percent.h"

namespace fw::gateway::functions {

namespace {

using nlohmann::json;

Error wrong(const std::string& name, const std::string& expected) {
  return {Errc::kBadInput, "'" + name + "' must be " + expected};
}

Result<std::string> text_of(const std::string& name, const json& value) {
  if (!value.is_string()) return fail(wrong(name, "a text"));
  return value.get<std::string>();
}

Result<std::uint64_t> number_of(const std::string& name, const json& value) {
  if (!value.is_number_unsigned() || value.get<std::uint64_t>() == 0) {
    return fail(wrong(name, "a whole number above 0"));
  }
  return value.get<std::uint64_t>();
}

Result<bool> flag_of(const std::string& name, const json& value) {
  if (!value.is_boolean()) return fail(wrong(name, "true or false"));
  return value.get<bool>();
}

Status read_environment(const json& value, store::InstallRequest& request) {
  if (!value.is_object()) return fail(wrong("environment", "an object of texts"));
  for (const auto& [name, text] : value.items()) {
    FW_TRY_ASSIGN(request.environment[name], text_of("environment." + name, text));
  }
  return {};
}

Status read_member(const std::string& name, const json& value, store::InstallRequest& request) {
  if (name == "source") {
    FW_TRY_ASSIGN(const std::string path, text_of(name, value));
    request.source = path;
    if (!request.source.is_absolute()) return fail(wrong(name, "an absolute path"));
  } else if (name == "handler") {
    FW_TRY_ASSIGN(request.handler, text_of(name, value));
  } else if (name == "training") {
    if (!value.is_array()) return fail(wrong(name, "an array of events"));
    request.training_events = value.dump();
    request.training_source = "'training'";
  } else if (name == "environment") {
    FW_TRY(read_environment(value, request));
  } else if (name == "memory_mb") {
    FW_TRY_ASSIGN(request.memory_mb, number_of(name, value));
  } else if (name == "timeout_ms") {
    FW_TRY_ASSIGN(request.timeout_ms, number_of(name, value));
  } else if (name == "auto_jit") {
    FW_TRY_ASSIGN(request.auto_jit, flag_of(name, value));
  } else if (name == "require_jit") {
    FW_TRY_ASSIGN(request.require_jit, flag_of(name, value));
  } else if (name == "jit_tolerance") {
    const double tolerance = value.is_number() ? value.get<double>() : -1;
    if (tolerance < 0 || tolerance >= 1) return fail(wrong(name, "from 0 to below 1"));
    request.jit_tolerance = tolerance;
  } else {
    return fail(Errc::kBadInput, "'" + name + "' is not known here");
  }
  return {};
}

Result<WantedInstall> read_object(const std::string& body) {
  const json wanted = json::parse(body, nullptr, false);
  if (!wanted.is_object()) return fail(Errc::kBadInput, "the body must be a JSON object");
  WantedInstall install;
  for (const auto& [name, value] : wanted.items()) {
    FW_TRY(read_member(name, value, install.request));
  }
  if (install.request.source.empty()) {
    return fail(Errc::kBadInput, "'source' is missing: the absolute path of the function");
  }
  return install;
}

// handler, memory_mb and timeout_ms.
Status read_query(std::string_view query, store::InstallRequest& request) {
  while (!query.empty()) {
    const std::size_t end = std::min(query.find('&'), query.size());
    const std::string_view part = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    const std::size_t equals = std::min(part.find('='), part.size());
    const std::string name(part.substr(0, equals));
    std::string value;
    if (!percent_decode(part.substr(std::min(equals + 1, part.size())), value)) {
      return fail(Errc::kBadInput, "'" + name + "' is badly percent-encoded");
    }
    if (name != "handler" && name != "memory_mb" && name != "timeout_ms") {
      return fail(Errc::kBadInput,
                  "'" + name + "' is not known here, but handler, memory_mb and timeout_ms");
    }
    const json as_json = name == "handler" ? json(value) : json::parse(value, nullptr, false);
    FW_TRY(read_member(name, as_json, request));
  }
  return {};
}

}  // namespace

Result<WantedInstall> read_install(const Exchange& exchange) {
  const Request& request = exchange.request;
  std::string_view type = request.header("Content-Type");
  type = type.substr(0, type.find_first_of("; "));
  Result<WantedInstall> install = WantedInstall{};
  if (type == "application/json") {
    install = read_object(request.body);
  } else if (type == "text/javascript" || type == "application/javascript") {
    install->file_name = "handler.js";
  } else if (type == "text/x-python") {
    install->file_name = "handler.py";
  } else {
    return fail(Errc::kBadInput,
                "Content-Type must be application/json, text/javascript or text/x-python");
  }
  if (!install) return install;
  if (!install->file_name.empty()) {
    FW_TRY(read_query(request.query, install->request));
    install->text = request.body;
  }
  install->request.name = exchange.captures.front();
  return install;
}

}  // namespace fw::gateway::functions
