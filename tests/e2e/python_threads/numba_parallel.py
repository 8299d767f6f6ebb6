# Numba's parallel loops, on the layer that the environment asks for.
import os

import numba
import numpy


@numba.njit(parallel=True)
def add_up(numbers):
    total = 0.0
    for index in numba.prange(numbers.shape[0]):
        total += numbers[index] * 2
    return total


@numba.njit(parallel=True)
def squares(count):
    result = numpy.empty(count, numpy.int64)
    for index in numba.prange(count):
        result[index] = index * index
    return result


warmup = [{'count': 1000}]


def handler(event, context):
    count = event['count']
    answer = {'sum': add_up(numpy.arange(count, dtype=numpy.float64)),
              'squares': int(squares(count).sum()),
              'layer': numba.threading_layer(), 'numba_threads': numba.get_num_threads()}
    if 'tell' in event:
        answer['threads'] = len(os.listdir('/proc/self/task'))
    return answer
