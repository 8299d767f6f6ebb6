# Two points.
from fwrun import snapshot_here


@snapshot_here
def handler(event, context):
    snapshot_here()
    return event
