'use strict';

// Calls the handler with the training events until its code is optimised and its
// times are steady, and leaves no garbage behind.

const core = require('#core');
const embedder = require('#embedder');
const job = require('#job');
const { InstallError, show_place } = require('./errors.js');
const { explain, fail_install } = require('./finish.js');
const { Jit } = require('./jit.js');
const report = require('./report.js');
const { serve_training } = require('./serve.js');
const state = require('./state.js');
const { warm_up } = require('./warm.js');

// Rounds over all events. Fewer when calls are slow: each phase has a share of the
// time, and makes at least one round.
const kFeedbackRounds = 30;
const kSettleRounds = 12;
const kSteadyRounds = 40;
const kLongestPhaseMs = 2000;

// The values of a training call are kept if they are not larger: object shapes that
// optimised code knows live as long as objects that have them.
const kMostKeptBytes = 1 << 20;

const now_us = () => Number(process.hrtime.bigint()) / 1000;

function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted.length === 0 ? 0 : sorted[sorted.length >> 1];
}

class Training {
  // `events`: JSON texts, at least one.
  constructor(handler, events) {
    this.handler_ = handler;
    this.events_ = events;
    this.kept_ = [];
    this.rounds_ = 0;
    this.jit_ = new Jit();
    // The event that is being answered, for messages.
    this.current_ = 0;
    this.probe_ = { event: events[0], result: '', stable: true };
  }

  // What the report says of the training.
  async run() {
    const first = await this.call_(0);
    await this.round_(1);
    await this.rounds_for_(1);
    this.jit_.discover();
    await this.rounds_for_(kFeedbackRounds);

    this.jit_.begin_reaching();
    await this.round_();
    this.jit_.end_reaching();
    do {
      await this.rounds_for_(kSettleRounds);
    } while (this.jit_.optimise() > 0);

    const times = await this.rounds_for_(kSteadyRounds);
    this.jit_.unwatched(() => warm_up(this.handler_));
    collect_garbage();
    // The collection may have cost some of the code.
    do {
      await this.rounds_for_(1);
    } while (this.jit_.optimise() > 0);
    const steady = median(times);
    const functions = this.jit_.report(this.handler_.fn, first, steady);
    // What requests bring is text whatever callers send.
    const event_types_matter = this.handler_.http === null;
    if (event_types_matter && functions.some(({ optimised }) => optimised)) this.warn_of_types_();
    return {
      signature: this.handler_.http ? 'http' : 'event',
      functions,
      training: {
        events: this.events_.length,
        rounds: this.rounds_,
        first_call_us: Math.round(first),
        steady_call_us: Math.round(steady),
        probe: this.probe_,
      },
    };
  }

  describe_current() { return `training event ${this.current_}`; }

  // Up to `most` rounds, the time permitting. The times of the calls of event 0.
  async rounds_for_(most) {
    const started = now_us();
    const share = Math.min(kLongestPhaseMs, job.training_timeout_ms / 10) * 1000;
    const times = [];
    do {
      times.push(await this.round_());
    } while (times.length < most && now_us() - started < share);
    return times;
  }

  // One call for each event, from `from` on. The time of event 0.
  async round_(from = 0) {
    this.rounds_++;
    let first = 0;
    for (let i = from; i < this.events_.length; i++) {
      const time = await this.call_(i);
      if (i === 0) first = time;
    }
    return first;
  }

  async call_(index) {
    this.current_ = index;
    const text = this.events_[index];
    const started = now_us();
    const { failure, ended } = await new Promise((resolve) => {
      serve_training(this.handler_, text,
                     (failed) => resolve({ failure: failed, ended: now_us() }));
    });
    const { answer, log } = core.trained();
    if (failure) this.fail_(failure.thrown, log);
    if (text.length + answer.length <= kMostKeptBytes) {
      this.kept_[index] = [state.event, state.context, state.call, state.http];
    }
    if (index === 0) this.note_probe_(answer);
    // Timers, I/O and what the call left to be done get their turn.
    await new Promise(setImmediate);
    this.jit_.observe();
    return ended - started;
  }

  note_probe_(answer) {
    if (this.probe_.result !== '' && this.probe_.result !== answer) this.probe_.stable = false;
    this.probe_.result = answer;
  }

  // Only where there is code that another type would throw away.
  warn_of_types_() {
    for (const text of core.typeWarnings(`[${this.events_.join(',')}]`)) report.warn(text);
  }

  fail_(thrown, log) {
    const type = thrown?.name?.startsWith?.('Runtime.') ? thrown.name.replace('Runtime', 'Training')
                                                        : 'Training.Exception';
    fail_install(explain(type, `the handler failed on ${this.describe_current()}`, thrown, log));
  }
}

// Twice: what the first one finalises, the second one frees.
function collect_garbage() {
  embedder.collectGarbage();
  embedder.collectGarbage();
}

// The training that is under way, for exits and timeouts.
let under_way = null;

// Trains within the job's time limit. Failures end the install.
async function train(handler, events) {
  const limit = job.training_timeout_ms;
  under_way = new Training(handler, events);
  state.phase = 'training';
  const alarm = setTimeout(() => fail_install(timeout_error(limit)), limit);
  alarm.unref();
  // For a handler that keeps the thread busy, so that timers do not run.
  embedder.watch(limit + 500, 'Training.Timeout', 'training');
  const result = await under_way.run();
  clearTimeout(alarm);
  embedder.rest();
  return result;
}

function timeout_error(limit) {
  const { file, line, column } = embedder.placeOf(under_way.handler_.fn);
  const at = { file: file.replace(/^file:\/\//, ''), line, column };
  return new InstallError(
      'Training.Timeout',
      `training took more than ${limit} ms; it is waiting for the handler at ${show_place(at)} to ` +
          `answer ${under_way.describe_current()}`,
      { at });
}

// Nothing is left that could let the handler go on.
function never_settles() {
  const { file, line, column } = embedder.placeOf(under_way.handler_.fn);
  const at = { file: file.replace(/^file:\/\//, ''), line, column };
  const { http, wants_callback } = under_way.handler_;
  const how = http ? 'never ends its response'
      : wants_callback ? 'never calls its callback' : 'returns a promise that never settles';
  fail_install(new InstallError(
      'Training.NeverSettles',
      `the handler at ${show_place(at)} ${how}: nothing is left to wait for on ` +
          under_way.describe_current(),
      { at }));
}

module.exports = { never_settles, train };
