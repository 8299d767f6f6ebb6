# Fresh random state written straight into numpy's bit generators: setting their `state`
# takes 40 us for an MT19937, as it goes through Python objects word by word; the memory
# takes the kernel's bytes as they are.
#
# numpy tells where a generator's state lies (bg.ctypes.state_address). The layouts are
# those of numpy/random/src; before the capture each is compared with what numpy itself
# says of the state, and one that differs is not written to.

from os import urandom

MT_WORDS = 624


def random_part(generator, kind, core_state):
    """The memory of the generator, of that kind of numpy's, whose content may
    be any random bytes, with what has to be set after filling it: (view, finish or None).
    None if the layout is not the known one. What the generator has set aside of earlier
    draws is forgotten."""
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


def view_of(generator, address, size):
    from ctypes import c_ubyte
    array = (c_ubyte * size).from_address(address)
    array.owner = generator
    return memoryview(array).cast('B')


def pointer_at(address):
    from ctypes import c_void_p
    return c_void_p.from_address(address).value


def mt19937(generator, address, state):
    from ctypes import c_int
    position = c_int.from_address(address + 4 * MT_WORDS)
    view = view_of(generator, address, 4 * MT_WORDS)
    if bytes(view) != state['state']['key'].tobytes() or position.value != state['state']['pos']:
        return None
    # All words used: the next draw makes new ones. So in the image already.
    position.value = MT_WORDS
    return view, None


def pcg64(generator, address, state):
    view = view_of(generator, pointer_at(address), 32)
    numbers = state['state']
    if bytes(view) != b''.join(numbers[one].to_bytes(16, 'little') for one in ('state', 'inc')):
        return None

    def make_increment_odd():
        view[16] |= 1

    return view, make_increment_odd


def philox(generator, address, state):
    view = view_of(generator, pointer_at(address + 8), 16)
    return (view, None) if bytes(view) == state['state']['key'].tobytes() else None


def sfc64(generator, address, state):
    # The fourth word counts the draws.
    view = view_of(generator, address, 24)
    return (view, None) if bytes(view) == state['state']['state'][:3].tobytes() else None


LAYOUTS = {'MT19937': mt19937, 'PCG64': pcg64, 'PCG64DXSM': pcg64, 'Philox': philox,
           'SFC64': sfc64}


def refill(regions):
    """A function that fills all those views, with one draw from the kernel."""
    total = sum(len(view) for view, finish in regions)
    if len(regions) == 1:
        [(only, finish)] = regions

        def renew_one():
            only[:] = urandom(total)
            if finish is not None:
                finish()

        return renew_one

    def renew_all():
        entropy = memoryview(urandom(total))
        at = 0
        for view, finish in regions:
            end = at + len(view)
            view[:] = entropy[at:end]
            at = end
            if finish is not None:
                finish()

    return renew_all
