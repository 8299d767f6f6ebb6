# The training at the top level fails, and the user's code catches everything.
from fwrun import snapshot_here

warmup = [{}]


def handler(event, context):
    return 1 / 0


try:
    snapshot_here()
except BaseException:
    pass
