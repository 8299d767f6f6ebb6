// Threads of native libraries of Python's: BLAS under numpy, and Numba's.
#include <doctest/doctest.h>
#include <unistd.h>

#include <cstdlib>

#include "tests/e2e/python_threads.h"

using namespace fw::testing;
using nlohmann::json;

namespace {

// Debian's OpenBLAS, wherever it is numpy's or not. Empty, having said so, without it.
std::string openblas() {
  const char* const other = std::getenv("FW_TEST_OPENBLAS");
  const std::string path =
      other != nullptr ? other : "/usr/lib/x86_64-linux-gnu/openblas-pthread/libblas.so.3";
  if (::access(path.c_str(), R_OK) == 0) return path;
  MESSAGE(
      "skipped: there is no OpenBLAS (package libopenblas0-pthread; $FW_TEST_OPENBLAS may "
      "name another libblas.so.3)");
  return "";
}

json product(int threads, const json& libraries) {
  return {{"right", true}, {"trace", 1348164}, {"threads", threads}, {"libraries", libraries}};
}

}  // namespace

TEST_CASE("numpy multiplies matrices right after the restore, in a process of one thread") {
  const Installation fwrun;
  install(fwrun, "blas", 1);
  const json told = fwrun.result("blas", {{"tell", true}});
  CHECK(told == product(1, told["libraries"]));
  expect(fwrun, "blas", json::object(), {{"right", true}, {"trace", 1348164}});
}

TEST_CASE("OpenBLAS has one thread unless the function asks for more, which are revived") {
  const std::string library = openblas();
  if (library.empty()) return;
  const Installation fwrun;
  install(fwrun, "blas", 1, {"--env", "BLAS=" + library});
  const json libraries = fwrun.result("blas", {{"tell", true}})["libraries"];
  CHECK(contains(libraries.dump(), "openblas"));
  expect(fwrun, "blas", {{"tell", true}}, product(1, libraries));

  // OpenBLAS makes no more than there are CPUs.
  const int threads = std::min(4, static_cast<int>(::sysconf(_SC_NPROCESSORS_ONLN)));
  install(fwrun, "blas", threads, {"--env", "BLAS=" + library, "--env", "OPENBLAS_NUM_THREADS=4"});
  expect(fwrun, "blas", {{"tell", true}}, product(threads, libraries));
}

TEST_CASE("Numba's parallel loops run on one thread, or on those that the function asks for") {
  const auto answer = [](const char* layer, int numba_threads, int threads) {
    return json{{"sum", 9999900000.0},
                {"squares", 333328333350000},
                {"layer", layer},
                {"numba_threads", numba_threads},
                {"threads", threads}};
  };
  const json event{{"count", 100000}, {"tell", true}};
  const Installation fwrun;
  install(fwrun, "numba_parallel", 1);
  expect(fwrun, "numba_parallel", event, answer("omp", 1, 1));
  // Numba accepts no more threads than there are CPUs.
  if (::sysconf(_SC_NPROCESSORS_ONLN) < 2) {
    MESSAGE("skipped: several threads of Numba need two CPUs");
    return;
  }
  install(fwrun, "numba_parallel", 2, {"--env", "NUMBA_NUM_THREADS=2"});
  expect(fwrun, "numba_parallel", event, answer("omp", 2, 2));
  install(fwrun, "numba_parallel", 3,
          {"--env", "NUMBA_NUM_THREADS=2", "--env", "NUMBA_THREADING_LAYER=workqueue"});
  expect(fwrun, "numba_parallel", event, answer("workqueue", 2, 3));
}

TEST_CASE("Threads in the middle of compiled loops go on with all that they had in registers") {
  const Installation fwrun;
  for (int i = 0; i < 2; ++i) {
    install(fwrun, "nogil", 3);
    expect(fwrun, "nogil", json::object(), {{"wrong", {0, 0}}, {"went_on", {true, true}}});
  }
}
