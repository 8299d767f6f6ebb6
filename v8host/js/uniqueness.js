'use strict';

// What JavaScript itself keeps of random numbers, clocks and the process id, and
// what restored processes must not share. The rest is renewed in C++: OpenSSL in
// embed/kernel_entropy.cc, Math.random() and the start instants in embedder/renewal.cc.

const core = require('#core');
const { now, refreshTimeOrigin } = require('internal/perf/utils');

const kUuidsPerRefill = 128;
const kIntegersPerRefill = 1024;

// node's crypto draws randomUUID() and randomInt() from caches that it fills with
// many at a time. Both are drawn empty here, so that the next call fills them. When
// they were filled shows in the number of draws from the kernel.
function empty_crypto_caches() {
  if (!process.moduleLoadList.includes('NativeModule internal/crypto/random')) return;
  const { randomInt, randomUUID } = require('crypto');
  empty_cache(() => randomUUID(), kUuidsPerRefill);
  empty_cache(() => randomInt(0, 1), kIntegersPerRefill);
}

function empty_cache(draw, per_refill) {
  const draws = core.entropyCalls();
  while (core.entropyCalls() === draws) draw();
  // The call that filled it took the first.
  for (let i = 1; i < per_refill; i++) draw();
}

let time_origin;

// node computes performance.timeOrigin once and keeps it for ever.
function define_time_origin() {
  Object.defineProperty(Object.getPrototypeOf(Object.getPrototypeOf(performance)), 'timeOrigin', {
    configurable: true,
    enumerable: true,
    get() { return time_origin ??= Date.now() - now(); },
  });
}

// Before the capture.
function prepare() {
  empty_crypto_caches();
}

// node asks the kernel once; this asks each time.
function define_pid() {
  Object.defineProperty(process, 'pid', { get: core.pid, configurable: true, enumerable: true });
}

// After a restore, before any code of the user's. Also before each training call,
// where it changes nothing.
function renew() {
  refreshTimeOrigin();
  time_origin = undefined;
}

module.exports = { define_pid, define_time_origin, prepare, renew };
