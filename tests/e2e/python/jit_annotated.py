# One function of the user's for Numba, and how often Numba compiled in a call; it notes a
# beginning and an end of each time.
from numba import njit
from numba.core import event

compilations = event.RecordingListener()
event.register('numba:compile', compilations)


@njit
def total(n, x):
    result = x
    for i in range(n):
        result += i % 3
    return result


def handler(given, context):
    before = len(compilations.buffer)
    value = total(given['n'], given['x'])
    return {'value': value, 'compiled': (len(compilations.buffer) - before) // 2}


warmup = [{'n': 100, 'x': 1}, {'n': 7, 'x': 2}]
