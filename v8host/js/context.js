'use strict';

// The handler's second argument, shaped like AWS Lambda's.

const core = require('#core');
const job = require('#job');

const kArn = `arn:aws:lambda:local:000000000000:function:${job.function_name}`;
const kLogGroup = `/aws/lambda/${job.function_name}`;
const kLogStream = `[${job.function_version}]`;
const kMemory = String(job.memory_mb);  // a string, as Lambda has it

// What the requester told of its caller, if it did. Variables of their own: code that was
// optimised for an object of one kind would be thrown away by another.
let client_context;
let traceparent;
let tracestate;

// The environment as it was before, for a process that stays.
let replaced = [];

function read_call_context(text) {
  for (const [name, value] of replaced) set_variable(name, value);
  const told = text === '' ? {} : JSON.parse(text);
  ({ client_context, traceparent, tracestate } = told);
  const variables = Object.entries(told.environment ?? {});
  replaced = variables.map(([name]) => [name, process.env[name]]);
  for (const [name, value] of variables) set_variable(name, value);
}

function set_variable(name, value) {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

core.onCallContext(read_call_context);

function getRemainingTimeInMillis() {
  return core.remainingMs();
}

// For the arguments taken last.
function make_context() {
  return {
    // Accepted and ignored: a process ends with its answer.
    callbackWaitsForEmptyEventLoop: true,
    functionName: job.function_name,
    functionVersion: job.function_version,
    invokedFunctionArn: kArn,
    memoryLimitInMB: kMemory,
    logGroupName: kLogGroup,
    logStreamName: kLogStream,
    awsRequestId: core.requestId(),
    clientContext: client_context,
    traceparent,  // and tracestate: W3C Trace Context's, of the caller
    tracestate,
    getRemainingTimeInMillis,
  };
}

module.exports = { make_context, read_call_context };
