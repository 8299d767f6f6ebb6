# One function in both languages: does what its event says.
JAVASCRIPT = '''
exports.handler = async (event, context) => {
  if (event.print) console.log(event.print);
  if (event.fail) throw new TypeError(event.fail);
  if (event.sleep) await new Promise((resolve) => setTimeout(resolve, event.sleep));
  if (event.exit) process.exit(event.exit);
  if (event.big) return 'x'.repeat(event.big);
  if (event.count) return event.count.length;
  return { event, id: context.awsRequestId, client: context.clientContext ?? null,
           traceparent: context.traceparent ?? null, tracestate: context.tracestate ?? null,
           trace_id: process.env._X_AMZN_TRACE_ID ?? null };
};
'''

PYTHON = '''
import os
import time


def handler(event, context):
    if 'print' in event:
        print(event['print'])
    if 'fail' in event:
        raise TypeError(event['fail'])
    if 'sleep' in event:
        time.sleep(event['sleep'] / 1000)
    if 'exit' in event:
        os._exit(event['exit'])
    if 'big' in event:
        return 'x' * event['big']
    if 'count' in event:
        return len(event['count'])
    client = context.client_context
    if client is not None:
        client = {'custom': client.custom, 'env': client.env,
                  'client': client.client and client.client.app_title}
    return {'event': event, 'id': context.aws_request_id, 'client': client,
            'traceparent': context.traceparent, 'tracestate': context.tracestate,
            'trace_id': os.environ.get('_X_AMZN_TRACE_ID')}
'''

OPTIONS = ('--timeout', '1')
FUNCTIONS = {'js': ('handler.js', JAVASCRIPT, OPTIONS), 'py': ('handler.py', PYTHON, OPTIONS)}
