# What an async handler may do; the training does all of it.
import asyncio
import contextvars
import threading
import time
from concurrent.futures import ThreadPoolExecutor

variable = contextvars.ContextVar('variable', default='unset')
ready = asyncio.Lock()
count = 0


async def sleep(event):
    began = time.monotonic()
    await asyncio.sleep(0.02)
    return time.monotonic() - began >= 0.02


async def gather(event):
    async def one(n):
        await asyncio.sleep(0.001 * (5 - n))
        return n * n
    return await asyncio.gather(*(one(n) for n in range(5)))


async def thread(event):
    return await asyncio.to_thread(lambda: threading.current_thread() is threading.main_thread())


async def executor(event):
    loop = asyncio.get_running_loop()
    with ThreadPoolExecutor(2) as pool:
        return sum(await asyncio.gather(*(loop.run_in_executor(pool, pow, n, 2) for n in range(4))))


async def tcp(event):
    async def serve(reader, writer):
        writer.write((await reader.readline()).upper())
        await writer.drain()
        writer.close()
    server = await asyncio.start_server(serve, '127.0.0.1', 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(b'over the loopback\n')
        await writer.drain()
        line = await reader.readline()
        writer.close()
        await writer.wait_closed()
    return line.decode().strip()


async def process(event):
    child = await asyncio.create_subprocess_exec('/bin/echo', 'child',
                                                 stdout=asyncio.subprocess.PIPE)
    out, _ = await child.communicate()
    return [out.decode().strip(), child.returncode]


async def timeout(event):
    try:
        await asyncio.wait_for(asyncio.sleep(60), 0.01)
    except asyncio.TimeoutError:
        return 'timed out'


async def queue(event):
    items = asyncio.Queue(2)

    async def produce():
        for n in range(5):
            await items.put(n)
    producer = asyncio.create_task(produce())
    got = [await items.get() for _ in range(5)]
    await producer
    return got


async def lock(event):
    async with ready:
        return 'locked'


async def context(event):
    was = variable.get()
    variable.set('set by a call')
    return was


async def threadsafe(event):
    loop = asyncio.get_running_loop()
    done = loop.create_future()
    threading.Thread(target=lambda: loop.call_soon_threadsafe(done.set_result, 'woken')).start()
    return await done


async def left_task(event):
    global count
    asyncio.create_task(asyncio.sleep(60))
    count += 1
    return count


WAYS = (sleep, gather, thread, executor, tcp, process, timeout, queue, lock, context, threadsafe)
warmup = [{'way': way.__name__} for way in WAYS]


async def handler(event, context):
    return await globals()[event['way']](event)
