# The standard library in a restored process: what was made before the capture goes on,
# and new things can be made. Every part answers True.
import concurrent.futures
import contextvars
import dataclasses
import datetime
import enum
import gc
import http.server
import inspect
import io
import mmap
import multiprocessing
import os
import pickle
import queue
import select
import signal
import socket
import sqlite3
import ssl
import subprocess
import sys
import threading
import time
import unittest.mock
import urllib.request
import zipfile
import zoneinfo

database = sqlite3.connect(':memory:')
database.execute('create table numbers (n)')
database.executemany('insert into numbers values (?)', [(1,), (2,)])
source = open(__file__, encoding='utf-8')
first_line = source.readline()
memory = mmap.mmap(-1, 8192)
memory[:5] = b'hello'
with open(__file__, 'rb') as file:
    mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
pipe = os.pipe()
poller = select.epoll()
waiting = queue.Queue()
tls = ssl.create_default_context()
variable = contextvars.ContextVar('variable')
variable.set('set while loading')
arrived = []
signal.signal(signal.SIGUSR1, lambda number, frame: arrived.append(number))
signal.signal(signal.SIGALRM, lambda number, frame: arrived.append(number))


@dataclasses.dataclass
class Point:
    x: int
    y: int = 2


class Color(enum.Enum):
    RED = 1


def square(n):
    return n * n


def databases():
    return database.execute('select sum(n) from numbers').fetchone() == (3,)


def files():
    source.seek(0)
    return source.readline() == first_line and mapped[:1] == b'#'


def anonymous_memory():
    return memory[:5] == b'hello'


def pipes():
    os.write(pipe[1], b'x')
    return os.read(pipe[0], 1) == b'x'


def epolls():
    poller.register(pipe[0], select.EPOLLIN)
    os.write(pipe[1], b'x')
    found = poller.poll(1)
    os.read(pipe[0], 1)
    poller.unregister(pipe[0])
    return found == [(pipe[0], select.EPOLLIN)]


def signals():
    arrived.clear()
    os.kill(os.getpid(), signal.SIGUSR1)
    signal.setitimer(signal.ITIMER_REAL, 0.001)
    while len(arrived) < 2:
        signal.pause()
    return sorted(arrived) == [signal.SIGUSR1, signal.SIGALRM]


def queues():
    waiting.put('a')
    threading.Thread(target=waiting.put, args=('b',)).start()
    return [waiting.get(), waiting.get()] == ['a', 'b']


def context_variables():
    return variable.get() == 'set while loading'


def contexts_of_tls():
    return tls.check_hostname


def pickles():
    return pickle.loads(pickle.dumps([Point(1), Color.RED])) == [Point(1), Color.RED]


def sources():
    return inspect.getsource(square) == 'def square(n):\n    return n * n\n'


def forks():
    child = os.fork()
    if child == 0:
        os._exit(7)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


def pools_of_processes():
    with multiprocessing.get_context('fork').Pool(2) as pool:
        return pool.map(square, [1, 2, 3]) == [1, 4, 9]


def pools_of_threads():
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        return list(pool.map(square, [1, 2])) == [1, 4]


def children():
    told = subprocess.check_output([sys.executable, '-c', 'print(6 * 7)'], text=True)
    return told == '42\n'


def http_by_loopback():
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'served')

        def log_message(self, *args):
            pass

    with http.server.HTTPServer(('127.0.0.1', 0), Handler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        with urllib.request.urlopen(f'http://127.0.0.1:{server.server_port}/') as answer:
            body = answer.read()
        thread.join()
    return body == b'served'


def time_outs():
    with socket.create_server(('127.0.0.1', 0)) as server:
        server.settimeout(0.001)
        try:
            server.accept()
        except TimeoutError:
            return True


def timers():
    came = threading.Event()
    threading.Timer(0.001, came.set).start()
    return came.wait()


def clocks():
    return abs(time.time() - datetime.datetime.now().timestamp()) < 1


def time_zones():
    berlin = zoneinfo.ZoneInfo('Europe/Berlin')
    return datetime.datetime(2024, 7, 1, tzinfo=berlin).utcoffset().seconds == 7200


def archives():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, 'w', zipfile.ZIP_DEFLATED) as writer:
        writer.writestr('name', 'text')
    return zipfile.ZipFile(archive).read('name') == b'text'


def mocks():
    with unittest.mock.patch('time.time', return_value=5):
        return time.time() == 5


def garbage():
    return gc.isenabled() and gc.collect() >= 0


PARTS = (databases, files, anonymous_memory, pipes, epolls, signals, queues, context_variables,
         contexts_of_tls, pickles, sources, forks, pools_of_processes, pools_of_threads, children,
         http_by_loopback, time_outs, timers, clocks, time_zones, archives, mocks, garbage)
warmup = [{}]


def handler(event, context):
    return {part.__name__: part() for part in PARTS}
