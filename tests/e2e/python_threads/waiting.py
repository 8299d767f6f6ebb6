# One thread for each way to wait. Every call wakes them all and hears each of them.
import os
import queue
import select
import threading
import time

answers = queue.Queue()
local = threading.local()
jobs = queue.Queue()
timed_jobs = queue.Queue()
event = threading.Event()
condition = threading.Condition()
turn = 0
semaphore = threading.Semaphore(0)
lock = threading.Lock()
lock.acquire()
barrier = threading.Barrier(2)
pipes = {way: os.pipe() for way in ('read', 'select', 'poll', 'epoll')}
asleep = threading.Event()


def wait_queue():
    jobs.get()


def wait_timed_queue():
    while True:
        try:
            return timed_jobs.get(timeout=0.003)
        except queue.Empty:
            pass


def wait_event():
    event.wait()
    event.clear()


def wait_condition():
    with condition:
        now = turn
        condition.wait_for(lambda: turn != now)


def wait_semaphore():
    semaphore.acquire()


def wait_lock():
    while not lock.acquire(timeout=3600):
        pass


def wait_short_lock():
    while not semaphores['short'].acquire(timeout=0.001):
        pass


def wait_barrier():
    barrier.wait()


def wait_read():
    os.read(pipes['read'][0], 1)


def wait_select():
    reader = pipes['select'][0]
    select.select([reader], [], [])
    os.read(reader, 1)


def wait_poll():
    reader = pipes['poll'][0]
    poll = select.poll()
    poll.register(reader, select.POLLIN)
    poll.poll()
    os.read(reader, 1)


def wait_epoll():
    reader = pipes['epoll'][0]
    epoll.poll()
    os.read(reader, 1)


def wait_sleep():
    while not asleep.is_set():
        time.sleep(0.01)
    asleep.clear()


semaphores = {'short': threading.Semaphore(0)}
epoll = select.epoll()
epoll.register(pipes['epoll'][0], select.EPOLLIN)
WAYS = {name[5:]: function for name, function in list(globals().items())
        if name.startswith('wait_')}


def serve(way):
    local.way = way
    local.rounds = 0
    ident = threading.get_ident()
    while True:
        WAYS[way]()
        local.rounds += 1
        answers.put((way, local.way == way and local.rounds > 0
                     and threading.get_ident() == ident
                     and threading.current_thread() is threads[way]
                     and threading.current_thread().ident == ident))


threads = {way: threading.Thread(target=serve, args=(way,), daemon=True, name=way) for way in WAYS}
for thread in threads.values():
    thread.start()
warmup = [{}, {}]


def wake_all():
    global turn
    jobs.put('job')
    timed_jobs.put('job')
    event.set()
    with condition:
        turn += 1
        condition.notify_all()
    semaphore.release()
    semaphores['short'].release()
    lock.release()
    barrier.wait()
    for _, writer in pipes.values():
        os.write(writer, b'x')
    asleep.set()


def handler(given, context):
    wake_all()
    heard = dict(answers.get(timeout=20) for _ in WAYS)
    return {'wrong': sorted(way for way in WAYS if not heard.get(way)),
            'more': answers.qsize(),
            'alive': sum(thread.is_alive() for thread in threads.values())}
