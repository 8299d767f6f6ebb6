# Draws of everything that must differ from one restored process to the next. All of it
# was used at import and in training, so that the snapshot holds what it had drawn ahead.
import os
import random
import secrets
import ssl
import tempfile
import time
import uuid

import numba
import numpy

instance = random.Random()
generator = numpy.random.default_rng()
legacy = numpy.random.RandomState()
kinds = [numpy.random.Generator(kind()) for kind in
         (numpy.random.MT19937, numpy.random.PCG64, numpy.random.PCG64DXSM, numpy.random.Philox,
          numpy.random.SFC64)]
spawned = numpy.random.SeedSequence()
shuffled = list(range(60))
# These two are the user's business.
own_seed = random.Random(7)
own_generator = numpy.random.default_rng(7)


@numba.njit
def jitted():
    return numpy.random.random(), random.random(), numpy.random.normal()


def draw():
    child = spawned.spawn(1)[0]
    drawn = {
        'random': random.random(),
        'getrandbits': random.getrandbits(60),
        'gauss': random.gauss(0, 1),
        'instance': instance.random(),
        'shuffle': random.sample(shuffled, 60),
        'system': random.SystemRandom().random(),
        'numpy': numpy.random.random(),
        'numpy bytes': numpy.random.bytes(8).hex(),
        'numpy normal': numpy.random.standard_normal(),
        'generator': generator.random(),
        'generator integer': int(generator.integers(1 << 62)),
        'fresh generator': numpy.random.default_rng().random(),
        'legacy': legacy.random_sample(),
        'legacy normal': legacy.normal(),
        'sequence': int(child.generate_state(1, numpy.uint64)[0]),
        'ssl': ssl.RAND_bytes(8).hex(),
        'secrets': secrets.token_hex(8),
        'urandom': os.urandom(8).hex(),
        'uuid1': str(uuid.uuid1()),
        'uuid4': str(uuid.uuid4()),
        'tempfile': tempfile.mktemp(dir='/'),
    }
    for index, kind in enumerate(kinds):
        drawn[f'kind {index}'] = kind.random()
        drawn[f'kind {index} short'] = [int(kind.integers(1 << 32, dtype=numpy.uint32))
                                        for _ in range(2)]
    drawn['numba numpy'], drawn['numba random'], drawn['numba normal'] = jitted()
    return drawn


draw()
at_import = uuid.uuid4().hex
warmup = [{}]


def handler(event, context):
    return {'drawn': draw(), 'again': draw(),
            'seeded': [own_seed.random(), own_generator.random()], 'at_import': at_import, 'hash': hash('x'),
            'pid': os.getpid(), 'time': time.time_ns(), 'monotonic': time.monotonic_ns()}
