# Hooks around a capture in the middle of an async handler: they run within its loop.
from fwrun import after_restore, before_snapshot, snapshot_here

log = []
before_snapshot(log.append, 'before')
after_restore(log.append, 'after')


@after_restore
async def coroutine():
    log.append('async after')


@before_snapshot
async def early():
    log.append('async before')


async def handler(event, context):
    snapshot_here()
    return log
