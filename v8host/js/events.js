'use strict';

// The training events as JSON texts: those given at the install, else what the
// module exports as `warmup` (an array, or a function that returns one), else one
// empty object, which for HTTP functions means GET /. Theirs are completed.

const job = require('#job');
const report = require('./report.js');
const { InstallError } = require('./errors.js');
const { explain } = require('./finish.js');

async function training_events(exported, { http }) {
  const form = http ? http.complete : as_it_is;
  if (job.training_events !== '') {
    return to_texts(parse(job.training_events), 'the training events', form);
  }
  const warmup = exported?.warmup ?? exported?.default?.warmup;
  if (warmup === undefined || warmup === null) {
    const given = http ? 'the request GET /' : '{}';
    report.warn(`no training events were given, so the function was trained with ${given}: the ` +
                'first call with an event of another shape throws optimised code away and is ' +
                'slower; give --train FILE, or export `warmup`');
    return to_texts([{}], 'the events', form);
  }
  let events = warmup;
  if (typeof warmup === 'function') {
    try {
      events = await warmup();
    } catch (thrown) {
      throw explain('Training.BadEvents', 'the exported warmup() failed', thrown);
    }
  }
  return to_texts(events, 'the exported warmup', form);
}

const as_it_is = (event) => event;

function parse(text) {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InstallError('Training.BadEvents', `the training events are not JSON: ${error.message}`);
  }
}

// `form` gives each event the form that invocations will have.
function to_texts(events, what, form) {
  if (!Array.isArray(events)) {
    throw new InstallError('Training.BadEvents', `${what} must be an array of events`);
  }
  if (events.length === 0) {
    throw new InstallError('Training.BadEvents', `${what} must hold at least one event`);
  }
  return events.map((event, index) => {
    let formed;
    try {
      formed = form(event);
    } catch (error) {
      throw explain('Training.BadEvents', `event ${index} of ${what} cannot be used`, error);
    }
    let text;
    try {
      text = JSON.stringify(formed);
    } catch (error) {
      throw explain('Training.BadEvents', `event ${index} of ${what} is not JSON`, error);
    }
    if (text === undefined) {
      throw new InstallError('Training.BadEvents', `event ${index} of ${what} is not JSON`);
    }
    return text;
  });
}

module.exports = { training_events };
