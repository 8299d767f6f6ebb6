# What follows the point fails as the event says.
from fwrun import snapshot_here

warmup = [{}]


def handler(event, context):
    return event


way = snapshot_here().get('way')
if way == 'raises':
    raise ValueError('after the restore')
if way == 'exits':
    raise SystemExit(3)
if way == 'forgets':
    del handler
