# Generators that this function seeded: every restored process goes on from the same
# place in the same sequence.
import random

import numba
import numpy

random.seed(7)
instance = random.Random(7)
numpy.random.seed(7)
generator = numpy.random.default_rng(7)
legacy = numpy.random.RandomState(7)
kinds = [numpy.random.Generator(kind(7)) for kind in
         (numpy.random.MT19937, numpy.random.PCG64, numpy.random.PCG64DXSM, numpy.random.Philox,
          numpy.random.SFC64)]
sequence = numpy.random.SeedSequence(7)


@numba.njit
def seed(number):
    numpy.random.seed(number)
    random.seed(number)


@numba.njit
def jitted():
    return numpy.random.random(), random.random(), numpy.random.normal()


seed(7)
calls = 0
warmup = [{}]


def draw():
    return [random.random(), random.gauss(0, 1), instance.random(), instance.getrandbits(40),
            numpy.random.random(), numpy.random.standard_normal(), generator.random(),
            int(generator.integers(1 << 31, dtype=numpy.uint32)), legacy.normal(),
            int(sequence.spawn(1)[0].generate_state(1)[0]), *jitted(),
            *(kind.random() for kind in kinds),
            *(int(kind.integers(1 << 32, dtype=numpy.uint32)) for kind in kinds)]


# The last of as many draws from new generators of the same seeds.
def replay(draws):
    here = {name: globals()[name] for name in
            ('instance', 'generator', 'legacy', 'kinds', 'sequence')}
    saved = random.getstate(), numpy.random.get_state()
    random.seed(7)
    numpy.random.seed(7)
    globals().update(instance=random.Random(7), generator=numpy.random.default_rng(7),
                     legacy=numpy.random.RandomState(7),
                     kinds=[numpy.random.Generator(type(kind.bit_generator)(7)) for kind in kinds],
                     sequence=numpy.random.SeedSequence(7))
    seed(7)
    for _ in range(draws):
        last = draw()
    globals().update(here)
    random.setstate(saved[0])
    numpy.random.set_state(saved[1])
    return last


def handler(event, context):
    global calls
    calls += 1
    drawn = draw()
    answer = {'drawn': drawn, 'calls': calls}
    if 'replay' in event:
        answer['replayed'] = replay(calls)
    return answer
