# The hook fails while the handler, which catches everything, is captured.
from fwrun import before_snapshot, snapshot_here

warmup = [{}]


@before_snapshot
def flush():
    raise OSError('not today')


def handler(event, context):
    try:
        snapshot_here()
    finally:
        return 'caught'
