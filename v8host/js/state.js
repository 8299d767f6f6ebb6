'use strict';

// What the parts of the host share about the moment.

module.exports = {
  // 'loading' user code, 'training' it, 'rehearsing' what comes after a restore, 'armed'
  // (the snapshot point captures when it is reached), 'serving' an invocation in a
  // restored process.
  phase: 'loading',

  // The call of the handler that is under way (invoke.js), or null.
  call: null,

  // What that call was given; after a restore, what the invocation was given.
  event: undefined,
  context: undefined,

  // An HTTP function's request and response, made from that event.
  http: null,
};
