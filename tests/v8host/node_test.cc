// Node's standard library before the snapshot and after a restore.
#include <doctest/doctest.h>

#include "tests/v8host/function_host.h"

using fw::test::OneFile;

namespace {

// Calls `code`, the body of an async function, in training and after a restore.
std::string works(std::string_view code) {
  const OneFile function("exports.handler = async (event) => {" + std::string(code) + "};");
  return function.installed.result();
}

}  // namespace

TEST_CASE("Timers of every kind work") {
  CHECK(works(R"js(
    const seen = [];
    process.nextTick(() => seen.push('tick'));
    queueMicrotask(() => seen.push('microtask'));
    await new Promise((resolve) => setImmediate(() => { seen.push('immediate'); resolve(); }));
    await new Promise((resolve) => setTimeout(resolve, 2));
    await require('timers/promises').setTimeout(2);
    let n = 0;
    await new Promise((resolve) => { const i = setInterval(() => { if (++n === 3) { clearInterval(i); resolve(); } }, 1); });
    return [...seen, n];
  )js") == R"(["tick","microtask","immediate",3])");
}

TEST_CASE("Files can be written and read, at once and asynchronously") {
  CHECK(works(R"js(
    const fs = require('fs');
    const folder = fs.mkdtempSync(require('os').tmpdir() + '/fwrun-test-');
    try {
      await fs.promises.writeFile(folder + '/a', 'content');
      const [text, stat] = await Promise.all([fs.promises.readFile(folder + '/a', 'utf8'), fs.promises.stat(folder + '/a')]);
      const streamed = await new Promise((resolve) => { let s = ''; fs.createReadStream(folder + '/a').on('data', (d) => s += d).on('end', () => resolve(s)); });
      return [text, stat.size, streamed, fs.readFileSync(folder + '/a', 'utf8')];
    } finally { fs.rmSync(folder, { recursive: true }); }
  )js") == R"(["content",7,"content","content"])");
}

TEST_CASE("An HTTP client and server talk over loopback") {
  CHECK(works(R"js(
    const http = require('http');
    const server = http.createServer((request, response) => response.end(request.url));
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const text = await new Promise((resolve, reject) => http.get({ port: server.address().port, path: '/x', agent: false },
        (response) => { let s = ''; response.on('data', (d) => s += d).on('end', () => resolve(s)); }).on('error', reject));
    const fetched = await (await fetch(`http://127.0.0.1:${server.address().port}/y`, { headers: { connection: 'close' } })).text();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    return [text, fetched];
  )js") == R"(["/x","/y"])");
}

TEST_CASE("Workers work") {
  CHECK(works(R"js(
    const { Worker } = require('worker_threads');
    const worker = new Worker("const { parentPort, workerData } = require('worker_threads'); parentPort.postMessage(workerData.map((n) => n * n)); ",
        { eval: true, workerData: [1, 2, 3] });
    const squares = await new Promise((resolve, reject) => worker.on('message', resolve).on('error', reject));
    await worker.terminate();
    return squares;
  )js") == "[1,4,9]");
}

TEST_CASE("A worker started before the snapshot serves after it") {
  const OneFile function(R"js(
    const { Worker } = require('worker_threads');
    const worker = new Worker("const { parentPort } = require('worker_threads'); let n = 0; parentPort.on('message', (m) => parentPort.postMessage([m, ++n > 0]));", { eval: true });
    exports.handler = (event) => new Promise((resolve) => { worker.once('message', resolve); worker.postMessage(event.n ?? 0); });
  )js");
  for (const char* n : {"1", "2", "3"}) {
    CHECK(function.installed.result(std::string(R"({"n":)") + n + "}") ==
          "[" + std::string(n) + ",true]");
  }
}

TEST_CASE("Pool threads started before the snapshot serve after it") {
  const OneFile function(R"js(
    const { pbkdf2 } = require('crypto');
    const { promisify } = require('util');
    exports.handler = async () => (await promisify(pbkdf2)('a', 'b', 2, 4, 'sha1')).length;
  )js");
  CHECK(function.installed.report().snapshot.threads > 1);
  for (int i = 0; i < 3; ++i) CHECK(function.installed.result() == "4");
}

TEST_CASE("Programs can be run, and node by the name of this program") {
  CHECK(works(R"js(
    const { execFileSync, fork, execFile } = require('child_process');
    const { writeFileSync, mkdtempSync, rmSync } = require('fs');
    if (!fwrun.isRestored) return;
    const folder = mkdtempSync(require('os').tmpdir() + '/fwrun-test-');
    try {
      writeFileSync(folder + '/child.js', "process.send({ answer: process.argv[2] });");
      const child = fork(folder + '/child.js', ['42']);
      const { answer } = await new Promise((resolve, reject) => child.on('message', resolve).on('error', reject));
      await new Promise((resolve) => child.on('exit', resolve));
      return [String(execFileSync('/bin/echo', ['hi'])), answer, String(execFileSync(process.execPath, ['-p', '1+1']))];
    } finally { rmSync(folder, { recursive: true }); }
  )js") == R"(["hi\n","42","2\n"])");
}

TEST_CASE("Compression, hashing, URLs, text and streams work") {
  CHECK(works(R"js(
    const { promisify } = require('util');
    const zlib = require('zlib');
    const { pipeline } = require('stream/promises');
    const { PassThrough, Readable } = require('stream');
    const packed = await promisify(zlib.gzip)('text'.repeat(100));
    const unpacked = zlib.gunzipSync(packed).length;
    const hash = require('crypto').createHash('sha256').update('x').digest('hex').slice(0, 8);
    const through = new PassThrough();
    await pipeline(Readable.from(['a', 'b']), through);
    return [unpacked, hash, new URL('http://a/b?c=d').searchParams.get('c'), new TextDecoder().decode(new TextEncoder().encode('ä')),
            new Intl.NumberFormat('de').format(1234.5), String(through.read())];
  )js") == R"([400,"2d711642","d","ä","1.234,5","ab"])");
}

TEST_CASE("Asynchronous context follows the call") {
  CHECK(works(R"js(
    const { AsyncLocalStorage } = require('async_hooks');
    const storage = new AsyncLocalStorage();
    return storage.run('mine', async () => { await new Promise((r) => setTimeout(r, 1)); return storage.getStore(); });
  )js") == R"("mine")");
}

TEST_CASE("Memory collected after a restore reads as it should") {
  CHECK(works(R"js(
    let kept = [];
    for (let i = 0; i < 200; i++) {
      kept.push(new Array(2000).fill(i), Buffer.alloc(5000, i % 256));
      if (kept.length > 100) kept = kept.slice(50);
    }
    return kept.every((one) => one.every((item) => item === one[0]))
        && Buffer.allocUnsafe(1 << 20).fill(0).every((byte) => byte === 0);
  )js") == "true");
}

TEST_CASE("Symbols, proxies, generators and regular expressions survive") {
  const OneFile function(R"js(
    const key = Symbol('key'); const map = new Map([[key, 1]]); const weak = new WeakMap([[map, 2]]);
    function* numbers() { let n = 0; for (;;) yield n++; }
    const generator = numbers();
    const expression = /(\d+)-(?<name>[a-z]+)/gu;
    exports.handler = () => [map.get(key), weak.get(map), typeof generator.next().value, [...'1-a 22-bc'.matchAll(expression)].map((m) => m.groups.name)];
  )js");
  CHECK(function.installed.result() == R"([1,2,"number",["a","bc"]])");
}

TEST_CASE("A restored process answers many times over, each time alike") {
  const OneFile function("let n = 0; exports.handler = () => ++n;");
  const std::string first = function.installed.result();
  for (int i = 0; i < 20; ++i) CHECK(function.installed.result() == first);
}
