#include "bench/restores/forms.h"

#include <utility>

#include "snapshot/cache/image_cache.h"

namespace fw::bench {

Result<Forms> make_forms(std::vector<Subject>& subjects, const std::filesystem::path& restorer,
                         const std::filesystem::path& folder, Unavailable& unavailable) {
  Forms forms;
  Result<CacheFolder> cache = CacheFolder::mount(folder);
  if (cache) forms.cache.emplace(std::move(*cache));
  for (Subject& subject : subjects) {
    forms.all.push_back({subject.key + ".store", subject.what + ", from the store",
                         subject.target(subject.stored, restorer)});
    const std::string key = subject.key + ".cache";
    if (!forms.cache) {
      unavailable[key] = "no cache: " + cache.error().message();
      continue;
    }
    Result<cache::CachedImage> cached = cache::open_cached(forms.cache->path(), subject.image_path);
    if (!cached) {
      unavailable[key] = "not in the cache: " + cached.error().message();
      continue;
    }
    subject.cached = std::move(*cached);
    forms.all.push_back(
        {key, subject.what + ", with the cache", subject.target(subject.cached, restorer)});
  }
  return forms;
}

Status measure(Form& form, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    Result<store::Invoked> invoked = restore_once(form.target);
    if (!invoked) return fail(std::move(invoked).error().context(form.what));
    form.samples.add(*invoked);
  }
  return {};
}

Status warm_up(const Form& form, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    Result<store::Invoked> invoked = restore_once(form.target);
    if (!invoked) return fail(std::move(invoked).error().context(form.what));
  }
  return {};
}

Status report_mappings(const std::vector<Form>& forms, std::size_t count, Figures& figures) {
  for (const Form& form : forms) {
    std::vector<double> samples;
    for (std::size_t i = 0; i < count; ++i) {
      Result<std::size_t> mappings = count_mappings(form.target);
      if (!mappings) return fail(std::move(mappings).error().context(form.what));
      samples.push_back(static_cast<double>(*mappings));
    }
    figures.add(form.key + ".mappings", "mappings of a restored process, " + form.what, "",
                std::move(samples));
  }
  return {};
}

}  // namespace fw::bench
