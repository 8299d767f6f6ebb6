# Captured in the middle: what came before is kept, the parameters are the invocation's.
import time

from fwrun import snapshot_here

warmup = [{'n': 3}]
prepared = 0


def handler(event, context):
    global prepared
    prepared += 1
    table = [n * n for n in range(1000)]
    before = time.monotonic_ns()
    trained_with = event['n']
    snapshot_here()
    if event.get('fail'):
        raise ValueError(table[event['n']])
    return {'square': table[event['n']], 'before': before, 'trained_with': trained_with,
            'event': event, 'request': context.aws_request_id, 'prepared': prepared,
            'left': context.get_remaining_time_in_millis()}
