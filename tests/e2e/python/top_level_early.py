# The point at the top level, before the handler is defined.
from fwrun import snapshot_here

table = [n * n for n in range(100)]
snapshot_here()


def handler(event, context):
    return table[event['n']]
