'use strict';

// The handler's second argument, shaped like AWS Lambda's.

const core = require('#core');
const job = require('#job');

const kArn = `arn:aws:lambda:local:000000000000:function:${job.function_name}`;
const kLogGroup = `/aws/lambda/${job.function_name}`;
const kLogStream = `[${job.function_version}]`;
const kMemory = String(job.memory_mb);  // a string, as Lambda has it

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
    getRemainingTimeInMillis,
  };
}

module.exports = { make_context };
