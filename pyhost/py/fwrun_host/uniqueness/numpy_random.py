# numpy's bit generators and seed sequences, and with them Generator, RandomState and
# the functions of np.random.
#
# Whose seed is it? A SeedSequence without one draws its entropy by a function of its
# module, replaced here by one whose numbers are of a type of their own; spawned children
# inherit the number. Seeding after the construction (np.random.seed(), bg.state = ...)
# is seen by replacing methods of the extension types, see extension_types.py. A state
# read from a generator that nobody seeded is marked, so that putting it back, copying or
# jumping does not count as seeding.

from os import urandom

from ..imports import when_imported
from . import numpy_memory
from .extension_types import replace
from .marks import Marks, named_like
from .numpy_marks import SystemEntropy, SystemState, SystemTuple

BIT_GENERATORS = ('_mt19937.MT19937', '_pcg64.PCG64', '_pcg64.PCG64DXSM', '_philox.Philox',
                  '_sfc64.SFC64')

# By the lock of a bit generator, which lives as long and can be referred to weakly:
# True if the user determined the state, False if the operating system did.
seeded = Marks()

bases = {}
core_states = {}
stale = {}
fresh_entropy = {}


def install(core):
    when_imported('numpy.random.bit_generator', watch_seed_sequences)
    when_imported('numpy.random.mtrand', watch_random_state)
    for path in BIT_GENERATORS:
        module, name = path.split('.')
        when_imported('numpy.random.' + module,
                      lambda module, name=name: watch_bit_generator(getattr(module, name)))


def watch_seed_sequences(module):
    kind = module.SeedSequence
    bases.update(sequence=kind, generator=module.BitGenerator)
    randbits = module.randbits
    module.randbits = lambda bits: SystemEntropy(randbits(bits))
    entropy = kind.__dict__['entropy']
    bases['entropy'] = entropy

    def on_use(name):
        core = kind.__dict__[name]

        def method(self, *arguments, **named):
            if id(self) in stale:
                renew_sequence(self)
            return core(self, *arguments, **named)

        replace(kind, name, named_like(core, method))

    def on_read(name):
        core = kind.__dict__[name]

        def read(self):
            if id(self) in stale:
                renew_sequence(self)
            return core.__get__(self)

        replace(kind, name, property(read, doc=core.__doc__))

    for name in ('generate_state', 'spawn', '__reduce__'):
        on_use(name)
    for name in ('entropy', 'pool', 'state'):
        on_read(name)


def watch_bit_generator(kind):
    core = kind.__dict__['state']
    core_states[kind] = core

    def read(self):
        state = core.__get__(self)
        return state if is_seeded(self) else SystemState(state)

    def write(self, state):
        core.__set__(self, state)
        seeded.set(self.lock, type(state) not in (SystemState, SystemTuple))

    replace(kind, 'state', property(read, write, doc=core.__doc__))
    if '_legacy_seeding' in kind.__dict__:
        core_seeding = kind.__dict__['_legacy_seeding']

        def legacy_seeding(self, seed):
            core_seeding(self, seed)
            seeded.set(self.lock, seed is not None)

        replace(kind, '_legacy_seeding', named_like(core_seeding, legacy_seeding))


def watch_random_state(module):
    kind = module.RandomState
    bases['random_state'] = kind
    core_get, core_set = kind.__dict__['get_state'], kind.__dict__['set_state']

    def get_state(self, legacy=True):
        state = core_get(self, legacy)
        if type(state) is tuple and not is_seeded(self._bit_generator):
            return SystemTuple(state)
        return state

    def set_state(self, state):
        core_set(self, state)
        if type(state) is SystemTuple:
            seeded.set(self._bit_generator.lock, False)

    replace(kind, 'get_state', named_like(core_get, get_state))
    replace(kind, 'set_state', named_like(core_set, set_state))
    # These were bound before.
    module.get_state, module.set_state = module._rand.get_state, module._rand.set_state


def is_seeded(generator):
    """Whether the user determined the state of the bit generator."""
    mark = seeded.get(generator.lock)
    if mark is not None:
        return mark
    sequence = generator._seed_seq
    if sequence is None:
        return False
    if not issubclass(type(sequence), bases['sequence']):
        return True
    return type(bases['entropy'].__get__(sequence)) is not SystemEntropy


def kinds():
    return tuple(bases[one] for one in ('sequence', 'generator', 'random_state') if one in bases)


def prepare(found):
    if not bases:
        return []
    stale.clear()
    fresh_entropy.clear()
    generators = []
    for one in found:
        kind = type(one)
        if issubclass(kind, bases['sequence']):
            if type(bases['entropy'].__get__(one)) is SystemEntropy:
                stale[id(one)] = one
        elif issubclass(kind, bases['generator']):
            if not is_seeded(one):
                generators.append(one)
        elif 'random_state' in bases and issubclass(kind, bases['random_state']):
            forget_gauss(one)
    return renewals(generators)


# A RandomState makes two normal numbers at a time and keeps the second.
def forget_gauss(random_state):
    if is_seeded(random_state._bit_generator):
        return
    state = random_state.get_state(legacy=False)
    if state.get('has_gauss'):
        state['has_gauss'] = 0
        random_state.set_state(state)


# Sequences are renewed when they are next used, as few ever are. Those that shared
# their entropy go on to share it.
def renew_sequence(sequence):
    del stale[id(sequence)]
    old = bases['entropy'].__get__(sequence)
    pool_size = sequence.pool_size
    new = fresh_entropy.get(old)
    if new is None:
        new = SystemEntropy(int.from_bytes(urandom(pool_size * 4), 'little'))
        fresh_entropy[old] = new
    sequence.__init__(new, spawn_key=sequence.spawn_key, pool_size=pool_size,
                      n_children_spawned=sequence.n_children_spawned)


def renewals(generators):
    for generator in generators:
        base = next((kind for kind in type(generator).__mro__ if kind in core_states), None)
        regions = base and numpy_memory.random_part(generator, base.__name__, core_states[base])
        if regions:
            yield from regions
        else:
            # Tried here, as it depends on a class that is not numpy's.
            renew_slowly(generator)
            yield lambda generator=generator: renew_slowly(generator)


# For kinds whose memory is not known.
def renew_slowly(generator):
    kind = type(generator)
    try:
        generator.state = kind().state
    except Exception as error:
        name = f'{kind.__module__}.{kind.__qualname__}'
        raise RuntimeError(f'a {name} cannot be given a random state in each restored process: '
                           'make one with a seed of your own, or make it in the handler') from error
