# An event loop of the user's own, running in a thread of its own from the import on.
import asyncio
import threading

loop = asyncio.new_event_loop()
thread = threading.Thread(target=loop.run_forever, daemon=True)
thread.start()
warmup = [{'n': 3}]


async def work(n):
    await asyncio.sleep(0.001)
    return n * n, threading.current_thread() is thread


def handler(event, context):
    return asyncio.run_coroutine_threadsafe(work(event['n']), loop).result(20)
