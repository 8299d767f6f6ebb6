# The point as a value, in a function that the handler calls.
from fwrun import snapshot_here

warmup = [{'n': 3}]


def prepare():
    table = {n: str(n) for n in range(100)}
    event = snapshot_here()
    return table, event


def handler(event, context):
    table, now = prepare()
    return [table[now['n']], now]
