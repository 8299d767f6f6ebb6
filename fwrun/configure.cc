#include <nlohmann/json.hpp>

#include "fwrun/commands.h"
#include "fwrun/output.h"
#include "pool/policy.h"
#include "store/catalog.h"
#include "store/name.h"
#include "store/sweep.h"

namespace fw::cli {

namespace {

template <typename Value>
bool change(const std::optional<Value>& from, Value& to) {
  if (from) to = *from;
  return from.has_value();
}

// True when the options ask for any change.
Result<bool> apply(const Options& options, pool::Policy& policy) {
  if (options.reuse) {
    Result<pool::Reuse> reuse = pool::reuse_from(*options.reuse);
    if (!reuse) return fail(std::move(reuse).error().context("--reuse"));
    policy.reuse = *reuse;
  }
  bool any = options.reuse.has_value();
  any |= change(options.min_clones, policy.min_clones);
  any |= change(options.max_clones, policy.max_clones);
  any |= change(options.max_queue, policy.max_queue);
  any |= change(options.idle_ms, policy.idle_ms);
  return any;
}

Result<pool::Policy> configure(const store::Home& home, const Options& options) {
  const Error unknown = store::unknown_function(home, options.subject);
  if (!store::valid_name(options.subject)) return fail(unknown);
  FW_TRY_ASSIGN(const std::optional<std::uint64_t> version,
                store::current_version(home, options.subject));
  if (!version) return fail(unknown);
  FW_TRY_ASSIGN(pool::Policy policy, pool::load_policy(home, options.subject));
  FW_TRY_ASSIGN(const bool changed, apply(options, policy));
  if (changed) FW_TRY(pool::save_policy(home, options.subject, policy));
  return policy;
}

std::string describe(const pool::Policy& policy) {
  const auto line = [](const char* name, std::uint64_t value, const char* unit = "") {
    return name + std::to_string(value) + unit + "\n";
  };
  return "reuse            " + std::string(pool::name_of(policy.reuse)) + "\n" +
         line("min clones       ", policy.min_clones) +
         line("max clones       ", policy.max_clones) +
         line("max queue        ", policy.max_queue) +
         line("idle             ", policy.idle_ms, " ms") +
         line("template idle    ", policy.template_idle_ms, " ms");
}

}  // namespace

int run_configure(const store::Home& home, const Options& options) {
  (void)store::sweep(home);
  const Result<pool::Policy> policy = configure(home, options);
  if (!policy) return report_error(options.json, policy.error());
  if (!options.json) return print_result(describe(*policy), kOk);
  return print_result(to_line({{"function", options.subject},
                               {"policy",
                                {{"reuse", pool::name_of(policy->reuse)},
                                 {"min_clones", policy->min_clones},
                                 {"max_clones", policy->max_clones},
                                 {"max_queue", policy->max_queue},
                                 {"idle_ms", policy->idle_ms},
                                 {"template_idle_ms", policy->template_idle_ms}}}}),
                      kOk);
}

}  // namespace fw::cli
