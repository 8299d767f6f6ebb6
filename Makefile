# A thin front to CMake (presets in CMakePresets.json). `make` builds; every
# target first lets setup install what is missing, which is silent if nothing is.
JOBS ?= $(shell nproc)
CMAKE_QUIET = --log-level=NOTICE

build: setup-build
	@cmake --preset release $(CMAKE_QUIET) >/dev/null
	@cmake --build --preset release -j $(JOBS)

demo: build
	@examples/demo.sh

test: setup build
	@cmake --build --preset release -j $(JOBS) --target tests/all
	@ctest --preset release

bench: build
	@build/bin/fwrun-bench

# The packages that building and running need; `setup` adds those of the tests.
setup-build:
	@setup/setup.sh build

setup:
	@setup/setup.sh test

format: setup
	@git ls-files -z '*.cc' '*.h' '*.c' | xargs -0 -r clang-format -i

tidy: setup
	@cmake --preset tidy $(CMAKE_QUIET) >/dev/null
	@cmake --build --preset tidy -j $(JOBS)

asan: setup
	@cmake --preset asan $(CMAKE_QUIET) >/dev/null
	@cmake --build --preset asan -j $(JOBS)
	@ctest --preset asan

clean:
	@rm -rf build build-dev build-asan build-tidy

.PHONY: build demo test bench setup setup-build format tidy asan clean
.NOTPARALLEL:
