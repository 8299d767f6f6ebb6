#include "bench/statistics.h"

#include <doctest/doctest.h>

using fw::bench::summarise;
using fw::bench::Summary;

namespace {

std::vector<double> one_to(int last) {
  std::vector<double> numbers;
  for (int i = last; i >= 1; --i) numbers.push_back(i);  // not in order
  return numbers;
}

}  // namespace

TEST_CASE("The median of an odd number of samples is the middle one") {
  CHECK(summarise({9, 1, 5}).p50 == 5);
  CHECK(summarise({7}).p50 == 7);
  CHECK(summarise(one_to(101)).p50 == 51);
}

TEST_CASE("The median of an even number of samples lies between the two middle ones") {
  CHECK(summarise({4, 1, 3, 10}).p50 == 3.5);
  CHECK(summarise({1, 2}).p50 == 1.5);
}

TEST_CASE("The 99th percentile is the smallest sample that 99 of 100 do not exceed") {
  CHECK(summarise(one_to(100)).p99 == 99);
  CHECK(summarise(one_to(101)).p99 == 100);
  CHECK(summarise(one_to(200)).p99 == 198);
  CHECK(summarise(one_to(1000)).p99 == 990);
}

TEST_CASE("With fewer than a hundred samples the 99th percentile is the largest") {
  CHECK(summarise({3}).p99 == 3);
  CHECK(summarise({1, 900, 2}).p99 == 900);
  CHECK(summarise(one_to(99)).p99 == 99);
}

TEST_CASE("One outlier moves neither the median nor, among many, the 99th percentile") {
  std::vector<double> samples = one_to(1000);
  samples[0] = 1e9;
  CHECK(summarise(samples).p50 == 500.5);
  CHECK(summarise(samples).p99 == 990);
}

TEST_CASE("No samples have no summary") {
  const Summary none = summarise({});
  CHECK(none.count == 0);
  CHECK(none.p50 == 0);
  CHECK(none.p99 == 0);
  CHECK(summarise({1, 2, 3}).count == 3);
}
