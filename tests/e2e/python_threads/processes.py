# Children made by the handler.
import concurrent.futures
import multiprocessing
import os
import subprocess
import sys

warmup = [{'way': 'none'}]


def work(number):
    return number * number, os.getpid(), os.getppid()


def run_fork(event):
    with multiprocessing.get_context('fork').Pool(2) as pool:
        return pool.map(work, range(3))


def run_spawn(event):
    with multiprocessing.get_context('spawn').Pool(1) as pool:
        return pool.map(abs, (-1, -2))


def run_forkserver(event):
    with multiprocessing.get_context('forkserver').Pool(1) as pool:
        return pool.map(abs, (-1, -2))


def run_executor(event):
    context = multiprocessing.get_context('fork')
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=context) as pool:
        return list(pool.map(abs, (-1, -2, -3)))


def run_process(event):
    queue = multiprocessing.SimpleQueue()
    child = multiprocessing.Process(target=lambda: queue.put(os.getpid()))
    child.start()
    pid = queue.get()
    child.join()
    return [pid == child.pid, child.exitcode]


def run_subprocess(event):
    done = subprocess.run([sys.executable, '-c', 'import sys; print(sys.version_info[:2])'],
                          capture_output=True, text=True)
    return [done.stdout.strip(), done.returncode, done.stderr]


def run_fork_exit(event):
    pid = os.fork()
    if pid == 0:
        os._exit(7)
    ended, status = os.waitpid(pid, 0)
    return [ended == pid, os.waitstatus_to_exitcode(status)]


def handler(event, context):
    function = globals().get('run_' + event['way'])
    return function(event) if function else None
