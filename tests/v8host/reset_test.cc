// Functions find the state of their image in every invocation of a process that is reset,
// whatever the invocation before left behind.
#include "tests/v8host/resets.h"

using fw::test::OneFile;
using fw::test::same_over_resets;
using nlohmann::json;

TEST_CASE("Module state is that of the image in every invocation") {
  const OneFile function(R"js(
    let count = 0;
    const seen = new Map();
    class Box { #n = 0; next() { return ++this.#n; } }
    const box = new Box();
    exports.handler = (event) => {
      seen.set(count, event);
      globalThis.left = (globalThis.left ?? 0) + 1;
      process.env.LEFT = `${process.env.LEFT ?? ''}x`;
      return [++count - seen.size, box.next() - count, globalThis.left - count, process.env.LEFT.length - count];
    };
  )js");
  CHECK(same_over_resets(function.installed) == json{0, 0, 0, 0});
  const OneFile counter("let count = 0; exports.handler = () => ++count;");
  CHECK(same_over_resets(counter.installed, "{}", 1000).is_number());
}

TEST_CASE("A heap that grew and was collected is that of the image again") {
  const OneFile function(R"js(
    const kept = [];
    exports.handler = ({ megabytes = 0 }) => {
      const before = kept.length;
      for (let i = 0; i < megabytes; i++) {
        kept.push(Array.from({ length: 16384 }, (_, k) => ({ k, text: `text ${k}` })));
        Buffer.alloc(1 << 20, i);
      }
      let garbage = 0;
      for (let i = 0; i < 20000 * megabytes; i++) garbage += [i, { i }].length;
      return [before, kept.length, garbage];
    };
  )js");
  CHECK(same_over_resets(function.installed, R"({"megabytes": 6})", 100) == json{0, 6, 240000});
}

TEST_CASE("Code that an invocation deoptimised is there again in the next") {
  const OneFile function(R"js(
    function add(a, b) { return a + b; }
    exports.handler = ({ a, b }) => add(a, b);
  )js",
                         fw::test::trained_with(R"([{"a": 1, "b": 2}])"));
  CHECK(same_over_resets(function.installed, R"({"a": "x", "b": "y"})") == "xy");
  (void)function.installed.report();
  fw::test::Clone clone(function.installed.image(),
                        FW_RESTORE_RESETTABLE | FW_RESTORE_CHECK_RESETS);
  const auto resets = fw::args::After::kResets;
  for (int i = 0; i < 100; ++i) {
    CHECK(clone.call(R"({"a": "x", "b": "y"})", resets).jit == fw::args::Jit::kLost);
    CHECK(clone.call(R"({"a": 1, "b": 2})", resets).jit == fw::args::Jit::kPostJit);
  }
  CHECK(clone.call(R"({"a": 1, "b": 2})", fw::args::After::kEnds).body == "3");
  CHECK(clone.ends());
}

TEST_CASE("Timers and promises that an invocation left pending are gone in the next") {
  const OneFile function(R"js(
    let late = 0;
    const waiting = [];
    const kinds = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    exports.handler = async ({ real }) => {
      const found = [late, waiting.length, kinds()];
      if (!real) return found;
      for (let i = 0; i < 10; i++) setTimeout(() => { late++; }, i);
      setInterval(() => { late++; }, 1);
      setImmediate(() => { late++; });
      process.nextTick(() => { late++; });
      waiting.push(new Promise(() => {}), (async () => { for (;;) { await null; await new Promise(setImmediate); late++; } })());
      await new Promise((resolve) => setTimeout(resolve, 3));
      return found;
    };
  )js");
  CHECK(same_over_resets(function.installed, R"({"real": true})") == json{0, 0, 0});
}

TEST_CASE("A timer counts from its own invocation, however long the process was parked") {
  const OneFile function(R"js(
    exports.handler = async () => {
      const began = process.hrtime.bigint();
      const date = Date.now() - performance.timeOrigin - performance.now();
      await new Promise((resolve) => setTimeout(resolve, 20));
      const took = Number(process.hrtime.bigint() - began) / 1e6;
      return [took > 18, Math.abs(date) < 100];
    };
  )js");
  CHECK(same_over_resets(function.installed, "{}", 30) == json{true, true});
}

TEST_CASE("Files are read and written anew by each invocation, by threads of its own") {
  const OneFile function(R"js(
    const fs = require('fs');
    const os = require('os');
    const path = require('path');
    let count = 0;
    exports.handler = async ({ real }) => {
      if (!real) return [];
      const threads = fs.readdirSync('/proc/self/task').length;
      const folder = await fs.promises.mkdtemp(path.join(os.tmpdir(), 'fwrun-reset-'));
      const file = path.join(folder, 'file');
      await fs.promises.writeFile(file, `${++count}`);
      const text = await fs.promises.readFile(file, 'utf8');
      const [first] = await Promise.all([1, 2, 3, 4].map(() => fs.promises.stat(file)));
      await fs.promises.rm(folder, { recursive: true });
      return [threads, text, first.size];
    };
  )js");
  CHECK(same_over_resets(function.installed, R"({"real": true})") == json{1, "1", 1});
}

TEST_CASE("A worker that an invocation left running is gone in the next") {
  const OneFile function(R"js(
    const { Worker } = require('worker_threads');
    const fs = require('fs');
    exports.handler = async ({ real }) => {
      const threads = fs.readdirSync('/proc/self/task').length;
      if (!real) return threads;
      const worker = new Worker("require('worker_threads').parentPort.postMessage('up'); setInterval(() => {}, 1);",
                                { eval: true });
      await new Promise((resolve) => worker.once('message', resolve));
      return threads;
    };
  )js");
  CHECK(same_over_resets(function.installed, R"({"real": true})", 60) == 1);
}

TEST_CASE("Child processes that an invocation left behind are gone in the next") {
  const OneFile function(R"js(
    const { spawn } = require('child_process');
    // All processes but this one: each process of an image has a PID namespace of its own.
    const is_there = (pid) => { try { return process.kill(pid, 0); } catch { return false; } };
    const children = () => Array.from({ length: 1000 }, (_, i) => i + 2).filter(is_there);
    exports.handler = async ({ real }) => {
      const found = children();
      if (!real) return found;
      const child = spawn('sleep', ['1000'], { stdio: 'ignore' });
      await new Promise((resolve) => child.once('spawn', resolve));
      return found;
    };
  )js");
  CHECK(same_over_resets(function.installed, R"({"real": true})", 60) == json::array());
}

TEST_CASE("Descriptors, folder, mask and signal handlers are those of the image again") {
  const OneFile function(R"js(
    const fs = require('fs');
    // What is numbered higher is the engine's.
    const descriptors = () => fs.readdirSync('/proc/self/fd').map(Number).filter((fd) => fd < 100)
        .sort((a, b) => a - b);
    const caught = () => /SigCgt:\s*(\w+)/.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1];
    exports.handler = ({ real }) => {
      const found = [descriptors().length, process.cwd(), process.umask().toString(8), caught(),
                     process.listenerCount('SIGUSR2')];
      if (!real) return found;
      for (let i = 0; i < 20; i++) fs.openSync('/dev/null', 'r');
      process.chdir('/');
      process.umask(0o77);
      process.on('SIGUSR2', () => {});
      return found;
    };
  )js");
  CHECK(same_over_resets(function.installed, R"({"real": true})").size() == 5);
}

TEST_CASE("An invocation that failed leaves nothing behind either") {
  const OneFile function(R"js(
    let failures = 0;
    exports.handler = async ({ how }) => {
      if (how === 'throw') { failures++; throw new Error('thrown'); }
      if (how === 'never') { failures++; return new Promise(() => {}); }
      return failures;
    };
  )js");
  (void)function.installed.report();
  fw::test::Clone clone(function.installed.image(),
                        FW_RESTORE_RESETTABLE | FW_RESTORE_CHECK_RESETS);
  const auto resets = fw::args::After::kResets;
  for (int i = 0; i < 100; ++i) {
    CHECK(clone.call(R"({"how": "throw"})", resets).outcome == fw::args::Outcome::kError);
    CHECK(clone.call("{no JSON", resets).outcome == fw::args::Outcome::kError);
    CHECK(clone.call(R"({"how": "never"})", resets).outcome == fw::args::Outcome::kError);
    CHECK(clone.call("{}", resets).body == "0");
  }
  CHECK(clone.call("{}", fw::args::After::kEnds).body == "0");
  CHECK(clone.ends());
}

TEST_CASE("HTTP functions are reset, too") {
  const OneFile function(R"js(
    let count = 0;
    exports.handler = async (req, res) => {
      const pieces = [];
      for await (const piece of req) pieces.push(piece);
      res.cookie('a', 'b').json([++count, Buffer.concat(pieces).toString()]);
    };
  )js",
                         fw::test::trained_with(R"([{"body": "x"}])"));
  const json answer = same_over_resets(function.installed, R"({"body": "y"})");
  CHECK(json::parse(answer.at("body").get<std::string>()).at(1) == "y");
}

TEST_CASE("A snapshot inside of the handler is what each invocation goes on from") {
  const OneFile function(R"js(
    let before = 0, after = 0;
    exports.handler = (event) => {
      before++;
      // @snapshot_here
      return [event.n, before, ++after];
    };
  )js");
  const json answer = same_over_resets(function.installed, R"({"n": 5})");
  CHECK(answer.at(0) == 5);
}
