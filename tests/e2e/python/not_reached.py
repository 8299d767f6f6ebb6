# The training passes the point by.
from fwrun import snapshot_here

warmup = [{'n': 1}]


def handler(event, context):
    if event['n'] > 10:
        snapshot_here()
    return event['n']
