# A handler that is no coroutine but runs its own event loop.
import asyncio

warmup = [{'n': 1}]


async def work(n):
    await asyncio.sleep(0)
    return await asyncio.to_thread(pow, n, 2)


def handler(event, context):
    return asyncio.run(work(event['n']))
