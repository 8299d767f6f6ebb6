'use strict';

const {annotated, assert, lines, test} = require('./harness.js');

// Whether the function that holds "POINT" is found to be the handler.
function found(source, handlerPath, sourceType = 'commonjs') {
  const code = source.replace('POINT', '\n// @snapshot_here\n');
  return annotated(code, {handlerPath, sourceType}).plan.snapshot.rebound;
}

const kFunction = '(event) => { POINT }';

function check(cases, expected, sourceType) {
  for (const [source, path = ['handler']] of cases) {
    assert.strictEqual(found(source, path, sourceType), expected, `${source} ${path}`);
  }
}

test('handlers are found among the assignments to exports', () => {
  check(
      [
        [`exports.handler = ${kFunction};`],
        ['exports.handler = async function (event) { POINT };'],
        [`exports['handler'] = ${kFunction};`],
        [`module.exports.handler = ${kFunction};`],
        [`module['exports'].handler = ${kFunction};`],
        [`exports.handler = exports.main = ${kFunction};`],
        [`exports.main = exports.handler = ${kFunction};`, ['main']],
        [`exports = module.exports = { handler: ${kFunction} };`],
        [`exports.a = 1, exports.handler = ${kFunction};`],
        [`exports.handler = void 0; exports.handler = ${kFunction};`],
        [`module.exports = ${kFunction};`, []],
        [`exports.default = ${kFunction};`, ['default']],
      ],
      true);
});

test('handlers are found in object literals', () => {
  check(
      [
        [`module.exports = { handler: ${kFunction} };`],
        [`module.exports = { 'handler': ${kFunction} };`],
        ['module.exports = { handler(event) { POINT } };'],
        ['module.exports = { async handler(event) { POINT } };'],
        [`module.exports = { handler: 1, handler: ${kFunction} };`],
        [`module.exports = { ...others, handler };\nconst handler = ${kFunction};`],
        [`module.exports = { handler: run };\nfunction run(event) { POINT }`],
        [`const api = { handler: ${kFunction} };\nmodule.exports = api;`],
      ],
      true);
});

test('nested paths are followed', () => {
  check(
      [
        [`exports.api = { hello: ${kFunction} };`, ['api', 'hello']],
        [`exports.api = {}; exports.api.hello = ${kFunction};`, ['api', 'hello']],
        [`module.exports = { api: { hello: ${kFunction} } };`, ['api', 'hello']],
        [`const api = { hello: ${kFunction} };\nexports.api = api;`, ['api', 'hello']],
        [`const lib = { api: { hello: ${kFunction} } };\nexports.api = lib.api;`, ['api', 'hello']],
        ['class Api { static hello(event) { POINT } }\nexports.api = Api;', ['api', 'hello']],
        ['exports.api = new (class { hello(event) { POINT } })();', ['api', 'hello']],
        ['class Api { hello(event) { POINT } }\nexports.api = new Api(1);', ['api', 'hello']],
        [`class Api { hello = ${kFunction} }\nexports.api = new Api(1);`, ['api', 'hello']],
        [
          'const Api = class { static hello(event) { POINT } };\nexports.api = Api;',
          ['api', 'hello']
        ],
      ],
      true);
});

test('names are followed to functions and variables', () => {
  check(
      [
        ['exports.handler = handler;\nfunction handler(event) { POINT }'],
        [`const handler = ${kFunction};\nexports.handler = handler;`],
        [`const inner = ${kFunction}, handler = inner;\nexports.handler = handler;`],
        [`let handler;\nhandler = ${kFunction};\nexports.handler = handler;`],
        ['exports.handler = handler = function (event) { POINT };'],
        [`const run = exports.run = ${kFunction};\nexports.handler = run;`],
      ],
      true);
});

test('exports of a module are found', () => {
  check(
      [
        [`export const handler = ${kFunction};`],
        [`export const other = 1, handler = ${kFunction};`],
        ['export async function handler(event) { POINT }'],
        [`const run = ${kFunction};\nexport { run as handler };`],
        [`const run = ${kFunction};\nexport { run as 'handler' };`],
        ['export { handler };\nfunction handler(event) { POINT }'],
        ['export default function (event) { POINT }', ['default']],
        ['export default async function run(event) { POINT }', ['default']],
        [`export default ${kFunction};`, ['default']],
        [`const run = ${kFunction};\nexport default run;`, ['default']],
        [`export default { api: ${kFunction} };`, ['default', 'api']],
        [`export default { api: ${kFunction} };`, ['api']],
        [`export default { handler: ${kFunction} }; export const other = 1;`],
        [`export class Api { static hello(event) { POINT } }`, ['Api', 'hello']],
      ],
      true, 'module');
});

test('an OpenWhisk action need not export its main', () => {
  check(
      [
        ['function main(event) { POINT }', ['main']],
        [`const main = ${kFunction};`, ['main']],
        [`exports.main = ${kFunction};`, ['main']],
        [`const api = { hello: ${kFunction} };`, ['api', 'hello']],
      ],
      true);
});

test('without a path the conventions are tried in order', () => {
  for (const source
           of [`exports.handler = ${kFunction};`, `exports.main = ${kFunction};`,
               'function main(event) { POINT }', `module.exports = ${kFunction};`]) {
    assert.ok(found(source, null), source);
    assert.ok(found(source, undefined), source);
  }
  assert.ok(found(`export default ${kFunction};`, null, 'module'));
  assert.ok(found(`export default { handler: ${kFunction} };`, null, 'module'));
  assert.ok(found('module.exports = { other }; function main(event) { POINT }', null));
  assert.ok(!found('function handler(event) { POINT }', null));
  assert.ok(!found('module.exports = () => 1; function main(event) { POINT }', null));
  assert.ok(
      !found(`export const main = (event) => event; export default ${kFunction};`, null, 'module'));
  assert.ok(!found(`exports.main = ${kFunction}; exports.handler = (event) => event;`, null));
  assert.ok(found(`exports.main = () => 1; exports.handler = ${kFunction};`, null));
});

test('other functions are not the handler', () => {
  check(
      [
        [`exports.other = ${kFunction};`],
        [`const handler = ${kFunction};\nexports.handler = (event) => event;`],
        [`exports = { handler: ${kFunction} };`],
        [`exports.handler = lib.handler; const run = ${kFunction};`],
        [`exports[handler] = ${kFunction};`],
        [`module.exports = { get handler() { return ${kFunction}; } };`],
        [`exports.handler = ${kFunction}; exports.handler = 1;`],
        [`exports.handler = ${kFunction}; exports.handler = require('lib').run;`],
        [`exports.handler = ${kFunction}; module.exports = { other };`],
        [`const { run } = ${kFunction}; exports.handler = run;`],
        ['class Api { hello(event) { POINT } }\nexports.api = Api;', ['api', 'hello']],
        ['class Api { static hello(event) { POINT } }\nexports.api = new Api();', ['api', 'hello']],
        [`exports.api = make(1); const f = ${kFunction};`, ['api', 'hello']],
        [`exports.handler = a; const a = b, b = a; const f = ${kFunction};`],
        [`exports.handler = missing; const f = ${kFunction};`],
        [`exports.handler = new Missing().handler; const f = ${kFunction};`],
        [`exports.handler = table[name]; const f = ${kFunction};`],
        [`const { handler } = lib; exports.handler = handler; const f = ${kFunction};`],
      ],
      false);
  check(
      [
        [`import { handler } from 'lib';\nexport { handler };\nconst f = ${kFunction};`],
        [`export { handler } from 'lib';\nconst f = ${kFunction};`],
        [`export * from 'lib';\nconst f = ${kFunction};`],
      ],
      false, 'module');
});

test('the function is named by its own name, or by what holds it', () => {
  const name = (source) =>
      annotated(source.replace('POINT', '\n// @snapshot_here\n')).plan.snapshot.functionName;
  assert.strictEqual(name(`exports.handler = ${kFunction};`), 'handler');
  assert.strictEqual(name(`exports['a b'] = ${kFunction};`), 'a b');
  assert.strictEqual(name('exports.handler = function run(event) { POINT };'), 'run');
  assert.strictEqual(name(`const f = ${kFunction};`), 'f');
  assert.strictEqual(name(`f = ${kFunction};`), 'f');
  assert.strictEqual(name(`function g(f = ${kFunction}) {}`), 'f');
  assert.strictEqual(name('class A { #p() { POINT } }'), '#p');
  assert.strictEqual(name('const o = { [a]() { POINT } };'), null);
  assert.strictEqual(name(`call(${kFunction});`), null);
  assert.strictEqual(name(lines('exports[a] =', `${kFunction};`)), null);
});
