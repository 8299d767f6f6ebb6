'use strict';

// Many generated programs, annotated at random places. Seeded: a failure repeats.

const {annotated, assert, fake_runtime, load, test} = require('./harness.js');

const kPrograms = 1500;

// A small generator of numbers (xorshift32), so that every run sees the same programs.
class Random {
  constructor(seed) {
    this.state_ = seed | 1;
  }

  below(limit) {
    this.state_ ^= this.state_ << 13;
    this.state_ ^= this.state_ >>> 17;
    this.state_ ^= this.state_ << 5;
    return (this.state_ >>> 0) % limit;
  }

  pick(list) {
    return list[this.below(list.length)];
  }
  chance(one_in) {
    return this.below(one_in) === 0;
  }
}

// Writes random programs. `plain` ones hold no annotation; the same seed gives the
// same program with and without.
class Generator {
  constructor(seed, plain) {
    this.random_ = new Random(seed);
    this.plain_ = plain;
    this.names_ = 0;
    this.points_ = 0;
    this.functions_ = 0;
    this.end_ = this.random_.pick(['\n', '\n', '\r\n']);
  }

  program() {
    const strict = this.random_.chance(3) ? `'use strict'${this.end_}` : '';
    const hashbang = this.random_.chance(5) ? `#!/usr/bin/env node${this.end_}` : '';
    const before = this.statements_(2);
    const form = this.random_.below(3);
    const [parameters, names] = this.parameters_();
    const body = this.block_(this.statements_(3), this.point_(), `return [${names}];`);
    const is_async = this.random_.pick(['', 'async ']);
    const jit = this.jit_();
    const handler = [
      `${jit}exports.handler = ${is_async}(${parameters}) => ${body}`,
      `${jit}exports.handler = handler${this.end_}${is_async}function handler(${parameters}) ${
          body}`,
      `module.exports = { ${jit}${is_async}handler(${parameters}) ${body} };`,
    ][form];
    return `${hashbang}${strict}${before}${this.end_}${handler}${this.end_}`;
  }

  parameters_() {
    const space = this.random_.pick([' ', `${this.end_}  `, ' /* c */ ', ` // c${this.end_}`]);
    return this.random_.pick([
      ['', '1'],
      ['event', 'event'],
      [`event,${space}context`, 'event, context'],
      [`{ a,${space}b: [c = 1] = [] } = {},${space}...rest`, 'a, c, rest'],
      [`event,${space}f = (x) =>${space} x, t = \`q${this.end_}\${event}\``, 'event, t'],
      [`event = 'it\\${this.end_}s',${space}{ n } = { n: event },`, 'event, n'],
    ]);
  }

  statements_(depth) {
    const list = Array.from({length: 1 + this.random_.below(3)}, () => this.statement_(depth));
    return list.join(this.end_);
  }

  statement_(depth) {
    const name = `v${this.names_++}`;
    if (depth === 0) return `let ${name} = ${this.expression_(0)}${this.random_.pick([';', ''])}`;
    const inner = () => this.statements_(depth - 1);
    return this.random_.pick([
      () => `const ${name} = ${this.expression_(depth)}${this.random_.pick([';', ''])}`,
      () => `if (${this.expression_(0)}) ${this.block_(inner())}`,
      () => `for (let ${name} = 0; ${name} < 2; ${name}++) ${this.block_(inner())}`,
      () => `${this.jit_()}function ${name}(p = ${this.expression_(0)}) ${this.block_(inner())}`,
      () => `switch (1) { case ${this.expression_(0)}: ${inner()}${this.end_}default: }`,
      () =>
          `class ${name} { ${this.jit_()}m() ${this.block_(inner())} ${this.jit_()}f = () => 1; }`,
      () => `try ${this.block_(inner())} catch ${this.block_(inner())}`,
      () => `const ${name} = { ${this.jit_()}m() ${this.block_(inner())}, n: 1 };`,
      () => `${this.jit_()}const ${name} = (p) =>${this.end_}  p`,
      () => `// just a remark on @snapshot_here and @jit${this.end_};[1].map(String)`,
    ])();
  }

  expression_(depth) {
    if (depth === 0) {
      return this.random_.pick(
          ['1', '\'// @snapshot_here\'', '`/** @jit */`', '[2, 3]', '/[/]*/', 'null']);
    }
    return this.random_.pick([
      () => `[${this.expression_(depth - 1)},${this.end_} ${this.expression_(0)}]`,
      () => `${this.jit_()}(function () { return ${this.expression_(depth - 1)} })`,
      () => `((p) => p)(${this.jit_()}() => ${this.expression_(0)})`,
      () => `${this.expression_(depth - 1)} + \`\${${this.expression_(0)}}\``,
      () => `{ k: ${this.jit_()}() => ${this.expression_(0)} }`,
    ])();
  }

  block_(...parts) {
    return `{${this.end_}${parts.join(this.end_)}${this.end_}}`;
  }

  point_() {
    this.points_++;
    const text = this.random_.pick([
      `// @snapshot_here`, '/* @snapshot_here */', `/*${this.end_}@snapshot_here${this.end_}*/`,
      'fwrun.snapshotHere()'
    ]);
    return this.plain_ ? '' : text;
  }

  jit_() {
    if (!this.random_.chance(3)) return '';
    this.functions_++;
    return this.plain_ ? '' : '/** @jit */ ';
  }
}

// Whether `longer` is `line` with nothing but insertions.
function is_inserted_into(line, longer) {
  let matched = 0;
  for (const letter of longer) {
    if (letter === line[matched]) matched++;
  }
  return matched === line.length;
}

test('annotated programs have as many lines, parse, and keep the text of each line', () => {
  for (let seed = 1; seed <= kPrograms; seed++) {
    const generator = new Generator(seed * 2654435761, false);
    const source = generator.program();
    let result;
    try {
      result = annotated(source);
    } catch (error) {
      error.message += `\nseed ${seed}\n${source}`;
      throw error;
    }
    assert.strictEqual(result.plan.jit.length, generator.functions_, source);
    assert.ok(result.plan.snapshot, source);
    const [before, behind] = [source, result.code].map((text) => text.split(/\r\n|\n/));
    for (const [i, line] of before.entries()) {
      // The lines of the point itself are replaced.
      if (line === '/*' || line === '*/' || /^\/?\/?\*? ?@snap|^fwrun/.test(line)) continue;
      assert.ok(is_inserted_into(line, behind[i]), `${line}\n${behind[i]}\n${source}`);
    }
  }
});

test('annotated programs answer with what the invocation brought', async () => {
  for (let seed = 1; seed <= kPrograms; seed++) {
    const generator = new Generator(seed * 2654435761, false);
    const source = generator.program();
    const plain = new Generator(seed * 2654435761, true).program();
    const invocation = [{a: seed, b: [], n: 2}, {n: 3}, 4];
    const runtime = fake_runtime(invocation);
    const expected = await load(plain, fake_runtime()).handler(...invocation);
    const {handler} = load(annotated(source).code, runtime);
    const training = [{a: 0, b: [0]}, {n: 0}];
    assert.deepStrictEqual(await handler(...training), expected, `seed ${seed}\n${source}`);
  }
});

test('programs without annotations stay as they are', () => {
  for (let seed = 1; seed <= kPrograms; seed++) {
    const source = new Generator(seed * 2654435761, true).program();
    const {code, plan, changed} = annotated(source);
    assert.strictEqual(code, source);
    assert.strictEqual(changed, false);
    assert.deepStrictEqual(plan, {snapshot: null, jit: [], hooks: {before: 0, after: 0}});
  }
});
