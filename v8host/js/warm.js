'use strict';

// Has the code compiled that a restored process may run and training may not: the
// console, errors, and our own functions.

const core = require('#core');
const { describe } = require('./errors.js');
const { natives } = require('./natives.js');

const kRounds = 40;

// Files whose functions restored processes call.
const kServing = ['capture', 'commonjs', 'console', 'context', 'contexts', 'errors', 'exits', 'finish',
                  'hooks', 'install', 'invoke', 'modules', 'point', 'result', 'serve', 'uniqueness'];
const kServingHttp = ['http', 'http_cookie', 'http_event', 'http_request', 'http_response'];

function warm_up({ http }) {
  for (let i = 0; i < kRounds; i++) {
    console.log('text', i, { a: 1, b: [1, 'two'] });
    console.error('text %s and %d', 'text', i);
    process.stdout.write('text\n');
    JSON.parse(JSON.stringify({ text: 'text', number: i, list: [1, 2.5, null, true] }));
    describe(new Error('text'));
  }
  core.remainingMs();
  const serving = http ? [...kServing, ...kServingHttp] : kServing;
  for (const exported of require('#ours')(serving)) compile_all(exported);
}

function compile_all(exported) {
  for (const value of Object.values(exported)) {
    if (typeof value !== 'function') continue;
    natives.prepare(value);
    for (const name of Object.getOwnPropertyNames(value.prototype ?? {})) {
      const method = Object.getOwnPropertyDescriptor(value.prototype, name).value;
      if (typeof method === 'function' && name !== 'constructor') natives.prepare(method);
    }
  }
}

module.exports = { warm_up };
