# Says how much memory of its own its process has after calls of compiled code.
import gc
import os
import resource

import numba
import numpy


@numba.njit
def estimate(points, seed):
    inside = 0
    state = numpy.uint64(seed)
    for _ in range(points):
        state = state * numpy.uint64(6364136223846793005) + numpy.uint64(1442695040888963407)
        x = (state >> numpy.uint64(40)) / 16777216.0
        state = state * numpy.uint64(6364136223846793005) + numpy.uint64(1442695040888963407)
        y = (state >> numpy.uint64(40)) / 16777216.0
        inside += x * x + y * y < 1.0
    return 4.0 * inside / points


warmup = [{'calls': 1, 'points': 1000}]


def kilobytes():
    rollup = os.open('/proc/self/smaps_rollup', os.O_RDONLY)
    text = os.read(rollup, 4096).decode()
    os.close(rollup)
    lines = (line.split() for line in text.splitlines()[1:])
    return {words[0][:-1]: int(words[1]) for words in lines}


def handler(event, context):
    for call in range(event['calls']):
        value = estimate(event['points'], call)
    answer = {'near': abs(value - 3.14159) < 0.2}
    if 'collect' in event:
        answer['collected'] = gc.collect()
    if 'tell' in event:
        answer['kb'] = kilobytes()
        usage = resource.getrusage(resource.RUSAGE_SELF)
        answer['faults'] = usage.ru_minflt + usage.ru_majflt
    if 'collect' in event:
        answer['frozen'] = gc.get_freeze_count()  # which reads all of them
    return answer
