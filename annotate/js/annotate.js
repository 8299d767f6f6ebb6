'use strict';

// annotate(source, options): finds the annotations of a JavaScript file and turns
// them into calls of the runtime's `__fwrun`, without moving the start of a line.
// The rules are in annotate/RULES.md.

const {find_calls} = require('./calls.js');
const {AnnotationError} = require('./errors.js');
const {find_handler} = require('./handler.js');
const {JitWriter} = require('./jit.js');
const {parse} = require('./parse.js');
const {Places} = require('./place.js');
const {Rebinding} = require('./rebind.js');
const {Edits} = require('./rewrite.js');
const {kSnapshot, scan} = require('./scan.js');
const {Scopes} = require('./scope.js');
const {SnapshotWriter} = require('./snapshot.js');
const {Tree} = require('./tree.js');

const place_name = (file, {line, column}) => `${file}:${line}:${column}`;

// The only snapshot point among comments and calls, or null.
function only_point(file, points) {
  points.sort((a, b) => a.line - b.line || a.column - b.column);
  if (points.length < 2) return points[0] ?? null;
  const [first, second] = points;
  throw new AnnotationError(
      `a function is captured at one place only, but ${place_name(file, first)} and ` +
          `${place_name(file, second)} both mark one: remove one of them`,
      file, second);
}

// Returns {code, plan, changed}:
//   code     the source to run; the same text if nothing is annotated
//   plan     {snapshot: null | {kind, line, column, functionName, async, rebound},
//             jit: [{name, line, column}], hooks: {before, after}}
//            rebound: the handler's parameters are set again at the point
//   changed  whether code differs from the source
//
// options: {filename, sourceType: 'commonjs' | 'module', acorn: the parser's module,
// handlerPath: names from the exports to the handler, or null to go by convention}.
//
// Throws a SyntaxError if the file cannot be parsed and an AnnotationError if an
// annotation is wrong, both with .file, .line and .column.
function annotate(source, {filename, sourceType, acorn, handlerPath = null}) {
  // Node drops a byte order mark too; behind one a hashbang would not be recognised.
  const file = parse(source.replace(/^\uFEFF/, ''), {filename, sourceType, acorn});
  const annotations = scan(file);
  const tree = new Tree(file.program);
  const scopes = new Scopes(tree);
  const calls = find_calls(file.program, tree, scopes);

  const marks = annotations.filter((one) => one.tag === kSnapshot);
  const point = only_point(filename, [...marks, ...calls.snapshots]);
  const context = {
    file,
    tree,
    places: new Places(file, tree, scopes),
    rebinding: new Rebinding(file, tree, scopes),
    handler: point && find_handler(file.program, scopes, handlerPath),
    edits: new Edits(file.source),
    is_module: sourceType === 'module',
  };

  const jit_writer = new JitWriter(context);
  const jit = annotations.filter((one) => one.tag !== kSnapshot)
                  .map((one) => jit_writer.add(one))
                  .filter((entry) => entry !== null);

  const snapshot_writer = new SnapshotWriter(context);
  let snapshot = null;
  if (point?.call)
    snapshot = snapshot_writer.call(point);
  else if (point)
    snapshot = point.jsdoc ? snapshot_writer.function(point) : snapshot_writer.statement(point);

  const changed = !context.edits.empty;
  return {
    code: changed ? context.edits.apply() : source,
    plan: {snapshot, jit, hooks: calls.hooks},
    changed,
  };
}

module.exports = {
  AnnotationError,
  annotate
};
