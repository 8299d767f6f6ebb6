#include "pool/policy.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <string>

#include "base/files.h"
#include "store/catalog.h"
#include "store/folder_lock.h"
#include "store/name.h"

namespace fw::pool {

namespace fs = std::filesystem;

namespace {

constexpr const char* kPolicyFile = "policy.json";
constexpr int kPolicyFormat = 1;
constexpr std::size_t kMaxPolicyBytes = 64 * 1024;

// The numbers of a policy under their names in JSON, and what they may be.
struct Number {
  const char* name;
  std::uint64_t (*get)(const Policy&);
  void (*set)(Policy&, std::uint64_t);
  std::uint64_t least;
  std::uint64_t most;
};

#define FW_POLICY_NUMBER(field, least, most)                         \
  Number {                                                           \
#field, [](const Policy& p) -> std::uint64_t { return p.field; },  \
        [](Policy& p, std::uint64_t v) {                               \
          p.field = static_cast<decltype(Policy::field)>(v);           \
        },                                                             \
        least, most \
  }
constexpr std::uint64_t kDayMs = 24 * 3600 * 1000ULL;
constexpr std::array<Number, 5> kNumbers{
    FW_POLICY_NUMBER(min_clones, 0, 65'536), FW_POLICY_NUMBER(max_clones, 1, 65'536),
    FW_POLICY_NUMBER(max_queue, 0, 1'000'000), FW_POLICY_NUMBER(idle_ms, 0, 30 * kDayMs),
    FW_POLICY_NUMBER(template_idle_ms, 0, 30 * kDayMs)};
#undef FW_POLICY_NUMBER

Status check_number(const Number& number, std::uint64_t value) {
  if (value >= number.least && value <= number.most) return {};
  return fail(Errc::kBadInput, std::string(number.name) + " " + std::to_string(value) +
                                   " is out of its range: from " + std::to_string(number.least) +
                                   " to " + std::to_string(number.most));
}

Status check_together(const Policy& policy) {
  if (policy.min_clones <= policy.max_clones) return {};
  return fail(Errc::kBadInput, "min_clones " + std::to_string(policy.min_clones) +
                                   " is above max_clones " + std::to_string(policy.max_clones));
}

std::string to_text(const Policy& policy) {
  nlohmann::json json{{"format", kPolicyFormat}, {"reuse", name_of(policy.reuse)}};
  for (const Number& number : kNumbers) json[number.name] = number.get(policy);
  return json.dump(2) + "\n";
}

// kBadInput says what is wrong with a member; what is missing keeps its default.
Status read_member(const std::string& name, const nlohmann::json& value, Policy& policy) {
  if (name == "format") {
    if (value == kPolicyFormat) return {};
    return fail(Errc::kBadInput, "its format is " + value.dump() + ", this fwrun reads format " +
                                     std::to_string(kPolicyFormat));
  }
  if (name == "reuse") {
    FW_TRY_ASSIGN(policy.reuse, reuse_from(value.is_string() ? value.get<std::string>() : ""));
    return {};
  }
  for (const Number& number : kNumbers) {
    if (name != number.name) continue;
    if (!value.is_number_unsigned()) return fail(Errc::kBadInput, name + " is no whole number");
    FW_TRY(check_number(number, value.get<std::uint64_t>()));
    number.set(policy, value.get<std::uint64_t>());
    return {};
  }
  return fail(Errc::kBadInput, "'" + name + "' is unknown");
}

Result<Policy> from_text(const std::string& text) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  if (!json.is_object()) return fail(Errc::kBadInput, "it is no JSON object");
  Policy policy;
  for (const auto& [name, value] : json.items()) FW_TRY(read_member(name, value, policy));
  FW_TRY(check_together(policy));
  return policy;
}

}  // namespace

std::string_view name_of(Reuse reuse) { return reuse == Reuse::kReset ? "reset" : "never"; }

Result<Reuse> reuse_from(std::string_view name) {
  for (const Reuse reuse : {Reuse::kReset, Reuse::kNever}) {
    if (name == name_of(reuse)) return reuse;
  }
  return fail(Errc::kBadInput, "reuse '" + std::string(name) + "' is neither reset nor never");
}

Result<Policy> load_policy(const store::Home& home, const std::string& function) {
  if (!store::valid_name(function)) return fail(store::unknown_function(home, function));
  const fs::path file = home.function(function) / kPolicyFile;
  const Result<std::string> text = read_file(file, kMaxPolicyBytes);
  if (!text && text.error().sys_errno() == ENOENT) return Policy();
  if (!text && text.error().code() == Errc::kSystem) return fail(text.error());
  Result<Policy> policy = text ? from_text(*text) : fail(text.error());
  if (policy) return policy;
  return fail(Errc::kRefused, file.string() + " is damaged (" + policy.error().message() +
                                  "): delete it to have the default policy");
}

Status save_policy(const store::Home& home, const std::string& function, const Policy& policy) {
  for (const Number& number : kNumbers) FW_TRY(check_number(number, number.get(policy)));
  FW_TRY(check_together(policy));
  const Error unknown = store::unknown_function(home, function);
  if (!store::valid_name(function)) return fail(unknown);
  FW_TRY_ASSIGN(const std::optional<std::uint64_t> version, store::current_version(home, function));
  if (!version) return fail(unknown);
  // A sweeper leaves alone what lies in staging/ while this is locked; what a killed
  // writer left there goes with the next sweep, as its name is no function's.
  FW_TRY_ASSIGN(const store::FolderLock sweeping, store::FolderLock::wait(home.staging()));
  const fs::path written = home.staging() / ("policy." + function);
  FW_TRY(write_file_atomically(written, to_text(policy), 0600));
  if (std::rename(written.c_str(), (home.function(function) / kPolicyFile).c_str()) != 0) {
    const Error error = Error::from_errno("write " + home.function(function).string());
    std::remove(written.c_str());
    if (error.sys_errno() == ENOENT) return fail(unknown);  // removed meanwhile
    return fail(error);
  }
  return sync_folder(home.function(function));
}

}  // namespace fw::pool
