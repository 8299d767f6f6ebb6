// No two invocations of a process that is reset draw the same.
#include "tests/v8host/resets.h"

using fw::test::OneFile;
using nlohmann::json;

TEST_CASE("Random numbers and names are of each invocation alone") {
  const OneFile function(R"js(
    const crypto = require('crypto');
    exports.handler = () => {
      return {
        random: Math.random(),
        bytes: crypto.randomBytes(8).toString('hex'),
        uuid: crypto.randomUUID(),
        cached: crypto.randomUUID({ disableEntropyCache: false }),
        integer: crypto.randomInt(2 ** 47),
        filled: Buffer.from(crypto.webcrypto.getRandomValues(new Uint8Array(8))).toString('hex'),
        key: crypto.generateKeySync('hmac', { length: 64 }).export().toString('hex'),
      };
    };
  )js");
  const auto drawn = fw::test::drawn_over_resets(function.installed);
  CHECK(drawn.size() == 7);
  for (const auto& [name, values] : drawn) {
    CAPTURE(name);
    CHECK(values.size() == fw::test::kResets);
  }
}

TEST_CASE("Hooks for restores run in each invocation that begins with a reset") {
  const OneFile function(R"js(
    let ran = 0;
    fwrun.afterRestore(async () => { await new Promise((resolve) => setTimeout(resolve, 1)); ran++; });
    exports.handler = () => ran;
  )js");
  CHECK(fw::test::same_over_resets(function.installed) == 1);
}
