# Captured in the middle of a coroutine, within the running event loop.
import asyncio

from fwrun import snapshot_here

warmup = [{'n': 3}]


async def handler(event, context):
    task = asyncio.create_task(asyncio.sleep(0.001, 'task of before'))
    before = await asyncio.gather(asyncio.sleep(0, 'a'), asyncio.sleep(0, 'b'))
    snapshot_here()
    return [event['n'], before, await task, await asyncio.to_thread(pow, event['n'], 2)]
