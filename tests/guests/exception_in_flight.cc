// A snapshot taken while exceptions are in flight: in a catch block, and in a
// destructor that runs because the stack is being unwound. The exception can be
// thrown on afterwards, and the unwinding goes on.
#include <exception>
#include <stdexcept>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

int destroyed = 0;
bool snapshot_taken = false;

struct CapturesWhenUnwound {
  const char* image;
  ~CapturesWhenUnwound() {
    EXPECT_EQ(std::uncaught_exceptions(), 1);
    snapshot(image);
    snapshot_taken = true;
    EXPECT_EQ(std::uncaught_exceptions(), 1);
    ++destroyed;
  }
};
struct Witness {
  ~Witness() { ++destroyed; }
};

}  // namespace

int main(int, char** argv) {
  std::exception_ptr kept;
  std::string texts;
  try {
    try {
      throw std::runtime_error("outer");
    } catch (const std::runtime_error&) {
      kept = std::current_exception();
      try {
        const Witness witness;
        const CapturesWhenUnwound captures{argv[1]};
        const Witness another;
        throw std::logic_error("inner");
      } catch (const std::logic_error& error) {
        texts += error.what();
      }
      throw;
    }
  } catch (const std::runtime_error& error) {
    texts += error.what();
  }
  EXPECT(snapshot_taken);
  EXPECT_EQ(destroyed, 3);
  EXPECT_EQ(texts, "innerouter");
  EXPECT_EQ(std::uncaught_exceptions(), 0);
  try {
    std::rethrow_exception(kept);
  } catch (const std::runtime_error& error) {
    texts = error.what();
  }
  EXPECT_EQ(texts, "outer");
}
