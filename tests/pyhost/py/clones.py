# Clones of the test process, as restored processes are clones of an image: forked by the
# bare system call, so that no hook of anybody's runs, and with the same process id as far
# as Python can see.

import ctypes
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
SYS_FORK = 57

libc = ctypes.PyDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long


def pretend_pid():
    os.getpid = lambda: 1


def clones(count, sample, renew):
    """What sample() gives, by way of JSON, in each of that many clones."""
    return [clone(sample, renew) for _ in range(count)]


def clone(sample, renew):
    reader, writer = os.pipe()
    child = libc.syscall(SYS_FORK)
    if child == 0:
        answer_and_leave(writer, sample, renew)
    os.close(writer)
    with os.fdopen(reader, 'rb') as answer:
        text = answer.read()
    _, status = os.waitpid(child, 0)
    if status != 0 or not text:
        raise RuntimeError(f'a clone failed: status {status}')
    return json.loads(text)


def answer_and_leave(writer, sample, renew):
    try:
        renew()
        with os.fdopen(writer, 'w') as answer:
            json.dump(sample(), answer)
        os._exit(0)
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        os._exit(1)


def plain_python(code):
    """What that code leaves in `answer` in a Python without the host."""
    code += '\nimport json\nprint(json.dumps(answer))'
    done = subprocess.run(['/usr/bin/python3.11', '-I', '-c', code], capture_output=True, text=True,
                          check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


class Core:
    """What the uniqueness modules need of the host's C module: its own code, compiled into the
    given folder."""

    def __init__(self, folder):
        self.kernel_entropy_calls = 0
        self.watched = 0
        library = os.path.join(folder, 'core.so')
        subprocess.run(['g++', '-std=c++20', '-O2', '-shared', '-fPIC', f'-I{ROOT}', '-o', library,
                        f'{ROOT}/pyhost/core/numba_seed.cc', f'{ROOT}/pyhost/core/refill.cc'],
                       check=True)
        self.library = ctypes.CDLL(library)
        self.library.fw_numba_seed_watch.restype = ctypes.c_size_t
        self.library.fw_numba_seed_watch.argtypes = [ctypes.c_size_t]
        self.library.fw_numba_seeded.argtypes = [ctypes.c_size_t]
        self.library.fw_refill.argtypes = [ctypes.c_char_p, ctypes.c_size_t]

    def refill(self, regions):
        error = self.library.fw_refill(regions, len(regions) // 16)
        if error:
            raise OSError(error, os.strerror(error))

    def use_kernel_entropy(self):
        self.kernel_entropy_calls += 1

    def numba_seed_watch(self, address):
        self.watched += 1
        return self.library.fw_numba_seed_watch(address)

    def numba_seeded(self, address):
        return bool(self.library.fw_numba_seeded(address))
