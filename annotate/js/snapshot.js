'use strict';

// Turns the one snapshot point of a file into code.
//
// In the handler, or in a function inside it, the handler's parameters are assigned
// what the runtime returns: after a restore that is the invocation's own event. In
// any other function there is nothing to assign: the point is taken, and who called
// that function goes on with the event it has.

const {AnnotationError} = require('./errors.js');

class SnapshotWriter {
  // `file` is what parse() returned; `handler` what find_handler() returned.
  constructor({file, tree, places, rebinding, handler, edits, is_module}) {
    this.file_ = file;
    this.tree_ = tree;
    this.places_ = places;
    this.rebinding_ = rebinding;
    this.handler_ = handler;
    this.edits_ = edits;
    this.is_module_ = is_module;
  }

  // Each of the three returns the plan's entry for the point.

  // A comment that stands for a statement.
  statement(annotation) {
    const {comment} = annotation;
    const list = this.places_.list_around(annotation);
    const fn = this.tree_.function_around(list);
    const target = fn && this.target_(fn, list, annotation);
    const code = fn ? assignment(target, 'atStatement') : this.top_level_();
    const start = list.type === 'SwitchCase' ? 0 : this.places_.start_of(list);
    if (comment.start < start) {
      // Directives follow the comment, and must remain the first statements.
      this.edits_.insert(start, `;${code};`);
    } else {
      this.edits_.replace(comment, `;${code};`);
    }
    return this.entry_(fn ? 'statement' : 'toplevel', annotation, fn, target);
  }

  // A JSDoc comment before a function.
  function(annotation) {
    const fn = this.places_.function_after(annotation);
    const has_block = fn.body.type === 'BlockStatement';
    const target = this.target_(fn, has_block ? fn.body : fn, annotation);
    const code = assignment(target, 'atFunction');
    if (has_block) {
      this.edits_.insert(this.places_.start_of(fn.body), `;${code};`);
    } else {
      const start = this.places_.arrow_end(fn);
      this.edits_.wrap({start, end: fn.end}, ` { ${code}; return (`, '); }');
    }
    return this.entry_('function', annotation, fn, target);
  }

  // A call of fwrun.snapshotHere(). Its value is the event, so a call whose value is
  // used stays as it is.
  call({call, statement, line, column}) {
    const place = {line, column};
    if (call.arguments.length > 0) {
      throw new AnnotationError(
          'snapshotHere() takes no arguments: remove them', this.file_.file, place);
    }
    const fn = this.tree_.function_around(call);
    const replaceable = statement && !this.places_.in_static_block(statement);
    const target = fn && replaceable ? this.target_(fn, this.tree_.parent(statement), place) : null;
    if (replaceable && (target || !fn)) {
      const code = fn ? assignment(target, 'atStatement') : this.top_level_();
      const in_list = this.places_.is_list(this.tree_.parent(statement));
      this.edits_.replace(statement, in_list ? `;${code};` : `{${code};}`);
    }
    return this.entry_(fn || !replaceable ? 'call' : 'toplevel', place, fn, target);
  }

  top_level_() {
    return `${this.is_module_ ? 'await ' : ''}__fwrun.atTopLevel()`;
  }

  // What to assign to at a place `from` in `fn`: null if there is nothing.
  target_(fn, from, place) {
    for (const at of this.tree_.upwards(fn)) {
      if (at === this.handler_.fn) return this.rebinding_.target(at, from, place);
      if (!this.handler_.wrapped.includes(at)) continue;
      throw new AnnotationError(
          'the handler is made from this function by a call, which decides what its parameters ' +
              'are: they cannot be set again after a restore. Export the function itself, or ' +
              'take the event yourself: `const event = fwrun.snapshotHere()`',
          this.file_.file, place);
    }
    return null;
  }

  entry_(kind, {line, column}, fn, target) {
    return {
      kind,
      line,
      column,
      functionName: fn && this.tree_.function_name(fn),
      async: fn ? fn.async : this.is_module_,
      rebound: target !== null,
    };
  }
}

function assignment(target, name) {
  return `${target === null ? '' : `${target} = `}__fwrun.${name}()`;
}

module.exports = {SnapshotWriter};
