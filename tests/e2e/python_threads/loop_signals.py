# Signals that an event loop handles, in one that is made by asyncio.run() and in that of
# the handler.
import asyncio
import os
import signal

warmup = [{}]


async def heard():
    loop = asyncio.get_running_loop()
    got = loop.create_future()
    loop.add_signal_handler(signal.SIGUSR1, got.set_result, 'SIGUSR1')
    os.kill(os.getpid(), signal.SIGUSR1)
    try:
        return await asyncio.wait_for(got, 20)
    finally:
        loop.remove_signal_handler(signal.SIGUSR1)


at_import = asyncio.run(heard())


async def handler(event, context):
    return [at_import, await heard()]
