# The point at the top level: what follows it runs in each restored process.
import os
import time

from fwrun import snapshot_here

before = time.monotonic_ns()


def handler(event, context):
    return {'before': before, 'after': after, 'event': event, 'seen': seen,
            'variable': os.environ.get('GREETING')}


warmup = [{'n': 1}]
after = None
seen = None
event = snapshot_here()
after = time.monotonic_ns()
seen = event
