# Failures of an async handler.
import asyncio

warmup = [{}]


async def inner():
    await asyncio.sleep(0)
    raise LookupError('awaited')


async def handler(event, context):
    way = event.get('way')
    if way == 'raises':
        await inner()
    if way == 'task':
        await asyncio.gather(inner(), asyncio.sleep(10))
    if way == 'cancelled':
        asyncio.current_task().cancel()
        await asyncio.sleep(0)
    if way == 'never':
        await asyncio.get_running_loop().create_future()
    if way == 'stops':
        asyncio.get_running_loop().stop()
        await asyncio.sleep(1)
    if way == 'exits':
        raise SystemExit(2)
    return 'fine'
