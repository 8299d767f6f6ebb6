'use strict';

const {annotated, annotated_module, assert, fake_runtime, lines, load, load_module, rejects, test} =
    require('./harness.js');

// Runs a file and returns its exports with what it handed to the runtime.
function run(source) {
  const runtime = fake_runtime();
  const exported = load(annotated(source).code, runtime);
  return {exported, jitted: runtime.jitted, names: runtime.jitted.map((one) => one.name)};
}

test('a declared function is handed over when its file or block starts', () => {
  const {exported, jitted} = run(lines(
      '\'use strict\'', 'exports.early = f;', 'if (exports.early) return;', '/** @jit */',
      'function f() { return 1; }'));
  assert.deepStrictEqual(jitted, [{fn: exported.early, name: 'f'}]);
});

test('a declaration in a function is handed over by each call', () => {
  const source =
      lines('exports.outer = () => {', '  return f;', '  /** @jit */ async function f() {}', '};');
  const {exported, jitted} = run(source);
  assert.strictEqual(jitted.length, 0);
  const made = [exported.outer(), exported.outer()];
  assert.deepStrictEqual(jitted.map((one) => one.fn), made);
});

test('declarations in blocks, cases and static blocks are handed over', () => {
  const {names} = run(lines(
      '{ /** @jit */ function a() {} }', 'switch (1) { case 1: /** @jit */ function b() {} }',
      'class C { static { /** @jit */ function c() {} } }',
      '(function () { "use strict"; /** @jit */ function d() { } })();'));
  assert.deepStrictEqual(names, ['a', 'b', 'c', 'd']);
});

test('a declaration without a block around it is an error', () => {
  rejects('if (1) /** @jit */ function f() {}', 'AnnotationError', '1:8', /put braces around it/);
  rejects('a: /** @jit */ function f() {}', 'AnnotationError', '1:4', /put braces around it/);
});

test('a function kept in a variable or an export is handed over behind the statement', () => {
  const source = lines(
      '/** @jit */ const a = () => 1', '/** @jit */ let b = function () {}, c = 2',
      '/** @jit */ exports.d = async () => {}', '/** @jit */ exports.e = exports.g = () => 3',
      ';[1].map(a)', '/** @jit */ this["h"] = () => {};', 'exports.all = { a, b };');
  const {code} = annotated(source);
  assert.strictEqual(code.split('\n')[0], '/** @jit */ const a = () => 1;__fwrun.jit(a, "a");');
  assert.strictEqual(
      code.split('\n')[2], '/** @jit */ exports.d = async () => {};__fwrun.jit(exports.d, "d");');
  assert.ok(code.includes(';__fwrun.jit(this["h"], "h");'));
  const {exported, jitted, names} = run(source);
  assert.deepStrictEqual(names, ['a', 'b', 'd', 'g', 'h']);
  const {a, b} = exported.all;
  assert.deepStrictEqual(jitted.map((one) => one.fn), [a, b, exported.d, exported.e, exported.h]);
  assert.deepStrictEqual([a.name, b.name, exported.d.name], ['a', 'b', '']);
});

test('what stores a function is not evaluated again if that may have an effect', () => {
  for (const left of ['make().f', 'list[next++]', 'make()[0].f', 'list[\n0].f']) {
    const {code} = annotated(`/** @jit */ ${left} = () => 1;`);
    assert.ok(code.includes('= __fwrun.jit(() => 1, '), code);
  }
});

test('a function expression anywhere else is handed over in place and keeps its name', () => {
  const expressions = [
    ['const f = /** @jit */ ((x) => x), g = 1; exports.f = f;', 'f', 'f'],
    ['for (const f = /** @jit */ () => 1, once = [1]; once.pop();) exports.f = f;', 'f', 'f'],
    ['if (1) /** @jit */ exports.f = () => 1;', 'f', ''],
    ['let f; if (1) /** @jit */ f = () => 1; exports.f = f;', 'f', 'f'],
    ['let f; f ??= /** @jit */ () => 1; exports.f = f;', 'f', 'f'],
    ['exports.f = (/** @jit */ () => 1, /** @jit */ function g() {});', '(anonymous)', 'g'],
    ['module.exports = { f: /** @jit */ () => 1 };', 'f', 'f'],
    ['module.exports = { /** @jit */ f: function () {} };', 'f', 'f'],
    ['module.exports = { /** @jit */ f: function own() {} };', 'own', 'own'],
    [
      'module.exports.f = ({ /** @jit */ "__proto__": function own() {} }).__proto__;', 'own', 'own'
    ],
    ['exports.f = ((g = /** @jit */ () => 1) => g)();', 'g', 'g'],
    ['exports.f = [/** @jit */ () => 1][0];', '(anonymous)', ''],
    ['exports.f = (() => { /** @jit */ return () => 1; })();', '(anonymous)', ''],
    [
      'exports.f = new /** @jit */ (function () { return { v: (x) => x }; })().v;', '(anonymous)',
      'v'
    ],
    [
      'exports.f = new /** @jit */ function () { return { v: (x) => x }; }().v;', '(anonymous)', 'v'
    ],
    ['const key = "f"; exports[key] = /** @jit */ () => 1;', '(anonymous)', ''],
    ['exports.f = class { /** @jit */ static f = () => 1 }.f;', 'f', 'f'],
    [
      'exports.f = new class { /** @jit */ #f = () => 1; get() { return this.#f; } }().get();',
      '#f', '#f'
    ],
    [
      'module.exports.f = ({ /** @jit */ [Symbol.iterator]: () => 1 })[Symbol.iterator];',
      '(anonymous)', '[Symbol.iterator]'
    ],
  ];
  for (const [source, name, own_name] of expressions) {
    const {exported, jitted} = run(source);
    assert.strictEqual(jitted[0]?.name, name, source);
    if (jitted.length === 1 && !source.includes('new /**')) {
      assert.strictEqual(jitted[0].fn, exported.f, source);
    }
    assert.strictEqual(exported.f.name, own_name, source);
  }
});

test('the names that functions have are those they have without the annotation', () => {
  const source = (tag) => lines(
      `${tag} const a = () => 1, b = ${tag} () => 2;`, `${tag} exports.c = () => 3;`,
      `const d = { ${tag} e: () => 4, ${tag} f() {}, ${tag} get g() { return 5; } };`,
      `class H { ${tag} i = () => 6; ${tag} static j() {} }`, `const k = [${tag} () => 7];`,
      'const get = Object.getOwnPropertyDescriptor(d, "g").get;',
      'const all = [a, b, exports.c, d.e, d.f, get, new H().i, H.j, k[0], H];',
      'exports.names = all.map((f) => f.name);');
  const {exported, names} = run(source('/** @jit */'));
  assert.deepStrictEqual(exported.names, load(source(''), fake_runtime()).names);
  assert.deepStrictEqual(
      [...names].sort(), ['(anonymous)', 'a', 'b', 'c', 'e', 'f', 'g', 'i', 'j']);
});

test('methods of an object are handed over when it is made', () => {
  const {exported, jitted, names} = run(lines(
      'module.exports = {', '  /** @jit */ a() { return super.toString; },', '  /** @jit */',
      '  async *"b c"() {},', '  /** @jit */ get d() { return 1; },', '  /** @jit */ set d(v) {},',
      '  /** @jit */ [Symbol.iterator]() {},', '  /** @jit */ ["e"]() {},', '};'));
  assert.deepStrictEqual([...names].sort(), ['(anonymous)', 'a', 'b c', 'd', 'd', 'e']);
  const by_name = new Map(jitted.map((one) => [one.name, one.fn]));
  assert.strictEqual(by_name.get('a'), exported.a);
  assert.strictEqual(by_name.get('b c'), exported['b c']);
  assert.strictEqual(by_name.get('(anonymous)'), exported[Symbol.iterator]);
  const {get, set} = Object.getOwnPropertyDescriptor(exported, 'd');
  const accessors = jitted.filter((one) => one.name === 'd').map((one) => one.fn);
  assert.deepStrictEqual(new Set(accessors), new Set([get, set]));
});

test('methods of a class are handed over when it is made', () => {
  const {exported, jitted, names} = run(lines(
      'exports.A = class A {', '  /** @jit */ constructor() {}', '  /** @jit */ a() {}',
      '  /** @jit */ static b() {}', '  /** @jit */ get c() { return 1; }',
      '  /** @jit */ static #d() {}', '  static d() { return A.#d; }',
      '  /** @jit */ [Symbol.iterator]() {}', '  x = 1', '};'));
  assert.deepStrictEqual(names, ['constructor', 'a', 'b', 'c', '#d', '(anonymous)']);
  const {A} = exported;
  const getter = Object.getOwnPropertyDescriptor(A.prototype, 'c').get;
  assert.deepStrictEqual(
      jitted.map((one) => one.fn),
      [A, A.prototype.a, A.b, getter, A.d(), A.prototype[Symbol.iterator]]);
});

test('private methods are handed over when an instance is made', () => {
  const {exported, jitted} =
      run('exports.A = class { /** @jit */ #a() { return 1; } a() { return this.#a; }' +
          ' /** @jit */ #b() { return 2; } b() { return this.#b; } x = 1 };');
  assert.strictEqual(jitted.length, 0);
  const made = new exported.A();
  assert.deepStrictEqual(jitted, [{fn: made.a(), name: '#a'}, {fn: made.b(), name: '#b'}]);
});

test('functions that nothing can refer to are errors', () => {
  for (const source
           of ['({ /** @jit */ [f()]() {} });', '({ /** @jit */ [f()]: () => 1 });',
               'class A { /** @jit */ [f()]() {} }', 'class A { /** @jit */ [a.b] = () => 1; }']) {
    rejects(source, 'AnnotationError', `1:${source.indexOf('/**') + 1}`, /under a computed name/);
  }
  rejects(
      'class A { /** @jit */ get #a() { return 1; } }', 'AnnotationError', '1:11',
      /a private accessor/);
  assert.strictEqual(
      annotated('({ /** @jit */ [f()]: function own() {} });').plan.jit[0].name, 'own');
});

test('exports of a module are handed over and stay what they are', async () => {
  const source = lines(
      '/** @jit */ export function a() {}', '/** @jit */ export const b = () => 1',
      '/** @jit */ export default function () { return 2; }',
      'export const names = [a.name, b.name];');
  const runtime = fake_runtime();
  const module = await load_module(annotated_module(source).code, runtime);
  assert.deepStrictEqual(runtime.jitted.map((one) => one.fn), [module.a, module.b, module.default]);
  assert.deepStrictEqual([...module.names, module.default.name], ['a', 'b', 'default']);
  const arrow =
      await load_module(annotated_module('/** @jit */ export default () => 1').code, runtime);
  assert.strictEqual(arrow.default.name, 'default');
  assert.strictEqual(runtime.jitted.at(-1).fn, arrow.default);
});

test('the plan lists each function once, where it begins in the source', () => {
  const {plan} = annotated(lines(
      '/** @jit */', '// @jit', 'function a() {}', 'class B { /** @jit */ static c() {} }',
      '/** @jit */ exports.d = (x) => x;', '/** @jit */ exports.e = a;',
      '({ /** @jit */ f: () => 1 });'));
  assert.deepStrictEqual(plan.jit, [
    {name: 'a', line: 3, column: 1},
    {name: 'c', line: 4, column: 23},
    {name: 'd', line: 5, column: 25},
    {name: 'f', line: 7, column: 19},
  ]);
  assert.strictEqual(plan.snapshot, null);
});

test('a function may be annotated twice over, and inside another', async () => {
  const source = lines(
      '/**', ' * @jit', ' * @snapshot_here', ' */',
      'exports.handler = /* c */ async (event) => (/** @jit */ (x) => /** @jit */ (y) =>',
      '  [event, x, y]);');
  const runtime = fake_runtime(['real']);
  const {code, plan} = annotated(source);
  const {handler} = load(code, runtime);
  assert.deepStrictEqual((await handler('train'))(1)(2), ['real', 1, 2]);
  assert.deepStrictEqual(
      plan.jit.map((one) => one.name), ['handler', '(anonymous)', '(anonymous)']);
  assert.strictEqual(runtime.jitted.length, 3);
  assert.strictEqual(plan.snapshot.functionName, 'handler');
});

test('the call behind a hashbang and directives leaves them in force', () => {
  const source = lines(
      '#!/usr/bin/env node', '\'use strict\'', 'exports.strict = this_of();',
      '/** @jit */ function this_of() { return this === undefined; }');
  assert.strictEqual(run(source).exported.strict, true);
  assert.strictEqual(annotated('#!/usr/bin/node').changed, false);
  assert.strictEqual(
      annotated('#!/x\r\n/** @jit */ function f() {}').code,
      '#!/x\r\n;__fwrun.jit(f, "f");/** @jit */ function f() {}');
});
