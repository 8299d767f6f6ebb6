'use strict';

const {annotated, annotated_module, assert, lines, rejects, test} = require('./harness.js');

const kPoint = '// @snapshot_here';

const kind_of = (source, options) => annotated(source, options).plan.snapshot.kind;

test('a point may stand in every statement list of a function', () => {
  const bodies = [
    `${kPoint}\n`,
    `if (e) {\n${kPoint}\n}`,
    `for (;;) {\n${kPoint}\nbreak; }`,
    `try {\n${kPoint}\n} catch {}`,
    `try { e(); } catch {\n${kPoint}\n}`,
    `try { e(); } finally {\n${kPoint}\n}`,
    `switch (e) { case 1:\n${kPoint}\n}`,
    `switch (e) { case 1: e.a();\n${kPoint}\ncase 2: }`,
    `switch (e) { case 1: e.a();\n${kPoint}\ne.b(); }`,
    `switch (e) { default:\n${kPoint}\ne.b(); }`,
    `label: {\n${kPoint}\n}`,
    `e.a();${kPoint}\n`,
    `return e;\n${kPoint}\n`,
  ];
  for (const body of bodies) {
    const {plan, code} = annotated(`exports.handler = (e) => {${body}};`);
    assert.strictEqual(plan.snapshot.kind, 'statement', body);
    assert.ok(plan.snapshot.rebound);
    assert.ok(code.includes(';[e] = __fwrun.atStatement();'), code);
  }
});

test('a point between a statement and the semicolon of the next line belongs behind it', () => {
  const source = (middle) => lines(
      'exports.handler = (event) => {', `  ${middle}`, `  ${kPoint}`, '  ;[1].map(f)', '}',
      'function f() {}');
  for (const middle
           of ['f()', 'let a = f()', 'return', 'if (event) f()', 'do f(); while (event)',
               'let g = (x) => x', 'throw event', 'if (event) { } else f()']) {
    const {code} = annotated(source(middle));
    assert.strictEqual(code.split('\n')[2], '  ;[event] = __fwrun.atStatement();', middle);
    assert.strictEqual(code.split('\n')[3], '  ;[1].map(f)');
  }
  rejects(
      source('class A { x = f()').replace('[1].map(f)', '}'), 'AnnotationError', '3:3',
      /a class body/);
});

test('a point that no statement could stand at is an error that says where it is', () => {
  const misplaced = [
    ['let a = [', '];', /middle of a statement/],
    ['f(', ');', /middle of a statement/],
    ['let a = 1 +', '2;', /middle of a statement/],
    ['let a = `${', '1}`;', /middle of a statement/],
    ['function f(a,', 'b) {}', /a parameter list/],
    ['function f(', ') {}', /a parameter list/],
    ['const f = (a = 1,', ') => a;', /a parameter list/],
    ['const f = () =>', '1;', /middle of a statement/],
    ['class A {', '}', /a class body/],
    ['class A {', 'm() {} }', /a class body/],
    ['class A { static {', '} }', /a static block/],
    ['class A { static { if (f) {', '} } }', /a static block/],
    ['const o = {', 'm() {} };', /an object literal/],
    ['if (f)', 'f();', /an if statement without braces/],
    ['if (f) f();', 'else f();', /an if statement without braces/],
    ['for (;;)', 'f();', /a loop without braces/],
    ['for (a in f)', 'f();', /a loop without braces/],
    ['for (a of f)', 'f();', /a loop without braces/],
    ['while (f)', 'f();', /a loop without braces/],
    ['do f();', 'while (f);', /a loop without braces/],
    ['label:', 'f();', /a labelled statement/],
    ['switch (f) {', 'case 1: }', /a switch, before its first case/],
    ['switch (f) { case', '1: }', /the label of a case/],
    ['switch (f) { default', ': }', /the label of a case/],
    ['switch (f) { case (1', '): f(); }', /the label of a case/],
    ['let a = f', '(1);', /middle of a statement/],
  ];
  for (const [before, behind, pattern] of misplaced) {
    rejects(
        `${before}\n ${kPoint}\n${behind}`, 'AnnotationError', '2:2',
        [/^@snapshot_here stands in /, pattern, /between two statements/]);
  }
});

test('a point outside of functions is taken while the file loads', () => {
  const source = `let a = 1;\n${kPoint}\nif (a) { a++; }`;
  const {code, plan} = annotated(source);
  assert.strictEqual(code, 'let a = 1;\n;__fwrun.atTopLevel();\nif (a) { a++; }');
  assert.deepStrictEqual(
      plan.snapshot,
      {kind: 'toplevel', line: 2, column: 1, functionName: null, async: false, rebound: false});
  const module = annotated_module(source);
  assert.strictEqual(module.code, 'let a = 1;\n;await __fwrun.atTopLevel();\nif (a) { a++; }');
  assert.strictEqual(module.plan.snapshot.async, true);
});

test('a point outside of functions may stand in a block, or be all there is', () => {
  assert.strictEqual(kind_of(`if (1) {\n${kPoint}\n}`), 'toplevel');
  assert.strictEqual(kind_of(kPoint), 'toplevel');
  assert.strictEqual(kind_of(`{ ${kPoint}\n }`, {sourceType: 'module'}), 'toplevel');
});

test('a line comment before a function marks the place, not the function', () => {
  const source = `${kPoint}\nexports.handler = (event) => event;`;
  assert.strictEqual(kind_of(source), 'toplevel');
});

test('a point may stand in a function that a static block makes', () => {
  const source = `class A { static { this.f = () => {\n${kPoint}\n}; } }`;
  assert.strictEqual(kind_of(source), 'statement');
});

test('directives stay first', () => {
  const top = annotated(`${kPoint}\n'use strict';\n'use other'\nlet a;`);
  assert.strictEqual(
      top.code, `${kPoint}\n'use strict';\n'use other';__fwrun.atTopLevel();\nlet a;`);
  const inner = annotated(lines(
      'exports.handler = function (event) {', `  ${kPoint}`, '  \'use strict\'', '  return this;',
      '};'));
  assert.strictEqual(
      inner.code.split('\n')[2], '  \'use strict\';[event] = __fwrun.atStatement();');
});

test('a JSDoc point may stand right before every kind of function', () => {
  const functions = [
    ['function f() {}', 'f'],
    ['async function f() {}', 'f'],
    ['function* f() {}', 'f'],
    ['const f = () => 1;', 'f'],
    ['let f = function () {};', 'f'],
    ['exports.f = async () => {};', 'f'],
    ['exports.a.f = exports.g = function named() {};', 'named'],
    ['exports["f"] = () => {};', 'f'],
    ['f = () => {};', 'f'],
    ['(function f() {})();', 'f'],
    ['((a) => a)();', null],
    ['(a) => a;', null],
    ['// another comment\n\nfunction f() {}', 'f'],
  ];
  for (const [text, name] of functions) {
    const {plan, code} = annotated(`/** @snapshot_here */ ${text}`);
    assert.strictEqual(plan.snapshot.kind, 'function', text);
    assert.strictEqual(plan.snapshot.functionName, name, text);
    assert.ok(code.includes('__fwrun.atFunction()'), code);
  }
  for (const text
           of ['export function f() {}', 'export const f = () => 1;',
               'export default function f() {}']) {
    assert.strictEqual(
        annotated_module(`/** @snapshot_here */ ${text}`).plan.snapshot.functionName, 'f');
  }
  for (const text of ['export default () => 1;', 'export default function () {}']) {
    assert.strictEqual(
        annotated_module(`/** @snapshot_here */ ${text}`).plan.snapshot.functionName, 'default');
  }
});

test('a JSDoc point may stand before methods, fields, properties and values', () => {
  const at = '/** @snapshot_here */';
  const sources = [
    [`class A { ${at} f() {} }`, 'f'],
    [`class A { ${at} static async f() {} }`, 'f'],
    [`class A { ${at} #f() {} }`, '#f'],
    [`class A { ${at} get f() { return 1; } }`, 'f'],
    [`class A { ${at} f = () => 1; }`, 'f'],
    [`class A { ${at} constructor() {} }`, 'constructor'],
    [`const o = { ${at} f() {} };`, 'f'],
    [`const o = { ${at} f: () => 1 };`, 'f'],
    [`const o = { ${at} [1 + 1]() {} };`, null],
    [`const a = 1, ${at} f = () => 2;`, 'f'],
    [`const f = ${at} () => 2;`, 'f'],
    [`let g; g = ${at} (function f() {});`, 'f'],
    [`function g(f = ${at} () => 1) {}`, 'f'],
    [`call(${at} (a) => a);`, null],
    [`function g() { ${at} return function f() {}; }`, 'f'],
    [`export ${at} function f() {}`, 'f', 'module'],
  ];
  for (const [source, name, sourceType = 'commonjs'] of sources) {
    const {plan} = annotated(source, {sourceType});
    assert.strictEqual(plan.snapshot.kind, 'function', source);
    assert.strictEqual(plan.snapshot.functionName, name, source);
  }
});

test('a JSDoc point follows a name to its function', () => {
  const {code, plan} = annotated(lines(
      'async function handler(event) { return event; }', '/** @snapshot_here */',
      'exports.handler = handler;'));
  assert.strictEqual(
      code.split('\n')[0],
      'async function handler(event) {;[event] = __fwrun.atFunction(); return event; }');
  assert.strictEqual(plan.snapshot.line, 2);
  assert.strictEqual(plan.snapshot.async, true);
});

test('a JSDoc annotation before anything but a function is an error that says so', () => {
  const followers = [
    'const a = 1;', 'let a;', 'class A {}', 'f();', 'f(() => 1);', 'exports.a = 1;',
    'exports.handler = wrap((event) => event);', 'const { a } = () => 1;', 'if (1) {}',
    'export const a = 1;', 'export default 1;', 'export default class {}',
    'export { b };\nconst b = 1;', '', '(1 + 2);', 'const a = 1, b = () => 1;'
  ];
  for (const tag of ['@snapshot_here', '@jit']) {
    for (const text of followers) {
      rejects(
          `\n /** ${tag} */ ${text}`, 'AnnotationError', '2:2',
          [new RegExp(`no function follows ${tag}`), /right before a function/],
          {sourceType: 'module'});
    }
    for (const source
             of [`\n class A { /** ${tag} */ }`, `\n class A { /** ${tag} */ x = 1; }`,
                 `\n const o = [ /** ${tag} */ ];`, `\n call(/** ${tag} */ a) `,
                 `\n function f(/** ${tag} */ a) {}`, `\n let ab = /** ${tag} */ 1 + 2;`,
                 `\n ({ /** ${tag} */ a } = () => 1);`, `\n ({ /** ${tag} */ a: 1 });`,
                 `\n 1 /** ${tag} */ + 2;`]) {
      const column = source.indexOf('/**');
      rejects(source, 'AnnotationError', `2:${column}`, /no function follows/);
    }
  }
  rejects('/** @snapshot_here */ let a;', 'AnnotationError', '1:1', /write \/\/ @snapshot_here/);
});

test('a parameter is not followed to the function that it belongs to', () => {
  rejects(
      'function register(f) {\n /** @jit */ exports.f = f;\n}', 'AnnotationError', '2:2',
      /no function follows/);
});

test('names that stand for each other do not hang', () => {
  rejects(
      '/** @jit */ exports.handler = a; var a = b; var b = a;', 'AnnotationError', '1:1',
      /no function follows/);
});
