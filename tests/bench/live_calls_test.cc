// Where many calls of one process cannot be made. That they can is seen in the whole
// benchmark (quick_test.cc).
#include "bench/live/live_calls.h"

#include <doctest/doctest.h>
#include <fcntl.h>

#include "base/files.h"

using namespace fw;
using namespace fw::bench;

TEST_CASE("Many calls are made of what lies in the store, and not of the cache's form") {
  std::vector<Form> forms(2);
  forms[0].key = "nop.store";
  forms[0].what = "NOP, from the store";
  forms[1].key = "nop.cache";
  const std::vector<LiveCalls> all = make_live_calls(forms);
  REQUIRE(all.size() == 1);
  CHECK(all[0].key == "nop.live");
  CHECK(all[0].what == "NOP");
}

TEST_CASE("What cannot serve has no figures, and says once why") {
  const UniqueFd file = open_file("/bin/sh", O_RDONLY).value();
  std::vector<LiveCalls> all(1);
  all[0].key = "sh.live";
  all[0].target = {file.get(), FW_BIN_DIR "/fwrun-restore", "{}", ""};
  REQUIRE(measure(all[0], 3));
  CHECK_FALSE(all[0].failure.empty());
  Figures figures;
  Unavailable unavailable;
  report(all, figures, unavailable);
  CHECK(figures.all().empty());
  CHECK(unavailable.at("sh.live") == all[0].failure);
}
