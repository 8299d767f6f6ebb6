# Tells what the context says.
import time

FIELDS = ('aws_request_id', 'function_name', 'function_version', 'invoked_function_arn',
          'log_group_name', 'log_stream_name', 'memory_limit_in_mb', 'client_context')
warmup = [{}]


def handler(event, context):
    first = context.get_remaining_time_in_millis()
    time.sleep(0.005)
    second = context.get_remaining_time_in_millis()
    context.log('from context.log')
    context.log(b'bytes\n')
    return {**{name: getattr(context, name) for name in FIELDS},
            'identity': [context.identity.cognito_identity_id,
                         context.identity.cognito_identity_pool_id],
            'first': first, 'second': second, 'whole': isinstance(first, int)}
