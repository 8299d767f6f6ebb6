# Where numpy's bit generators keep their random state, so that it can be filled in place:
# setting their `state` takes 40 us for an MT19937, as it goes through Python objects word
# by word.
#
# numpy tells where a generator's state lies (bg.ctypes.state_address). The layouts are
# those of numpy/random/src; before the capture each is compared with what numpy itself
# says of the state, and one that differs is not written to.

from .regions import Region

MT_WORDS = 624


def random_part(generator, kind, core_state):
    """The regions of the generator, of that kind of numpy's, whose content may be any random
    bytes. None if the layout is not the known one. What the generator has set aside of
    earlier draws is forgotten."""
    forget_rest(generator, core_state)
    return LAYOUTS[kind](generator, generator.ctypes.state_address, core_state.__get__(generator))


# Half of a 64-bit number drawn for a 32-bit one, and Philox's buffer.
def forget_rest(generator, core_state):
    state = core_state.__get__(generator)
    if state.get('has_uint32') or state.get('buffer_pos', 4) != 4:
        state.update(has_uint32=0, uinteger=0)
        if 'buffer_pos' in state:
            state['buffer_pos'] = 4
        core_state.__set__(generator, state)


def memory_at(address, size):
    from ctypes import string_at
    return string_at(address, size)


def pointer_at(address):
    from ctypes import c_void_p
    return c_void_p.from_address(address).value


def mt19937(generator, address, state):
    from ctypes import c_int
    position = c_int.from_address(address + 4 * MT_WORDS)
    key, known = memory_at(address, 4 * MT_WORDS), state['state']
    if key != known['key'].tobytes() or position.value != known['pos']:
        return None
    # All words used: the next draw makes new ones. So in the image already.
    position.value = MT_WORDS
    return [Region(address, 4 * MT_WORDS, generator)]


def pcg64(generator, address, state):
    start = pointer_at(address)
    known = b''.join(state['state'][one].to_bytes(16, 'little') for one in ('state', 'inc'))
    if memory_at(start, 32) != known:
        return None
    # The increment has to be odd.
    return [Region(start, 32, generator), Region(start + 16, 0, generator)]


def philox(generator, address, state):
    key = pointer_at(address + 8)
    if memory_at(key, 16) != state['state']['key'].tobytes():
        return None
    return [Region(key, 16, generator)]


def sfc64(generator, address, state):
    # The fourth word counts the draws.
    if memory_at(address, 32) != state['state']['state'].tobytes():
        return None
    return [Region(address, 24, generator)]


LAYOUTS = {'MT19937': mt19937, 'PCG64': pcg64, 'PCG64DXSM': pcg64, 'Philox': philox,
           'SFC64': sfc64}
