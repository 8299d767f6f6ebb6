# Products of matrices, large enough for a BLAS to divide them among its threads. With
# $BLAS the library of that name serves numpy, which is linked with libblas.so.3.
import ctypes
import os

if 'BLAS' in os.environ:
    ctypes.CDLL(os.environ['BLAS'], ctypes.RTLD_GLOBAL)

import numpy

SIZE = 512
left = numpy.arange(SIZE * SIZE, dtype=numpy.float64).reshape(SIZE, SIZE) % 7
right = left.T % 5
expected = numpy.einsum('ij,jk->ik', left, right)
warmup = [{}]


with open('/proc/self/maps') as maps:
    libraries = sorted({line.split()[-1] for line in maps if 'blas' in line.rpartition('/')[2]})


def handler(event, context):
    # Before anything else: the first that a restored process does.
    product = left @ right
    answer = {'right': bool((product == expected).all()), 'trace': int(numpy.trace(product))}
    if 'tell' in event:
        answer.update(libraries=libraries, threads=len(os.listdir('/proc/self/task')))
    return answer
