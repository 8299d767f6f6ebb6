// Subject: an installed function that is measured.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "bench/figure.h"
#include "bench/restores/target.h"
#include "embed/report.h"
#include "snapshot/cache/image_cache.h"
#include "store/home.h"
#include "store/install/language.h"
#include "store/manifest.h"

namespace fw::bench {

struct Subject {
  std::string key;   // begins the names of its figures: "nop"
  std::string what;  // for people: "NOP"
  store::Language language = store::Language::kJavaScript;
  store::Manifest manifest;
  embed::Report installation;
  std::filesystem::path image_path;
  cache::CachedImage stored;  // of the store
  cache::CachedImage cached;  // of the cache; invalid when there is none

  std::shared_ptr<JitTally> jit = std::make_shared<JitTally>();

  // Whether there is code that is, or was to be, compiled before the snapshot.
  bool has_jit() const;
  // What its processes are asked: the event of its installation's probe, or {}.
  std::string event() const;
  // What they must answer; empty when answers vary.
  std::string expected() const;
  Target target(const cache::CachedImage& image, const std::filesystem::path& restorer) const;
};

// The version of `name` that serves now.
Result<Subject> open_subject(const store::Home& home, const std::string& name, std::string key,
                             std::string what);

// Those that are installed under these names, which are also their keys. Adds
// KEY.first_call_unoptimised and .steady_call, as their installations told them.
Result<std::vector<Subject>> open_functions(const store::Home& home,
                                            const std::vector<std::string>& names,
                                            Figures& figures);

// `key`.without_jit, if it has_jit(): how many of all invocations so far did
// not run it, or not all of it.
void report_jit(const Subject& subject, Figures& figures);

// `key`.image_bytes and .image_allocated, and .pack_allocated if there is a pack.
Status report_image(const Subject& subject, Figures& figures);

}  // namespace fw::bench
