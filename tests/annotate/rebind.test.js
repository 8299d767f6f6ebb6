'use strict';

const {
  annotated,
  annotated_module,
  answer,
  assert,
  fake_runtime,
  lines,
  load,
  load_module,
  rejects,
  test
} = require('./harness.js');

const kPoint = '// @snapshot_here';

// A handler with that parameter list and a point, then a return of `result`.
const handler_of = (parameters, result, before = '') => lines(
    `exports.handler = async (${parameters}) => {`, `  ${before}`, `  ${kPoint}`,
    `  return ${result};`, '};');

const event_line = (source) =>
    annotated(source).code.split('\n').find((one) => one.includes('__fwrun'));

test('parameters hold the invocation after a point in a statement list', async () => {
  const source = handler_of('event, context', '[before, event, context]', 'const before = event;');
  assert.deepStrictEqual(
      await answer(source, ['train', 'c0'], ['real', 'c1']), ['train', 'real', 'c1']);
});

test('every kind of parameter is set again', async () => {
  const cases = [
    ['event', 'event', [1]],
    ['{ a, b: [c, d = 7] }', '[a, c, d]', [{a: 1, b: [2]}]],
    ['{ a = 5, ...others }', '[a, others]', [{x: 1}]],
    ['[first, , third] = []', '[first, third]', [[1, 2, 3]]],
    ['event = { none: 1 }, n = event.x', '[event, n]', [{x: 3}]],
    ['event = { none: 1 }', 'event', []],
    ['...all', 'all', [1, 2, 3]],
    ['a, ...[b, { c }]', '[a, b, c]', [1, 2, {c: 3}]],
    ['{ ["x" + 1]: a }', 'a', [{x1: 4}]],
    ['event, make = (v) => ({ v })', 'make(event)', [1]],
    ['event,', 'event', [1]],
    ['yield_, async', '[yield_, async]', [1, 2]],
  ];
  for (const [parameters, result, invocation] of cases) {
    const source = handler_of(parameters, result);
    const expected = await load(`exports.handler = (${parameters}) => ${result}`, fake_runtime())
                         .handler(...invocation);
    const training = [{a: 0, b: [0, 0], x: 0, x1: 0}, {c: 0}, {c: 0}];
    if (parameters.startsWith('[')) training[0] = [];
    assert.deepStrictEqual(await answer(source, training, invocation), expected, parameters);
  }
});

test('a parameter list of several lines is put on one, without its comments', async () => {
  const parameters = lines(
      '{ a, // the // first', '  b = `x', '${a /* c */ + 1}\\n\\\\', 'y`, /* two',
      'lines */ c = "d\\', 'e" },', '  // last', '  ...rest');
  const source = handler_of(parameters, '[a, b, c, rest]');
  assert.strictEqual(
      event_line(source),
      '  ;[{ a, b = `x\\n${a + 1}\\n\\\\\\ny`, c = "de" }, ...rest] = __fwrun.atStatement();');
  assert.deepStrictEqual(
      await answer(source, [{a: 0}], [{a: 1}, 9]), [1, 'x\n2\n\\\ny', 'de', [9]]);
});

test('line separators in the literals of a parameter list are escaped', () => {
  const source = 'exports.handler = (a = "x\u2028y", b = `\u2029\r\n`) => {\n// @snapshot_here\n};';
  assert.ok(annotated(source).code.includes('[a = "x\\u2028y", b = `\\u2029\\n`]'));
});

test('words that need a space between them keep one', () => {
  const source = handler_of('a = typeof/* c */event, b = a in/**/ a', 'a');
  assert.strictEqual(
      event_line(source), '  ;[a = typeof event, b = a in a] = __fwrun.atStatement();');
});

test('default values that cannot be written on one line are an error', () => {
  const pattern = /holds a function body, class or tagged template of several lines/;
  rejects(handler_of('e, f = () => {\n g()\n}', '1'), 'AnnotationError', '1:39', pattern);
  assert.ok(annotated(handler_of('e, f = () => { g() }', '1')).plan.snapshot.rebound);
  rejects(handler_of('e, f = class {\n}', '1'), 'AnnotationError', '1:39', pattern);
  rejects(handler_of('e, f = String.raw`\n`', '1'), 'AnnotationError', '1:33', pattern);
});

test('a handler without parameters takes the point and sets nothing', async () => {
  const source = handler_of('', '"done"');
  assert.strictEqual(event_line(source), '  ;__fwrun.atStatement();');
  assert.strictEqual(annotated(source).plan.snapshot.rebound, false);
  assert.strictEqual(await answer(source, [], [1]), 'done');
});

test('a function marked by JSDoc starts with the invocation', async () => {
  const bodies = [
    'async (event, { id }) => { return [event, id]; }', '(event, { id }) => [event, id]',
    '(event, { id }) => ([event, id])', 'async (event, { id }) => (0, [event, id])',
    'async function (event, { id }) { return [event, id]; }',
    'function named(event, { id }) { return [event, id]; }'
  ];
  for (const body of bodies) {
    const source = `/** @snapshot_here */\nexports.handler = ${body};`;
    assert.deepStrictEqual(await answer(source, [0, {}], [1, {id: 2}]), [1, 2], body);
  }
});

test('an arrow function that returns an object keeps doing so', async () => {
  const source = lines(
      '/** @snapshot_here */', 'exports.handler = (event) =>', '  // the answer', '  ({',
      '    event, // the event', '  });');
  assert.deepStrictEqual(await answer(source, [0], [1]), {event: 1});
  const bare = '/** @snapshot_here */ exports.handler = event => event + 1 // the end\n';
  assert.strictEqual(
      annotated(bare).code,
      '/** @snapshot_here */ exports.handler = event => ' +
          '{ [event] = __fwrun.atFunction(); return ( event + 1); } // the end\n');
});

test('directives of a marked function stay directives', async () => {
  const source = lines(
      '/** @snapshot_here */', 'exports.handler = function (event) {', '  \'use strict\'',
      '  return [this === undefined, event];', '};');
  const handler = load(annotated(source).code, fake_runtime([1])).handler;
  assert.deepStrictEqual((0, handler)(0), [true, 1]);
});

test('methods and generators can be handlers', async () => {
  const method = lines(
      'module.exports = {', '  /** @snapshot_here */', '  async handler(event) {',
      '    return event;', '  },', '};');
  assert.strictEqual(await answer(method, [0], [1]), 1);
  const generator =
      lines('exports.handler = function* (event) {', `  ${kPoint}`, '  yield event;', '};');
  assert.deepStrictEqual([...answer(generator, [0], [1])], [1]);
});

test('a function inside the handler sets the parameters of the handler', async () => {
  const source = lines(
      'exports.handler = async (event, context) => {', '  const warm = async (n) => {',
      `    ${kPoint}`, '    return n;', '  };', '  return [await warm(event), event, context];',
      '};');
  assert.deepStrictEqual(await answer(source, ['t', 0], ['r', 1]), ['t', 'r', 1]);
  const {snapshot} = annotated(source).plan;
  assert.deepStrictEqual(
      [snapshot.functionName, snapshot.async, snapshot.rebound], ['warm', true, true]);
  const nested = lines(
      'exports.handler = function (event) {', '  class A {', '    /** @snapshot_here */ m() {}',
      '  }', '  new A().m();', '  return event;', '};');
  assert.strictEqual(await answer(nested, ['t'], ['r']), 'r');
});

test('a name that hides a parameter at the point is an error that names both places', () => {
  const hiding = [
    ['[1].map((HERE) => {', '});'],
    ['[1].map(function HERE() {', '});'],
    ['[1].map((HERE = 1) => {', '});'],
    ['[1].map((...HERE) => {', '});'],
    ['[1].map(([{ ...HERE }]) => {', '});'],
    ['class A { static { let HERE; this.f = () => {', '} } }'],
    ['class A { static { if (1) { var HERE; } this.f = () => {', '} } }'],
    ['{ let HERE = 1;', '}'],
    ['{ const { a: [HERE] } = f;', '}'],
    ['{ class HERE {}', '}'],
    ['{ function HERE() {}', '}'],
    ['function HERE() {}', ''],
    ['try {} catch ({ HERE }) {', '}'],
    ['for (let HERE of f) {', '}'],
    ['for (let HERE in f) {', '}'],
    ['for (let HERE = 1;;) {', '}'],
    ['switch (1) { case 1: let HERE;', '}'],
    ['(() => { var HERE;', '})();'],
    ['const f = () => { if (1) { var [HERE] = f; }', '};'],
    ['(class HERE { m() {', '} });'],
  ];
  for (const [before, behind] of hiding) {
    const marked = `exports.handler = (event) => {${before}\n${kPoint}\n${behind}};`;
    const place = `1:${marked.indexOf('HERE') + 1}:`;
    rejects(marked.replace('HERE', 'event'), 'AnnotationError', '2:1', [
      new RegExp(`'event' of its parameter list is declared anew at ${place}`), /rename/,
      /const event = fwrun\.snapshotHere\(\)/
    ]);
  }
});

test('the same name in a scope that ends before the point hides nothing', () => {
  const source = lines(
      'exports.handler = (event, f = (event) => event) => {', '  { let event = 1; }',
      '  [1].map((event) => event);', '  var event;', '  try {} catch (event) {}', `  ${kPoint}`,
      '};');
  assert.ok(annotated(source).plan.snapshot.rebound);
});

test('a name that a default value reads must mean the same at the point', () => {
  const body = (line) =>
      lines('const size = 3;', 'exports.handler = (event, n = size) => {', line, kPoint, '};');
  rejects(body('const size = 1;'), 'AnnotationError', '4:1', /'size' of its parameter list .* 3:7/);
  rejects(body('var size;'), 'AnnotationError', '4:1', /'size' of its parameter list .* 3:5/);
  rejects(
      '/** @snapshot_here */ exports.handler = (n = size) => { let size = 1; };', 'AnnotationError',
      '1:1', /'size' of its parameter list/);
  assert.ok(annotated(body('const other = { size: 1 }.size;')).plan.snapshot.rebound);
  for (const line
           of ['[1].map(() => { var size; });', 'if (1) { let size; }', 'label: size: ;',
               'class A { static { var size; } }']) {
    assert.ok(annotated(body(line)).plan.snapshot.rebound, line);
  }
  rejects(
      'const size = {};\nexports.handler = (n = size.x) => { let size;\n// @snapshot_here\n};',
      'AnnotationError', '3:1', /'size' of its parameter list/);
  rejects(
      'exports.handler = function run(n = run) { var run;\n// @snapshot_here\n};',
      'AnnotationError', '2:1', /'run' of its parameter list/);
  const keys = 'exports.handler = ({ size: n }, m = n.size, o = { size: 1 }) => { let size;\n';
  assert.ok(annotated(`${keys}${kPoint}\n};`).plan.snapshot.rebound);
});

test('this in a default value is an error in an inner function only', () => {
  const inside = (inner) =>
      `exports.handler = function (e, t = this) {\n${inner} {\n${kPoint}\n};\n};`;
  assert.ok(annotated(inside('')).plan.snapshot.rebound);
  assert.ok(annotated(inside('const f = () =>')).plan.snapshot.rebound);
  for (const inner of ['const f = function ()', 'class A { m()']) {
    const source =
        inner.startsWith('class') ? inside(inner).replace('};\n};', '} }\n};') : inside(inner);
    rejects(source, 'AnnotationError', '3:1', /a default value at 1:36 means something else/);
  }
  rejects(
      inside('class A { f = () =>').replace('};\n};', '} }\n};'), 'AnnotationError', '3:1',
      /at 1:36/);
  for (const value of ['arguments', 'new.target']) {
    rejects(
        inside('const f = function ()').replace('this', value), 'AnnotationError', '3:1',
        /at 1:36/);
  }
});

test('import.meta in a default value is no obstacle', () => {
  const source = 'export const handler = (e, u = import.meta.url) => { function f() {\n' +
      `${kPoint}\n} };`;
  assert.ok(annotated_module(source).plan.snapshot.rebound);
});

test('a helper takes the point and sets nothing', async () => {
  const source = lines(
      'function prepare(event) {', `  ${kPoint}`, '  return event;', '}',
      'exports.handler = (event) => [prepare(1), event];');
  assert.deepStrictEqual(await answer(source, ['t'], ['r']), [1, 't']);
  const {snapshot} = annotated(source).plan;
  assert.deepStrictEqual([snapshot.functionName, snapshot.rebound], ['prepare', false]);
  assert.strictEqual(event_line(source), '  ;__fwrun.atStatement();');
  assert.strictEqual(
      annotated(`/** @snapshot_here */ function helper(a) {}`).code,
      '/** @snapshot_here */ function helper(a) {;__fwrun.atFunction();}');
});

test('a point in a function that a call turns into the handler is an error', () => {
  const wrapped = [
    ['exports.handler = wrap(async (event) => {', '});'],
    ['exports.handler = wrap(log, other((event) => {', '})).use(more);'],
    ['exports.handler = (function (event) {', '}).bind(null);'],
    ['exports.handler = wrap(inner); function inner(event) {', '}'],
    ['exports.handler = wrap((event) => { return () => {', '}; });'],
  ];
  for (const [before, behind] of wrapped) {
    rejects(
        `${before}\n ${kPoint}\n${behind}`, 'AnnotationError', '2:2',
        [/made from this function by a call/, /Export the function itself/]);
  }
  rejects(
      `export const handler = await wrap((event) => {\n ${kPoint}\n});`, 'AnnotationError', '2:2',
      /made from this function/, {sourceType: 'module'});
  rejects(
      'exports.handler = wrap(/** @snapshot_here */ (event) => event);', 'AnnotationError', '1:24',
      /made from this function/);
});

test('a module goes on with the invocation as well', async () => {
  const source = lines(
      'export default { handler };', 'export async function handler({ id }, context) {',
      `  ${kPoint}`, '  return [id, context];', '}');
  const module = await load_module(annotated_module(source).code, fake_runtime([{id: 1}, 2]));
  assert.deepStrictEqual(await module.handler({id: 0}, 0), [1, 2]);
});

test('a module waits for the point outside of functions', async () => {
  const source = lines('export let state = "loading";', kPoint, 'state = globalThis.restored;');
  const runtime = fake_runtime();
  let go_on;
  runtime.api.atTopLevel = () => new Promise((resolve) => (go_on = resolve));
  const loading = load_module(annotated_module(source).code, runtime);
  while (!go_on) await new Promise((resolve) => setImmediate(resolve));
  globalThis.restored = 'restored';
  go_on();
  assert.strictEqual((await loading).state, 'restored');
  delete globalThis.restored;
});
