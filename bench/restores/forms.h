// The forms in which a function's image can be restored: as it lies in the store,
// and from the cache on huge pages.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "bench/bounds.h"
#include "bench/functions/subject.h"
#include "bench/restores/cache_folder.h"
#include "bench/restores/samples.h"
#include "bench/rounds.h"

namespace fw::bench {

struct Form {
  std::string key;   // "nop.store"
  std::string what;  // "NOP, from the store"
  Target target;
  RestoreSamples samples{};
};

// The cache is mounted at `folder`; when it cannot be, or does not take an image,
// `unavailable` says why and there are only the forms of the store. Descriptors of
// cached images are given to their subjects, which must outlive the forms.
struct Forms {
  std::optional<CacheFolder> cache;
  std::vector<Form> all;
};
Result<Forms> make_forms(std::vector<Subject>& subjects, const std::filesystem::path& restorer,
                         const std::filesystem::path& folder, Unavailable& unavailable);

// `count` restores, whose times are kept; or not, to warm up.
Status measure(Form& form, std::size_t count);
Status warm_up(const Form& form, std::size_t count);

// Adds KEY.mappings, of `count` processes of each form.
Status report_mappings(const std::vector<Form>& forms, std::size_t count, Figures& figures);

}  // namespace fw::bench
