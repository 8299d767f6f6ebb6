# Tasks and a timer of the event loop, started by one call and used by the next.
import asyncio

ticks = 0
inbox = outbox = task = None


async def tick():
    global ticks
    while True:
        await asyncio.sleep(0.001)
        ticks += 1


async def echo():
    while True:
        await outbox.put((await inbox.get()).upper())


async def begin():
    global inbox, outbox, task
    inbox, outbox = asyncio.Queue(), asyncio.Queue()
    task = [asyncio.create_task(tick()), asyncio.create_task(echo())]


warmup = [{'text': 'one'}, {'text': 'two'}]


async def handler(event, context):
    if task is None:
        await begin()
    before = ticks
    await inbox.put(event['text'])
    text = await asyncio.wait_for(outbox.get(), 20)
    while ticks < before + 3:
        await asyncio.sleep(0.001)
    return {'text': text, 'alive': [not one.done() for one in task], 'ticked': ticks > before}
