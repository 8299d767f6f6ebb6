# The point on an async handler.
import asyncio

from fwrun import snapshot_here

warmup = [{'n': 1}]


@snapshot_here
async def handler(event, context):
    await asyncio.sleep(0.001)
    return [event['n'], context.aws_request_id]
