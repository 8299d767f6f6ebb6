# Asynchronous hooks around a capture in a coroutine that a loop of the user's runs.
import asyncio

from fwrun import after_restore, before_snapshot, snapshot_here

warmup = [{'n': 1}]
log = []


@before_snapshot
async def before():
    log.append('before')


@after_restore
async def after():
    await asyncio.sleep(0)
    log.append('after')


async def work():
    await asyncio.sleep(0)
    event = snapshot_here()
    await asyncio.sleep(0.001)
    return [event['n'], log]


def handler(event, context):
    return asyncio.run(work())
