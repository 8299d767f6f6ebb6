#include "gateway/functions/describe.h"

#include <limits>
#include <nlohmann/json.hpp>

#include "store/catalog.h"

namespace fw::gateway::functions {

namespace {

using nlohmann::json;

json to_json(const pool::Histogram& histogram) {
  json text{{"count", histogram.count}};
  text["mean_us"] = histogram.count == 0
                        ? json(nullptr)
                        : json(histogram.sum_us / static_cast<double>(histogram.count));
  return text;
}

json stats_of(const std::string& name, const pool::PoolStats& all) {
  const auto found = all.functions.find(name);
  const pool::FunctionStats stats =
      found == all.functions.end() ? pool::FunctionStats{} : found->second;
  json tiers = json::object();
  for (std::size_t i = 0; i < pool::kTiers; ++i) tiers[pool::kTierNames[i]] = stats.by_tier[i];
  return {{"results", stats.results},    {"errors", stats.errors},
          {"timeouts", stats.timeouts},  {"crashes", stats.crashes},
          {"refused", stats.refused},    {"failed", stats.failed},
          {"by_tier", std::move(tiers)}, {"duration", to_json(stats.duration)},
          {"queued", stats.queued},      {"running", stats.running},
          {"parked", stats.parked},      {"starting", stats.starting},
          {"templates", stats.templates}};
}

Result<std::uint64_t> number(const std::string& name, const json& value, std::uint64_t most) {
  if (value.is_number_unsigned() && value.get<std::uint64_t>() <= most) {
    return value.get<std::uint64_t>();
  }
  return fail(Errc::kBadInput,
              "'" + name + "' must be a whole number from 0 to " + std::to_string(most));
}

Status change(pool::Policy& policy, const std::string& name, const json& value) {
  constexpr std::uint64_t kMost32 = std::numeric_limits<std::uint32_t>::max();
  constexpr std::uint64_t kMost64 = std::numeric_limits<std::int64_t>::max();
  if (name == "reuse") {
    FW_TRY_ASSIGN(policy.reuse,
                  pool::reuse_from(value.is_string() ? value.get<std::string>() : value.dump()));
    return {};
  }
  for (const auto& [known, member] : {std::pair{"min_clones", &pool::Policy::min_clones},
                                      std::pair{"max_clones", &pool::Policy::max_clones},
                                      std::pair{"max_queue", &pool::Policy::max_queue}}) {
    if (name != known) continue;
    FW_TRY_ASSIGN(const std::uint64_t given, number(name, value, kMost32));
    policy.*member = static_cast<std::uint32_t>(given);
    return {};
  }
  for (const auto& [known, member] :
       {std::pair{"idle_ms", &pool::Policy::idle_ms},
        std::pair{"template_idle_ms", &pool::Policy::template_idle_ms}}) {
    if (name != known) continue;
    FW_TRY_ASSIGN(policy.*member, number(name, value, kMost64));
    return {};
  }
  return fail(Errc::kBadInput, "a policy has no '" + name +
                                   "', but reuse, min_clones, max_clones, max_queue, idle_ms and "
                                   "template_idle_ms");
}

}  // namespace

Result<json> describe_all(const store::Home& home, const pool::PoolStats& stats) {
  FW_TRY_ASSIGN(const std::vector<store::ListedFunction> listed, store::list_functions(home));
  json functions = json::array();
  for (const store::ListedFunction& function : listed) {
    if (!function.manifest) {
      functions.push_back({{"name", function.name}, {"problem", function.problem}});
      continue;
    }
    const store::Manifest& manifest = *function.manifest;
    functions.push_back({{"name", function.name},
                         {"version", manifest.version},
                         {"runtime", manifest.runtime},
                         {"memory_mb", manifest.memory_mb},
                         {"timeout_ms", manifest.timeout_ms},
                         {"installed_ms", manifest.installed_ms},
                         {"stats", stats_of(function.name, stats)}});
  }
  return json{{"functions", std::move(functions)}};
}

Result<json> describe_one(const store::Home& home, const std::string& name,
                          const pool::PoolStats& stats) {
  FW_TRY_ASSIGN(const store::InstalledVersion version, store::open_current(home, name));
  FW_TRY_ASSIGN(const std::vector<std::uint64_t> versions, store::list_versions(home, name));
  FW_TRY_ASSIGN(const pool::Policy policy, pool::load_policy(home, name));
  return json{{"function", store::to_json(version.manifest)},
              {"policy", to_json(policy)},
              {"versions", versions},
              {"stats", stats_of(name, stats)}};
}

json to_json(const pool::Policy& policy) {
  return {{"reuse", pool::name_of(policy.reuse)},
          {"min_clones", policy.min_clones},
          {"max_clones", policy.max_clones},
          {"max_queue", policy.max_queue},
          {"idle_ms", policy.idle_ms},
          {"template_idle_ms", policy.template_idle_ms}};
}

Result<pool::Policy> changed(pool::Policy policy, const std::string& text) {
  const json wanted = json::parse(text, nullptr, false);
  if (!wanted.is_object()) {
    return fail(Errc::kBadInput, "the body must be a JSON object with members of a policy");
  }
  for (const auto& [name, value] : wanted.items()) FW_TRY(change(policy, name, value));
  return policy;
}

}  // namespace fw::gateway::functions
