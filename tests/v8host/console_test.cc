// Output of an invocation.
#include <doctest/doctest.h>

#include "tests/v8host/function_host.h"

using fw::args::Stream;
using fw::test::OneFile;
using fw::test::Served;

TEST_CASE("Console output arrives by stream and in order") {
  const OneFile function(R"js(
    exports.handler = (event) => {
      console.log('one', 1, { a: [1, 2] });
      console.error('two %s', 'formatted');
      process.stdout.write('three\n');
      process.stderr.write(Buffer.from('four\n'));
      console.info('five');
      console.warn('six');
    };
  )js");
  const Served served = function.installed.invoke("{}");
  CHECK(served.text(Stream::kStdout) == "one 1 { a: [ 1, 2 ] }\nthree\nfive\n");
  CHECK(served.text(Stream::kStderr) == "two formatted\nfour\nsix\n");
  REQUIRE(served.logs.size() == 6);
  CHECK(served.logs[0].stream == Stream::kStdout);
  CHECK(served.logs[1].stream == Stream::kStderr);
  CHECK(served.logs[2].text == "three\n");
  CHECK(served.logs[5].stream == Stream::kStderr);
}

TEST_CASE("Output of training and loading does not reach invocations") {
  const OneFile function(R"js(
    console.log('loading');
    let calls = 0;
    exports.handler = (event) => { console.log(event.who ?? `training ${++calls}`); };
  )js");
  CHECK(function.installed.invoke(R"({"who": "me"})").text(Stream::kStdout) == "me\n");
}

TEST_CASE("The streams behave like node's when they are no terminal") {
  const OneFile function(R"js(
    const { Writable, Readable } = require('stream');
    exports.handler = async () => {
      const seen = [];
      seen.push(process.stdout.write('a', () => seen.push('callback')));
      await new Promise((resolve) => process.stdout.write('b', 'utf8', resolve));
      seen.push(Boolean(process.stdout.isTTY), process.stdout.fd, process.stderr.fd,
                process.stdout instanceof Writable);
      await new Promise((resolve) => Readable.from(['c', 'd']).on('end', resolve)
                                        .pipe(process.stdout, { end: false }));
      process.stdout.write('646566', 'hex');
      process.stdout.end('e');
      process.stdout.write('f');
      return seen;
    };
  )js");
  const Served served = function.installed.invoke("{}");
  CHECK(served.body == R"([true,"callback",false,1,2,true])");
  CHECK(served.text(Stream::kStdout) == "abcddefef");
}

TEST_CASE("Output before an error arrives with it") {
  const OneFile function(R"js(
    exports.handler = ({ run }) => { console.log('before'); if (run) throw new Error('after'); };
  )js");
  const Served served = function.installed.invoke(R"({"run": 1})");
  CHECK(served.failed);
  CHECK(served.text(Stream::kStdout) == "before\n");
}

TEST_CASE("Output of workers arrives too") {
  const OneFile function(R"js(
    const { Worker } = require('worker_threads');
    exports.handler = async ({ run }) => {
      if (!run) return;
      const worker = new Worker("console.log('from a worker')", { eval: true });
      await new Promise((resolve) => worker.on('exit', resolve));
    };
  )js");
  CHECK(function.installed.invoke(R"({"run": 1})").text(Stream::kStdout) == "from a worker\n");
}
