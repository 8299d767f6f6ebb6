#include "base/result.h"

#include <doctest/doctest.h>

#include <cerrno>
#include <memory>
#include <set>

namespace {

using fw::Errc;
using fw::Error;
using fw::Result;
using fw::Status;

Result<int> parse_digit(char c) {
  if (c < '0' || c > '9') return fw::fail(Errc::kBadInput, std::string("no digit: ") + c);
  return c - '0';
}

Status check_digit(char c, int& runs) {
  FW_TRY(parse_digit(c));
  ++runs;
  return {};
}

Result<int> add_digits(char a, char b) {
  FW_TRY_ASSIGN(const int x, parse_digit(a));
  FW_TRY_ASSIGN(const int y, parse_digit(b));
  return x + y;
}

Result<std::unique_ptr<int>> boxed(char c) {
  FW_TRY_ASSIGN(const int value, parse_digit(c));
  return std::make_unique<int>(value);
}

TEST_CASE("FW_TRY goes on after success and returns the error of a failure") {
  int runs = 0;
  CHECK(check_digit('7', runs).has_value());
  CHECK(runs == 1);
  const Status failed = check_digit('x', runs);
  REQUIRE(!failed);
  CHECK(failed.error().code() == Errc::kBadInput);
  CHECK(runs == 1);
}

TEST_CASE("FW_TRY_ASSIGN yields the value or returns the first error") {
  CHECK(*add_digits('2', '3') == 5);
  CHECK(add_digits('a', 'b').error().message() == "no digit: a");
  CHECK(add_digits('1', 'b').error().message() == "no digit: b");
}

TEST_CASE("FW_TRY_ASSIGN moves what cannot be copied") {
  const auto outer = []() -> Result<int> {
    FW_TRY_ASSIGN(std::unique_ptr<int> box, boxed('4'));
    return *box;
  };
  CHECK(*outer() == 4);
}

TEST_CASE("an error of a system call keeps its errno and says it in words") {
  errno = ENOENT;
  const Error error = Error::from_errno("open /x");
  CHECK(error.code() == Errc::kSystem);
  CHECK(error.sys_errno() == ENOENT);
  CHECK(error.message() == "open /x: No such file or directory");
  CHECK(Error::from_errno("write", ENOSPC).message() == "write: No space left on device");
}

TEST_CASE("context is put in front, outermost first, and changes neither code nor errno") {
  Error error = Error::from_errno("open /x", EACCES);
  error = std::move(error).context("read the manifest");
  error = std::move(error).context("install hello");
  CHECK(error.message() == "install hello: read the manifest: open /x: Permission denied");
  CHECK(error.code() == Errc::kSystem);
  CHECK(error.sys_errno() == EACCES);
}

TEST_CASE("every error code has a name of its own") {
  std::set<std::string_view> names;
  for (const Errc code : {Errc::kInternal, Errc::kSystem, Errc::kBadInput, Errc::kNotFound,
                          Errc::kRefused, Errc::kTimeout, Errc::kFunction, Errc::kDied}) {
    names.insert(fw::name_of(code));
  }
  CHECK(names.size() == 8);
  CHECK(names.contains("bad_input"));
}

}  // namespace
