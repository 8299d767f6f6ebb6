# Threads in the middle of compiled loops that hold no lock of the interpreter: all that
# they know is in registers.
import threading
import time

import numba
import numpy

numbers = numpy.arange(1, 4097, dtype=numpy.float64)


@numba.njit(nogil=True, fastmath=True)
def add_up(values, rounds):
    total = 0.0
    for round in range(rounds):
        for index in range(values.shape[0]):
            total += values[index] * (round + 1)
    return total


ROUNDS = 400
# Exact in any order: all sums are integers below 2 ** 53.
RIGHT = float(sum(range(1, 4097)) * (ROUNDS * (ROUNDS + 1) // 2))
done = [0, 0]
wrong = [0, 0]


def compute(index):
    while True:
        if add_up(numbers, ROUNDS) != RIGHT:
            wrong[index] += 1
        done[index] += 1


add_up(numbers, 1)
for index in range(2):
    threading.Thread(target=compute, args=(index,), daemon=True).start()
warmup = [{}]


def handler(event, context):
    before = list(done)
    deadline = time.monotonic() + 20
    # Two more: the one that was cut by the snapshot, and a whole one.
    while any(now < was + 2 for now, was in zip(done, before)) and time.monotonic() < deadline:
        time.sleep(0.0005)
    return {'wrong': wrong, 'went_on': [now >= was + 2 for now, was in zip(done, before)]}
