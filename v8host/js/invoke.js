'use strict';

// One call of the handler, from the JSON of its arguments to the JSON of its
// answer. Training calls and invocations run the very same code: what the former
// compile, the latter find compiled.

const core = require('#core');
const state = require('./state.js');
const { make_context } = require('./context.js');
const { describe } = require('./errors.js');
const { answer_and_leave } = require('./finish.js');
const { serialise } = require('./result.js');

// args::Instant
const kHandler = 8;
const kHandled = 9;

class Call {
  // `handler` is what handler.js found. `finished` is called after the answer with what
  // was thrown, if anything, by training calls and in processes that stay.
  constructor(handler, finished) {
    this.handler = handler;
    this.finished = finished;
    this.settled = false;
    this.waits = false;  // for a promise of the handler's
    // Handed to user code, so bound.
    this.succeed = (value) => this.succeed_(value);
    this.fail = (thrown) => this.fail_(thrown);
    this.callback = (thrown, value) => {
      if (thrown !== null && thrown !== undefined) this.fail_(thrown);
      else this.succeed_(value);
    };
  }

  succeed_(value) {
    if (this.settled) return;
    this.settled = true;
    core.mark(kHandled);
    let text;
    try {
      text = serialise(value);
    } catch (error) {
      this.answer_error_(error);
      return;
    }
    if (!core.answer(false, text)) {
      this.answer_error_(too_large('result', text));
      return;
    }
    core.done();
    this.finished(null);
  }

  fail_(thrown) {
    if (this.settled) return;
    this.settled = true;
    core.mark(kHandled);
    this.answer_error_(thrown);
  }

  answer_error_(thrown) {
    const text = JSON.stringify(describe(thrown));
    if (!core.answer(true, text)) {
      core.answer(true, JSON.stringify(describe(too_large('error', text))));
    }
    core.done();
    this.finished({ thrown });
  }
}

function too_large(what, text) {
  const error = new Error(`the ${what} is ${Buffer.byteLength(text)} bytes of JSON; at most 64 MB ` +
                          'are allowed: store it elsewhere and return where it is');
  error.name = 'Runtime.ResultTooLarge';
  return error;
}

function parse(text) {
  if (text.length === 0) return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    const wrong = new Error(`the arguments are not JSON: ${error.message}`);
    wrong.name = 'Runtime.BadArguments';
    throw wrong;
  }
}

const is_thenable = (value) => value !== null && value !== undefined &&
    typeof value.then === 'function';

// Calls the handler with the arguments taken last, whose JSON is `text`.
function invoke(handler, text, finished) {
  const call = new Call(handler, finished);
  state.call = call;
  let value;
  try {
    state.event = parse(text);
    state.context = make_context();
    core.mark(kHandler);
    value = handler.http ? handler.http.serve(call)
                         : handler.fn.call(handler.receiver, state.event, state.context, call.callback);
  } catch (error) {
    call.fail(error);
    return;
  }
  if (is_thenable(value)) {
    call.waits = true;
    value.then(call.succeed, call.fail);
  } else if (!handler.wants_callback) {
    call.succeed(value);
  }
}

// After a restore in the middle of a call: from here on it is the invocation's. An error
// ends the process, as the code around the snapshot point must not go on.
function continue_call(text) {
  try {
    const { http } = state.call.handler;
    state.event = parse(text);
    state.context = make_context();
    if (http && (state.http = http.open(state.call.succeed)) === null) core.exitNow(0);
    core.mark(kHandler);
  } catch (error) {
    answer_and_leave(error);
  }
}

// What every invocation goes through, to be compiled before the capture: machine code
// touches less memory than bytecode and its feedback.
const serving_path = [invoke, parse, make_context, serialise, Call.prototype.succeed_];

module.exports = { continue_call, invoke, parse, serving_path };
