#include "bench/text.h"

#include <doctest/doctest.h>

using namespace fw::bench;

TEST_CASE("Durations have three digits and the unit that fits") {
  CHECK(duration_text(6.234) == "6.23 us");
  CHECK(duration_text(61.24) == "61.2 us");
  CHECK(duration_text(805.2) == "805 us");
  CHECK(duration_text(999.7) == "1.00 ms");
  CHECK(duration_text(1234) == "1.23 ms");
  CHECK(duration_text(20'000) == "20 ms");
  CHECK(duration_text(2'345'678) == "2.35 s");
  CHECK(duration_text(61.24, true) == "61.2 µs");
  CHECK(duration_text(0) == "0 us");
  CHECK(duration_text(9.996) == "10.0 us");
  CHECK(duration_text(99.96) == "100 us");
}

TEST_CASE("Values are written in the unit of their figure") {
  CHECK(value_text(1234, "us") == "1.23 ms");
  CHECK(value_text(14e6, "bytes") == "14 MB");
  CHECK(value_text(12'345'678, "bytes") == "12.3 MB");
  CHECK(value_text(4096, "bytes") == "4.10 kB");
  CHECK(value_text(0, "bytes") == "0 bytes");
  CHECK(value_text(87, "") == "87");
  CHECK(value_text(10'000, "") == "10,000");
  CHECK(value_text(473.6, "per second") == "474 per second");
  CHECK(value_text(5.234, "x") == "5.23 x");
}

TEST_CASE("Large numbers are grouped") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(10'000) == "10,000");
  CHECK(grouped(1'234'567) == "1,234,567");
}

TEST_CASE("Padding counts characters, not bytes") {
  CHECK(columns("µs") == 2);
  CHECK(padded_right("µs", 4) == "µs  ");
  CHECK(padded_left("µs", 4) == "  µs");
  CHECK(padded_left("longer", 3) == "longer");
  CHECK(padded_right("longer", 3) == "longer");
}
