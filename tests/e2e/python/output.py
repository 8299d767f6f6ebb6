# Every way to write, in an order that must be kept.
import ctypes
import logging
import os
import subprocess
import sys
import threading

print('printed while loading')
libc = ctypes.CDLL(None)


def prints(event):
    print('one', 1)
    print('two', file=sys.stderr)
    sys.stdout.write('three')
    sys.stdout.write(' and a half\n')
    sys.stdout.buffer.write('vi\u00e8r\n'.encode())
    print('fünf \U0001f600', end='')
    print()
    sys.__stderr__.write('six\n')


def logs(event):
    logging.getLogger('app').warning('warned %d', 1)
    logging.getLogger().error('failed')
    logging.warning('by the module')
    logging.getLogger('app').info('not shown')


def descriptors(event):
    os.write(1, b'os.write 1\n')
    os.write(2, b'os.write 2\n')


def native(event):
    libc.puts(b'puts')
    libc.printf(b'printf %d\n', ctypes.c_int(7))


def child(event):
    subprocess.run(['/bin/sh', '-c', 'echo child; echo bad >&2'], check=True)
    piped = subprocess.run(['/bin/echo', 'piped'], capture_output=True, text=True, check=True)
    print('got', piped.stdout, end='')


def threads(event):
    def write(n):
        print(f'thread {n}')
    for n in range(4):
        thread = threading.Thread(target=write, args=(n,))
        thread.start()
        thread.join()


def surrogate(event):
    print('lone \udc80')


def flood(event):
    for _ in range(10000):
        print('x' * 100)


def no_newline(event):
    sys.stdout.write('no newline')
    libc.printf(b'nor here')


def closed(event):
    sys.stdout.close()
    print('still there')
    sys.stdout = open(os.devnull, 'w')
    print('not shown')


def own(event):
    print(event['text'])


WAYS = (prints, logs, descriptors, native, child, threads, surrogate, no_newline)
warmup = [{'way': way.__name__} for way in WAYS]


def handler(event, context):
    globals()[event['way']](event)
    return 'done'
