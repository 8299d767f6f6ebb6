'use strict';

const {annotated, annotated_module, answer, assert, fake_runtime, lines, load, rejects, test} =
    require('./harness.js');

const handler = (body, before = '') =>
    `${before}\nexports.handler = async (event) => {\n${body}\n};`;

const point_of = (source, sourceType = 'commonjs') => annotated(source, {sourceType}).plan.snapshot;

test('a call that is a statement of the handler sets its parameters', async () => {
  const source = handler('  fwrun.snapshotHere()\n  ;[1].map(String)\n  return event;');
  assert.deepStrictEqual(
      point_of(source),
      {kind: 'call', line: 3, column: 3, functionName: 'handler', async: true, rebound: true});
  const code = annotated(source).code.split('\n');
  assert.strictEqual(code[2], '  ;[event] = __fwrun.atStatement();');
  assert.strictEqual(code[3], '[1].map(String)');
  assert.strictEqual(await answer(source, [0], [1]), 1);
});

test('a call may stand for a statement where no list is', async () => {
  for (const before
           of ['if (event === 0)', 'if (event) ; else', 'for (const a of [1])', 'label:']) {
    assert.strictEqual(
        await answer(handler(`${before} fwrun.snapshotHere();\nreturn event;`), [0], [1]), 1,
        before);
  }
  const source = handler('if (event) fwrun.snapshotHere(); else event++;\nreturn event;');
  assert.strictEqual(await answer(source, [1], [5]), 5);
});

test('a call may be awaited, be optional, and span lines', async () => {
  for (const call
           of ['await fwrun.snapshotHere();', 'fwrun?.snapshotHere?.();',
               'fwrun\n  . /* c */ snapshotHere // d\n  (\n)', 'globalThis.fwrun.snapshotHere();',
               'fwrun["snapshotHere"]();', 'global.fwrun.snapshotHere();']) {
    assert.strictEqual(await answer(handler(`${call}\nreturn event;`), [0], [1]), 1, call);
  }
});

test('a call whose value is used is left alone', async () => {
  for (const use
           of ['const e = fwrun.snapshotHere();', 'return fwrun.snapshotHere();',
               'f(fwrun.snapshotHere());', 'event = fwrun.snapshotHere();',
               'const e = await fwrun.snapshotHere();', 'void fwrun.snapshotHere();']) {
    const source = handler(use);
    const {code, plan, changed} = annotated(source);
    assert.strictEqual(code, source);
    assert.strictEqual(changed, false);
    assert.strictEqual(plan.snapshot.kind, 'call', use);
    assert.strictEqual(plan.snapshot.rebound, false);
  }
  const wrapped = 'exports.handler = wrap((event) => { const e = fwrun.snapshotHere(); });';
  assert.strictEqual(annotated(wrapped).changed, false);
});

test('a call in another function, or in a handler without parameters, is left alone', () => {
  for (const source
           of ['function prepare() { fwrun.snapshotHere(); }',
               'exports.handler = () => { fwrun.snapshotHere(); };']) {
    const {code, plan} = annotated(source);
    assert.strictEqual(code, source);
    assert.deepStrictEqual([plan.snapshot.kind, plan.snapshot.rebound], ['call', false]);
  }
});

test('a call outside of functions is a point while the file loads', () => {
  const source = 'let a\nfwrun.snapshotHere()\nif (a) fwrun.other();';
  assert.strictEqual(
      annotated(source).code, 'let a\n;__fwrun.atTopLevel();\nif (a) fwrun.other();');
  assert.strictEqual(point_of(source).kind, 'toplevel');
  assert.strictEqual(
      annotated_module('if (1) fwrun.snapshotHere();').code,
      'if (1) {await __fwrun.atTopLevel();}');
  const value = annotated('const event = fwrun.snapshotHere();');
  assert.strictEqual(value.changed, false);
  assert.deepStrictEqual(
      [value.plan.snapshot.kind, value.plan.snapshot.functionName], ['call', null]);
  const block = annotated_module('class A { static { fwrun.snapshotHere(); } }');
  assert.strictEqual(block.changed, false);
  assert.strictEqual(block.plan.snapshot.kind, 'call');
});

test('a call in a function whose own name hides a parameter is an error', () => {
  rejects(
      handler('[1].map((event) => {\n fwrun.snapshotHere();\n});'), 'AnnotationError', '4:2',
      /declared anew at 3:10/);
});

test('a call statement in a function that a call turns into the handler is an error', () => {
  rejects(
      'exports.handler = wrap((event) => {\nfwrun.snapshotHere(); });', 'AnnotationError', '2:1',
      /made from this function/);
});

test('a call with arguments is an error', () => {
  rejects(handler(' fwrun.snapshotHere(event);'), 'AnnotationError', '3:2', /takes no arguments/);
});

test('the module is known by the names that require gives it', () => {
  const calls = [
    ['const fwrun = require(\'fwrun\');', 'fwrun.snapshotHere();'],
    ['var other = require(\'fwrun\');', 'other.snapshotHere();'],
    ['const { snapshotHere } = require(\'fwrun\');', 'snapshotHere();'],
    ['const { snapshotHere: here } = require(\'fwrun\');', 'here();'],
    ['const { \'snapshotHere\': here } = require(\'fwrun\');', 'here();'],
    ['const here = require(\'fwrun\').snapshotHere;', 'here();'],
    ['const a = require(\'fwrun\'), b = a, { snapshotHere: c } = b, d = c;', 'd();'],
    ['const { snapshotHere } = fwrun;', 'snapshotHere();'],
    ['', 'require(\'fwrun\').snapshotHere();'],
    ['', '(await import(\'fwrun\')).snapshotHere();'],
    ['', 'const { default: m } = 1, n = await import(\'fwrun\'); n.default.snapshotHere();'],
  ];
  for (const [before, call] of calls) {
    assert.ok(point_of(handler(call, before))?.rebound, `${before} ${call}`);
  }
});

test('the module is known by the names that import gives it', () => {
  const calls = [
    ['import fwrun from \'fwrun\';', 'fwrun.snapshotHere();'],
    ['import * as other from \'fwrun\';', 'other.snapshotHere();'],
    ['import { snapshotHere } from \'fwrun\';', 'snapshotHere();'],
    ['import { snapshotHere as here } from \'fwrun\';', 'here();'],
    ['import { default as m } from \'fwrun\';', 'm.snapshotHere();'],
  ];
  for (const [before, call] of calls) {
    const source = `${before}\nexport const handler = (event) => { ${call} };`;
    assert.ok(point_of(source, 'module')?.rebound, before);
  }
});

test('other things of that name are not the module', () => {
  const sources = [
    handler('fwrun.snapshotHere();', 'const fwrun = require(\'other\');'),
    handler('fwrun.snapshotHere();', 'let fwrun;'),
    handler('fwrun.snapshotHere();', 'const fwrun = { snapshotHere() {} };'),
    handler('fwrun.snapshotHere();', 'const { fwrun } = require("lib");'),
    handler('here();', 'const [here] = require(\'fwrun\');'),
    handler('snapshotHere();'),
    handler('snapshotHere();', 'const { ...snapshotHere } = require(\'fwrun\');'),
    handler('other.fwrun.snapshotHere();'),
    handler('fwrun.snapshotThere();'),
    handler('fwrun.snapshotHere;'),
    handler('fwrun[snapshotHere]();'),
    handler('new fwrun.snapshotHere();'),
    handler('a();', 'const a = b, b = a;'),
    handler('a.snapshotHere();', 'const a = b, b = a;'),
    'function f(fwrun) { fwrun.snapshotHere(); }',
  ];
  for (const source of sources) assert.strictEqual(point_of(source), null, source);
  assert.strictEqual(
      point_of('import fwrun from \'other\'; fwrun.snapshotHere();', 'module'), null);
  assert.strictEqual(point_of('import fwrun from \'fwrun\'; fwrun();', 'module'), null);
  assert.strictEqual(point_of('import { a } from \'fwrun\'; a.snapshotHere();', 'module'), null);
});

test('hooks are counted and left alone', () => {
  const source = lines(
      'const { beforeSnapshot, afterRestore: after } = require(\'fwrun\');',
      'beforeSnapshot(() => 1);', 'fwrun.beforeSnapshot(f);', 'after(f);',
      'function f() { if (1) fwrun.afterRestore(f); return fwrun.afterRestore(f); }',
      'other.afterRestore(f);');
  const {code, plan} = annotated(source);
  assert.strictEqual(code, source);
  assert.deepStrictEqual(plan.hooks, {before: 2, after: 3});
});

test('a call that is left alone gets the event from the module', async () => {
  const source =
      handler('const e = m.snapshotHere();\nreturn [event, e];', 'const m = require(\'fwrun\');');
  const modules = {fwrun: {snapshotHere: () => 'real'}};
  const {handler: run} = load(annotated(source).code, fake_runtime(), {modules});
  assert.deepStrictEqual(await run('train'), ['train', 'real']);
});
