#include "gateway/functions/detail.h"

#include <array>
#include <charconv>
#include <exception>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "pool/stats.h"

namespace fw::gateway::functions {

namespace {

using Json = nlohmann::ordered_json;

template <typename Value>
using Named = std::pair<Value, const char*>;

constexpr std::array<Named<store::Ending>, 3> kEndings{{{store::Ending::kResult, "result"},
                                                        {store::Ending::kError, "error"},
                                                        {store::Ending::kTimedOut, "timed_out"}}};
constexpr std::array<Named<args::Stream>, 2> kStreams{
    {{args::Stream::kStdout, "stdout"}, {args::Stream::kStderr, "stderr"}}};
constexpr std::array<Named<args::Jit>, 3> kJits{{{args::Jit::kNothing, "nothing"},
                                                 {args::Jit::kPostJit, "post_jit"},
                                                 {args::Jit::kLost, "lost"}}};
constexpr std::array<Named<args::Boot>, 6> kBoots{{{args::Boot::kNone, "none"},
                                                   {args::Boot::kFile, "file"},
                                                   {args::Boot::kFork, "fork"},
                                                   {args::Boot::kResetFast, "reset_fast"},
                                                   {args::Boot::kResetScan, "reset_scan"},
                                                   {args::Boot::kResetFull, "reset_full"}}};
// Invoked::tier is a view: of texts that last.
constexpr std::array<std::string_view, 6> kTiers{"hot", "fork", "warm", "cold", "live", "file"};

template <typename Value, std::size_t kCount>
std::string_view name_in(const std::array<Named<Value>, kCount>& names, Value value) {
  for (const auto& [known, name] : names) {
    if (known == value) return name;
  }
  return "unknown";
}

// Throws, as all of nlohmann's reading does: caught in from_json().
template <typename Value, std::size_t kCount>
Value value_in(const std::array<Named<Value>, kCount>& names, const Json& name) {
  for (const auto& [known, text] : names) {
    if (name.get<std::string_view>() == text) return known;
  }
  throw std::runtime_error("'" + name.get<std::string>() + "' is unknown");
}

bool is_utf8(const std::string& text) {
  // The strict serializer is the one judge whose opinion matters here.
  try {
    (void)Json(text).dump();
    return true;
  } catch (const Json::exception&) {
    return false;
  }
}

std::string to_hex(std::string_view bytes) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const char c : bytes) {
    text += kDigits[static_cast<unsigned char>(c) >> 4];
    text += kDigits[static_cast<unsigned char>(c) & 0x0F];
  }
  return text;
}

std::string from_hex(std::string_view text) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    unsigned byte = 0;
    std::from_chars(text.data() + i, text.data() + i + 2, byte, 16);
    bytes += static_cast<char>(byte);
  }
  return bytes;
}

Json log_to_json(const args::LogEntry& entry) {
  Json json{{"stream", name_in(kStreams, entry.stream)}};
  if (is_utf8(entry.text)) {
    json["text"] = entry.text;
  } else {
    json["hex"] = to_hex(entry.text);
  }
  return json;
}

args::LogEntry log_from_json(const Json& json) {
  args::LogEntry entry{value_in(kStreams, json.at("stream")), {}};
  entry.text = json.contains("text") ? json.at("text").get<std::string>()
                                     : from_hex(json.at("hex").get<std::string_view>());
  return entry;
}

std::string_view tier_of(const Json& json) {
  for (const std::string_view tier : kTiers) {
    if (json.get<std::string_view>() == tier) return tier;
  }
  throw std::runtime_error("tier '" + json.get<std::string>() + "' is unknown");
}

store::Invoked invoked_from(const Json& json) {
  store::Invoked invoked;
  invoked.ending = value_in(kEndings, json.at("ending"));
  invoked.body = json.at("body").get<std::string>();
  invoked.tier = tier_of(json.at("tier"));
  invoked.boot = value_in(kBoots, json.at("boot"));
  invoked.request_id = json.at("request_id").get<std::string>();
  invoked.timeline = json.at("timeline").get<args::Timeline>();
  invoked.received_ns = json.at("received_ns").get<std::uint64_t>();
  invoked.minor_faults = json.at("faults").at("minor").get<std::uint64_t>();
  invoked.major_faults = json.at("faults").at("major").get<std::uint64_t>();
  invoked.reset_pages = json.at("reset_pages").get<std::uint32_t>();
  for (const Json& entry : json.at("logs")) invoked.logs.push_back(log_from_json(entry));
  invoked.log_bytes_dropped = json.at("log_bytes_dropped").get<std::uint64_t>();
  invoked.jit = value_in(kJits, json.at("jit"));
  invoked.jit_notes = json.at("jit_notes").get<std::vector<std::string>>();
  return invoked;
}

}  // namespace

std::string to_json(const pool::Served& served) {
  const store::Invoked& invoked = served.invoked;
  Json json{{"ending", name_in(kEndings, invoked.ending)},
            {"body", invoked.body},
            {"tier", invoked.tier},
            {"boot", name_in(kBoots, invoked.boot)},
            {"request_id", invoked.request_id},
            {"version", served.version},
            {"memory_mb", served.memory_mb},
            {"billed_ms", served.billed_ms},
            {"restore_ms", served.restore_ms},
            {"private_bytes", served.private_bytes},
            {"timeline", invoked.timeline},
            {"received_ns", invoked.received_ns},
            {"faults", {{"minor", invoked.minor_faults}, {"major", invoked.major_faults}}},
            {"reset_pages", invoked.reset_pages},
            {"logs", Json::array()},
            {"log_bytes_dropped", invoked.log_bytes_dropped},
            {"jit", name_in(kJits, invoked.jit)},
            {"jit_notes", invoked.jit_notes}};
  for (const args::LogEntry& entry : invoked.logs) json["logs"].push_back(log_to_json(entry));
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Result<pool::Served> from_json(std::string_view text) {
  try {
    const Json json = Json::parse(text);
    pool::Served served;
    served.invoked = invoked_from(json);
    served.version = json.at("version").get<std::uint64_t>();
    served.memory_mb = json.at("memory_mb").get<std::uint64_t>();
    served.billed_ms = json.at("billed_ms").get<double>();
    served.restore_ms = json.at("restore_ms").get<double>();
    served.private_bytes = json.at("private_bytes").get<std::uint64_t>();
    return served;
  } catch (const std::exception& error) {
    return fail(Errc::kInternal,
                std::string("the daemon's answer is not understood; it may be of another version "
                            "of fwrun: ") +
                    error.what());
  }
}

}  // namespace fw::gateway::functions
