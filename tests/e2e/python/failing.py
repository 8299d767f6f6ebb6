# Each way to fail, by name; with any other event it succeeds.
import asyncio
import ctypes
import json
import os
import signal
import sys
import threading
import time

warmup = [{}]


class CustomError(Exception):
    def __init__(self, code):
        super().__init__(f'code {code}')


class Quiet(Exception):
    pass


class Worse(BaseException):
    pass


class Hostile(Exception):
    def __str__(self):
        raise RuntimeError('no text')


def raises():
    raise TypeError('thrown')


def custom():
    raise CustomError(7)


def base():
    raise Worse('not an Exception')


def quiet():
    raise Quiet


def hostile():
    raise Hostile


def chained():
    try:
        {}['missing']
    except KeyError as cause:
        raise ValueError('chained') from cause


def library():
    json.loads('{')


def unicode():
    raise ValueError('häßlich \U0001f600 \udc80')


def deep():
    def down(n):
        return down(n + 1) + 1
    return down(0)


def memory():
    return bytearray(1 << 62)


def thread():
    def work():
        raise ValueError('in a thread')
    worker = threading.Thread(target=work)
    worker.start()
    worker.join()
    return 'the thread is its own affair'


def asynchronous():
    async def inner():
        await asyncio.sleep(0)
        raise LookupError('awaited')
    return asyncio.run(inner())


def group():
    raise ExceptionGroup('two', [ValueError(1), TypeError(2)])


def exits():
    sys.exit(3)


def exits_quietly():
    sys.exit()


def exits_with_text():
    sys.exit('a reason')


def leaves():
    print('about to leave')
    os._exit(5)


def leaves_as_restorer():
    os._exit(121)


def crashes():
    print('about to crash')
    ctypes.string_at(8)


def aborts():
    os.abort()


def kills():
    os.kill(os.getpid(), signal.SIGKILL)
    signal.pause()


def spins():
    while True:
        pass


def sleeps():
    time.sleep(1000)


def interrupts():
    raise KeyboardInterrupt


def nan():
    return {'values': [1.5, float('nan')]}


def infinity():
    return float('-inf')


def a_set():
    return {'names': {'a'}}


def a_class():
    return {'error': CustomError(1)}


def circle():
    a = {'list': [1]}
    a['list'].append(a)
    return a


def bad_key():
    return {(1, 2): 3}


def lone():
    return ['\ud800']


def nested():
    value = []
    for _ in range(100000):
        value = [value]
    return value


def large():
    return 'x' * (65 << 20)


def nothing():
    return None


def handler(event, context):
    return globals()[event['way']]() if 'way' in event else 'fine'
