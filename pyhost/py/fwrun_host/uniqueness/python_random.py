# The module random: its own generator and every instance of random.Random.
#
# Random.seed(), getstate() and setstate() are replaced, in the class, by functions that
# note who determined the state: the user, by a seed, or the operating system. A state
# taken from an unseeded generator carries that with it, so that setting aside the state
# and putting it back later (or copy.copy()) does not count as seeding.

from ..imports import when_imported
from .marks import Marks, named_like
from .regions import Region

seeded = Marks()

# (Random, SystemRandom) of each load of the module: there are more after a reload.
loads = []


class SystemState(tuple):
    """The state of a generator that nobody seeded."""

    __slots__ = ()

    def __deepcopy__(self, memo):
        return self

    def __reduce_ex__(self, protocol):
        return tuple, (tuple(self),)


def install(core):
    when_imported('random', watch)


def watch(random):
    # Else a file of the user's own that is called so.
    if not all(hasattr(random, name) for name in ('Random', 'SystemRandom', '_inst')):
        return
    kind = random.Random
    loads.append((kind, random.SystemRandom))
    core_seed, core_getstate, core_setstate = kind.seed, kind.getstate, kind.setstate

    def seed(self, a=None, version=2):
        core_seed(self, a, version)
        seeded.set(self, a is not None)

    def getstate(self):
        state = core_getstate(self)
        return state if seeded.get(self) else SystemState(state)

    def setstate(self, state):
        core_setstate(self, state)
        seeded.set(self, type(state) is not SystemState)

    kind.seed = named_like(core_seed, seed)
    kind.getstate = named_like(core_getstate, getstate)
    kind.setstate = named_like(core_setstate, setstate)
    # These were bound before.
    for name in ('seed', 'getstate', 'setstate'):
        setattr(random, name, getattr(random._inst, name))


def kinds():
    return [kind for kind, _ in loads]


def prepare(found):
    return [random_part(one, kind) for one in found for kind, system in loads
            if issubclass(type(one), kind) and not issubclass(type(one), system)
            and not seeded.get(one)]


# A generator of CPython 3.11 in memory: the object's head, int index, uint32_t state[624].
WORDS = 624
INDEX_SIZE = 4


def random_part(generator, kind):
    # gauss() makes two numbers at a time and keeps the second; what is forgotten here
    # is forgotten in all restored processes.
    vars(generator)['gauss_next'] = None
    in_c = kind.__base__
    start = object.__basicsize__ + INDEX_SIZE
    if not start + 4 * WORDS <= in_c.__basicsize__ <= start + 4 * WORDS + INDEX_SIZE:
        raise RuntimeError('random.Random has a layout in memory that is not known here')
    # All words used: the next draw makes new ones. So in the image already.
    in_c.setstate(generator, (*in_c.getstate(generator)[:WORDS], WORDS))
    return Region(id(generator) + start, 4 * WORDS, generator)
