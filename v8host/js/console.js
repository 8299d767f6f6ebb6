'use strict';

// process.stdout and process.stderr, and with them console.*: written to the log of
// the invocation, in order. node makes its own streams at the first use of the
// properties, so replacing these before that leaves no handle behind.

const { Writable } = require('stream');
const core = require('#core');

const kStdout = 1;
const kStderr = 2;

class LogStream extends Writable {
  constructor(number) {
    super({ decodeStrings: false });
    this.fd = number;
    this._type = 'pipe';
    this.isTTY = false;
  }

  _write(chunk, encoding, callback) {
    const plain = typeof chunk !== 'string' || encoding === 'utf8' || encoding === 'utf-8';
    core.log(this.fd, plain ? chunk : Buffer.from(chunk, encoding));
    callback();
  }

  // As with node's own: neither end() nor destroy() closes the descriptor, and
  // writing goes on to work for others who hold the stream.
  end(chunk, encoding, callback) {
    if (typeof chunk === 'function') [chunk, callback] = [undefined, chunk];
    if (typeof encoding === 'function') [encoding, callback] = [undefined, encoding];
    if (chunk !== undefined && chunk !== null) this.write(chunk, encoding);
    if (callback) process.nextTick(callback);
    return this;
  }

  destroy() { return this; }
}

function capture_output() {
  for (const [name, number] of [['stdout', kStdout], ['stderr', kStderr]]) {
    const stream = new LogStream(number);
    Object.defineProperty(process, name,
                          { configurable: true, enumerable: true, get: () => stream });
  }
}

module.exports = { capture_output };
