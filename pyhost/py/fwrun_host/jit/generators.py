# Measuring calls the user's functions a few times more: the random generators that they
# draw from without being given them must not show that.

import contextlib
import sys

# Of Numba's rnd_state_t: an index, 624 words, whether there is a second normal number, that
# number, whether all this is in use.
NUMBA_STATE_BYTES = 2520


# The generators of `random` and `np.random`, and this thread's of compiled code.
@contextlib.contextmanager
def unchanged():
    python, numpy = sys.modules.get('random'), sys.modules.get('numpy.random')
    python_state = python.getstate() if python else None
    numpy_state = numpy.get_state(legacy=False) if numpy else None
    addresses = numba_addresses()
    copies = [read(address) for address in addresses]
    try:
        yield
    finally:
        for address, copy in zip(addresses, copies):
            write(address, copy)
        if numpy:
            numpy.set_state(numpy_state)
        if python:
            python.setstate(python_state)


def numba_addresses():
    library = sys.modules.get('numba._helperlib')
    return [library.rnd_get_py_state_ptr(), library.rnd_get_np_state_ptr()] if library else []


# Numba has loaded ctypes long since.
def read(address):
    import ctypes
    return ctypes.string_at(address, NUMBA_STATE_BYTES)


def write(address, state):
    import ctypes
    ctypes.memmove(address, state, NUMBA_STATE_BYTES)
