# The point on an async handler, below a decorator that awaits before it.
import asyncio
import functools

from fwrun import snapshot_here

warmup = [{'n': 1}]


def awaited(function):
    @functools.wraps(function)
    async def wrapper(event, context):
        await asyncio.sleep(0)
        return ['wrapped', await function(event, context)]
    return wrapper


@awaited
@snapshot_here
async def handler(event, context):
    await asyncio.sleep(0.001)
    return [event['n'], context.aws_request_id]
