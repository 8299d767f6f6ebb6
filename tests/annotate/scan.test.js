'use strict';

const {acorn, annotate, annotated, assert, lines, rejects, test} = require('./harness.js');

const in_handler = (comment) =>
    lines('exports.handler = (event) => {', `  ${comment}`, '  return event;', '};');

const point_of = (source) => annotated(source).plan.snapshot;

test('a line comment with nothing but the annotation is one', () => {
  for (const comment of ['// @snapshot_here', '//@snapshot_here', '//   @snapshot_here  ']) {
    assert.strictEqual(point_of(in_handler(comment)).kind, 'statement', comment);
  }
});

test('a block comment with nothing but the annotation is one', () => {
  for (const comment of ['/* @snapshot_here */', '/*@snapshot_here*/', '/*\n @snapshot_here\n*/']) {
    assert.strictEqual(point_of(in_handler(comment)).kind, 'statement', comment);
  }
});

test('a comment that mentions the annotation in prose is none', () => {
  const comments = [
    '// see @snapshot_here docs',
    '// @snapshot_here is explained elsewhere',
    '/* the @snapshot_here of old */',
    '/** Explains @snapshot_here. */',
    '/**\n * Explains\n * what @snapshot_here does\n */',
    '// snapshot_here',
    '// @snapshot',
    '// @param event',
  ];
  for (const comment of comments) {
    const source = in_handler(comment);
    const {code, plan, changed} = annotated(source);
    assert.strictEqual(plan.snapshot, null, comment);
    assert.strictEqual(code, source);
    assert.strictEqual(changed, false);
  }
});

test('strings, templates and regular expressions are not comments', () => {
  const source = lines(
      'exports.handler = (event) => [', '  "// @snapshot_here",', '  \'/** @jit */\',', '  `',
      '// @snapshot_here', '/** @jit */', '`,', '  /[/]\\/ @snapshot_here/,', '];');
  const {code, plan} = annotated(source);
  assert.strictEqual(code, source);
  assert.deepStrictEqual(plan, {snapshot: null, jit: [], hooks: {before: 0, after: 0}});
});

test('a JSDoc tag may share its comment with others', () => {
  const comments = [
    '/** @snapshot_here */',
    '/** @jit @snapshot_here */',
    '/** @snapshot_here after the model is there */',
    '/**\n * Answers.\n * @param event\n *   @snapshot_here\n */',
    '/**\n@async\n@snapshot_here the text of a tag */',
  ];
  for (const comment of comments) {
    const source = `${comment}\nexports.handler = (event) => event;`;
    assert.strictEqual(point_of(source).kind, 'function', comment);
  }
});

test('a tag inside the text of another is prose', () => {
  const source = '/** @see the @snapshot_here page */\nexports.handler = (event) => event;';
  assert.strictEqual(point_of(source), null);
});

test('the place of an annotation is where its comment begins, or the tag in later lines', () => {
  const place = ({line, column}) => `${line}:${column}`;
  assert.strictEqual(place(point_of(in_handler('// @snapshot_here'))), '2:3');
  assert.strictEqual(place(point_of(in_handler('/*\n   @snapshot_here */'))), '3:1');
  const jsdoc = '/** Answers.\n *  @snapshot_here */ exports.handler = (event) => event;';
  assert.strictEqual(place(point_of(jsdoc)), '2:5');
  const tags = '/**\n * @jit  @snapshot_here */ exports.handler = (event) => event;';
  assert.strictEqual(place(point_of(tags)), '2:10');
  assert.strictEqual(place(point_of(' /** @snapshot_here */ exports.handler = (e) => e;')), '1:2');
});

test('an annotation that is mistyped by up to two letters is an error with a suggestion', () => {
  const words = [
    '@snapshot_her', '@snapshothere', '@snapshot-here', '@snapshotHere', '@SNAPSHOT_HERE',
    '@snapshots_here', '@snapshot here', '@snapshot_here;', '@snpshot_hre'
  ];
  for (const word of words) {
    rejects(
        in_handler(`// ${word}`), 'AnnotationError', '2:3',
        [/unknown annotation @/, /write @snapshot_here$/]);
  }
  rejects(
      in_handler('/**\n   * @snapshot_hear now */'), 'AnnotationError', '3:6',
      /unknown annotation @snapshot_hear: write @snapshot_here/);
  rejects('/** @JIT */ function f() {}', 'AnnotationError', '1:1', /write @jit$/);
});

test('a word further away from the annotation is left alone', () => {
  assert.strictEqual(point_of(in_handler('// @snapsht_hr_')), null);
  assert.strictEqual(point_of(in_handler('// @snapshot_hereafter')), null);
});

test('a hashbang is not an annotation', () => {
  assert.strictEqual(point_of('#!@snapshot_here\nexports.handler = (event) => event;'), null);
});

test('a byte order mark is dropped where code changes', () => {
  const {code} = annotated('\uFEFF#!/usr/bin/env node\n// @snapshot_here\n');
  assert.strictEqual(code, '#!/usr/bin/env node\n;__fwrun.atTopLevel();\n');
});

test('a syntax error has its place and the message of the parser alone', () => {
  rejects('let a = 1;\nlet b = ];', 'SyntaxError', '2:9', /^Unexpected token$/);
  rejects('const t = `abc', 'SyntaxError', '1:12', /^Unterminated template$/);
  rejects('await 1', 'SyntaxError', '1:7', /^Unexpected token$/);
  rejects('import a from "a"', 'SyntaxError', '1:1', /sourceType: module/);
  rejects('return 1', 'SyntaxError', '1:1', /'return' outside of function/, {sourceType: 'module'});
  try {
    annotated('let a = ];');
  } catch (error) {
    assert.ok(error instanceof SyntaxError);
  }
});

test('a failure of the parser other than a syntax error is passed on', () => {
  const broken = {
    parse() {
      throw new TypeError('broken parser');
    }
  };
  assert.throws(
      () => annotate('', {filename: 'a', sourceType: 'commonjs', acorn: broken}),
      {name: 'TypeError', message: 'broken parser'});
});

test('CommonJS files may return at top level, and modules may await there', () => {
  assert.strictEqual(annotated('return;').changed, false);
  assert.strictEqual(annotated('await 1;', {sourceType: 'module'}).changed, false);
});

test('two snapshot points are an error that names both', () => {
  const comments = lines(
      'exports.handler = (event) => {', '  // @snapshot_here', '  event.a++;',
      '  /* @snapshot_here */', '};');
  rejects(comments, 'AnnotationError', '4:3', [/user\.js:2:3 and user\.js:4:3/, /remove one/]);
  const mixed = lines(
      '/** @snapshot_here */', 'exports.handler = (event) => {', '  fwrun.snapshotHere();', '};');
  rejects(mixed, 'AnnotationError', '3:3', /user\.js:1:1 and user\.js:3:3/);
  rejects(
      '/** @snapshot_here\n @snapshot_here */ function f() {}', 'AnnotationError', '2:2',
      /user\.js:1:1 and user\.js:2:2/);
  rejects(
      'let a = fwrun.snapshotHere(), b = fwrun.snapshotHere();', 'AnnotationError', '1:35',
      /user\.js:1:9 and user\.js:1:35/);
});

test('the parser of the caller is used', () => {
  let asked = 0;
  const counting = {parse: (...all) => (asked++, acorn.parse(...all))};
  annotate('1;', {filename: 'a.js', sourceType: 'commonjs', acorn: counting});
  assert.strictEqual(asked, 1);
});
