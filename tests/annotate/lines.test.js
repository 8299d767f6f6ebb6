'use strict';

const path = require('path');
const {annotated, assert, fake_runtime, js_dir, lines, load, test} = require('./harness.js');
const {Edits} = require(path.join(js_dir, 'rewrite.js'));

// The "line:column" of each frame of user.js in an error's stack.
const places = (error) => [...error.stack.matchAll(/user\.js:(\d+:\d+)/g)].map((one) => one[1]);

test('stack traces name the lines and columns of the source', () => {
  const source = lines(
      '/**', ' * @jit', ' */', 'function thrower() {', '  throw new Error(\'here\');', '}',
      '/** @jit */', 'exports.handler = ({', '  a, // comment', '  b = [', '    1,', '  ],',
      '}) => {', '  // @snapshot_here', '  thrower();', '};');
  const runtime = fake_runtime([{}]);
  const {handler} = load(annotated(source).code, runtime);
  assert.strictEqual(runtime.jitted.length, 2);
  assert.throws(() => handler({}), (error) => {
    assert.deepStrictEqual(places(error).slice(0, 2), ['5:9', '15:3']);
    return true;
  });
});

test('stack traces stay right behind every kind of annotation', () => {
  const marks = [
    ['// @snapshot_here\n', ''],
    ['/*\n @snapshot_here\n*/\n', ''],
    ['fwrun\n.snapshotHere(\n);\n', ''],
    ['class A {\n /** @jit */ m() {}\n /** @jit */ #p() {}\n}\n', ''],
    ['const o = {\n /** @jit */ m() {},\n /** @jit */ n: () => 1,\n};\n', ''],
    ['const f = /** @jit */ (a) =>\n  a;\n', ''],
    ['/** @jit */ function f() {\n}\n', ''],
    ['', '/** @snapshot_here */\n'],
    ['', '/** @jit */\n'],
  ];
  for (const [inside, above] of marks) {
    const source = `${above}exports.handler = (event) => {\n${inside}  throw new Error();\n};`;
    const line = source.slice(0, source.indexOf('throw')).split('\n').length;
    const {code, changed} = annotated(source);
    assert.ok(changed);
    const {handler} = load(code, fake_runtime([1]));
    assert.throws(() => handler(0), (error) => places(error)[0] === `${line}:9`, source);
  }
});

test('each kind of line break stays as it is', () => {
  for (const end of ['\n', '\r\n', '\r', '\u2028', '\u2029']) {
    const source = [
      'exports.handler = (a,', 'b) => {', '/*', '@snapshot_here', '*/ // @jit not', '};'
    ].join(end);
    const expected = [
      'exports.handler = (a,', 'b) => {',
      `;[a, b] = __fwrun.atStatement();${end}${end} // @jit not`, '};'
    ].join(end);
    assert.strictEqual(annotated(source).code, expected, JSON.stringify(end));
  }
});

test('edits at one place close ranges, insert in order, then open ranges', () => {
  const edits = new Edits('abcd');
  edits.wrap({start: 2, end: 4}, '<', '>');
  edits.wrap({start: 2, end: 3}, '{', '}');
  edits.wrap({start: 0, end: 2}, '[', ']');
  edits.wrap({start: 1, end: 2}, '(', ')');
  edits.insert(2, '1');
  edits.insert(2, '2');
  assert.strictEqual(edits.apply(), '[a(b)]12<{c}d>');
});

test('a replaced range keeps its line breaks', () => {
  const edits = new Edits('a\n1\r\n2\r3\u20284\u2029b');
  assert.ok(edits.empty);
  edits.replace({start: 1, end: 10}, '=');
  assert.ok(!edits.empty);
  assert.strictEqual(edits.apply(), 'a=\n\r\n\r\u2028\u2029b');
});
