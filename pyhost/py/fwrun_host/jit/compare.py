# Copies of arguments and results, and whether two results are the same: of the
# same types all the way down, exact but for floats within the user's tolerance.

import math
import struct
import sys

SCALARS = (int, float, bool, complex, str, type(None))


def is_numpy_scalar(value):
    numpy = sys.modules.get('numpy')
    return numpy is not None and isinstance(value, numpy.generic) and (
        type(value).__module__ == 'numpy') and value.dtype.kind in 'biufc'


def is_array(value):
    numpy = sys.modules.get('numpy')
    return numpy is not None and type(value) is numpy.ndarray


# An equal value that shares nothing; TypeError for what has no place here.
def copy_of(value):
    if type(value) in SCALARS or is_numpy_scalar(value):
        return value
    if type(value) in (tuple, list):
        return type(value)(copy_of(one) for one in value)
    if is_array(value) and value.dtype.kind in 'biufc':
        # A strided view must stay one, or it would be of another kind.
        whole = value.copy('K')
        if whole.flags.num & 3 != value.flags.num & 3:
            spread = type(whole)(tuple(2 * n for n in value.shape), value.dtype)
            view = spread[tuple(slice(None, None, 2) for _ in value.shape)]
            view[...] = value
            whole = view
        whole.flags.writeable = value.flags.writeable
        return whole
    raise TypeError(type(value).__name__)


# About how many bytes a copy takes.
def size_of(value):
    if type(value) in (tuple, list):
        return 16 + sum(map(size_of, value)) if len(value) < 100_000 else 24 * len(value)
    if is_array(value):
        return value.nbytes
    return len(value) if type(value) is str else 8


# Whether a result contains memory of one of the arguments that can be changed.
def aliases(result, arguments):
    held = [one for argument in arguments for one in mutable_parts(argument)]
    for part in mutable_parts(result):
        for one in held:
            if part is one:
                return True
            if is_array(part) and is_array(one):
                import numpy
                if numpy.may_share_memory(part, one):
                    return True
    return False


def mutable_parts(value):
    if type(value) is list or is_array(value):
        yield value
    if type(value) in (list, tuple) and len(value) <= 1000:
        for one in value:
            yield from mutable_parts(one)


def same(one, other, tolerance=0.0):
    if type(one) is not type(other):
        return False
    if type(one) is float:
        return same_float(one, other, tolerance)
    if type(one) is complex:
        return (same_float(one.real, other.real, tolerance)
                and same_float(one.imag, other.imag, tolerance))
    if type(one) in (tuple, list):
        return len(one) == len(other) and all(
            same(a, b, tolerance) for a, b in zip(one, other))
    if is_array(one):
        return same_array(one, other, tolerance)
    if is_numpy_scalar(one):
        return same_array(one.reshape(1), other.reshape(1), tolerance)
    return one == other


def same_float(one, other, tolerance):
    if one != one or other != other:
        return one != one and other != other
    if struct.pack('d', one) == struct.pack('d', other):
        return True
    return tolerance > 0 and math.isclose(one, other, rel_tol=tolerance, abs_tol=0.0)


def same_array(one, other, tolerance):
    import numpy
    if (one.dtype, one.shape, one.flags.num & 3) != (other.dtype, other.shape,
                                                      other.flags.num & 3):
        return False
    if one.tobytes() == other.tobytes():
        return True
    if one.dtype.kind == 'c':
        return (same_array(one.real.copy(), other.real.copy(), tolerance)
                and same_array(one.imag.copy(), other.imag.copy(), tolerance))
    if one.dtype.kind != 'f':
        return False
    nans = numpy.isnan(one)
    if not (nans == numpy.isnan(other)).all():
        return False
    one, other = one[~nans], other[~nans]
    if tolerance > 0:
        return bool(numpy.isclose(one, other, rtol=tolerance, atol=0.0).all())
    return one.tobytes() == other.tobytes()


# What turns a compiled function's results into the types that the interpreter
# returned each time: NumPy's scalars, also in tuples. None when nothing is to do.
def converter(results):
    made = conversion(results[0])
    if made is None or not all(conversion(one) == made for one in results):
        return None
    return lambda result: converted(made, result)


def conversion(result):
    if is_numpy_scalar(result):
        return type(result)
    if type(result) is tuple:
        parts = tuple(map(conversion, result))
        return parts if any(parts) else None
    return None


def converted(made, result):
    if made is None:
        return result
    if type(made) is tuple:
        return tuple(map(converted, made, result))
    return made(result)
