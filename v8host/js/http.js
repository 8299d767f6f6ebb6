'use strict';

// HTTP functions: handlers of (req, res) instead of (event, context). An event in the
// payload format 2.0 becomes a request, the response becomes the result.
//
// Loaded for such functions only: node's http costs memory in every process.

const state = require('./state.js');
const { complete } = require('./http_event.js');
const { BadBody, Request } = require('./http_request.js');
const { Response } = require('./http_response.js');

const kBadRequest = 400;

// The handler's parameters for state.event; `answer` takes the result. Null when there
// is nothing to ask the handler for: it has been answered.
function open(answer) {
  let request;
  try {
    request = new Request(complete(state.event));
  } catch (error) {
    if (!(error instanceof BadBody)) throw error;
    answer({
      statusCode: kBadRequest,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      cookies: [],
      body: error.message,
      isBase64Encoded: false,
    });
    return null;
  }
  const response = new Response(request, answer);
  request.res = response;
  return [request, response];
}

// Nothing can end the response any more.
function not_ended() {
  const error = new Error('the handler never ended its response: every way through it must come to ' +
                          'res.end(), res.send() or the like');
  error.name = 'Runtime.ResponseNotEnded';
  return error;
}

// Calls the handler for state.event, on behalf of `call`.
function serve(call) {
  state.http = open(call.succeed);
  if (state.http === null) return;
  const [request, response] = state.http;
  const { fn, receiver } = call.handler;
  // Whoever asked has been answered when a response has ended.
  const fail = (thrown) => response.writableEnded ? console.error(thrown) : call.fail(thrown);
  try {
    const value = fn.call(receiver, request, response);
    if (typeof value?.then === 'function') value.then(undefined, fail);
  } catch (thrown) {
    fail(thrown);
  }
}

module.exports = { complete, not_ended, open, serve };
