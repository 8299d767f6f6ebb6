# Numba's own generators: one for `random` and one for `np.random` inside compiled code,
# and one for its internal needs, per thread.
#
# They fill themselves from the operating system at the first use, which a flag in each
# tells. Clearing the flag is all that a restored process has to do; compiled code that
# draws no random numbers pays nothing more. Seeding in compiled code calls the symbol
# numba_rnd_init; the host's own function takes its place and remembers the state.
#
# Seen are the states of the thread that calls prepare(). Those of other threads that
# used compiled random numbers before the capture cannot be found from here.

from ..imports import when_imported

NAMES = ('get_py_random_state', 'get_np_random_state', 'get_internal_random_state')

# rnd_state_t of Numba's _random.c: int index; unsigned mt[624]; int has_gauss;
# double gauss; int is_initialized.
IS_INITIALIZED = 2512

core = None
helpers = None


def install(host_core):
    global core
    core = host_core
    when_imported('numba._helperlib', watch)


def watch(helperlib):
    global helpers
    helpers = helperlib.c_helpers
    # Numba makes the addresses in here known to LLVM at its first compilation.
    helpers['rnd_init'] = core.numba_seed_watch(helpers['rnd_init'])


def kinds():
    return ()


def prepare(found):
    if helpers is None:
        return []
    from ctypes import c_int
    flags = [c_int.from_address(state + IS_INITIALIZED)
             for state in states() if not core.numba_seeded(state)]
    for flag in flags:
        if flag.value != 1:
            raise RuntimeError('the random state of this version of Numba has a layout that is '
                               'not known here: Numba 0.56 is supported')
        flag.value = 0
    # Cleared in the image, and thereby in whatever is restored from it.
    return []


def states():
    """The addresses of this thread's generators, which exist after this."""
    from ctypes import CFUNCTYPE, c_void_p
    getter = CFUNCTYPE(c_void_p)
    return [getter(helpers[name])() for name in NAMES if name in helpers]
