import os
import subprocess
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.join(HERE, '..', '..', '..', 'pyhost', 'py')
sys.path[:0] = [HERE, SOURCE]
sys.dont_write_bytecode = True

from clones import Core, clone, clones, plain_python, pretend_pid  # noqa: E402

import fwrun_host.uniqueness as uniqueness  # noqa: E402

CLONES = 210
KINDS = ('MT19937', 'PCG64', 'PCG64DXSM', 'Philox', 'SFC64')

with tempfile.TemporaryDirectory() as build:
    core = Core(build)
uniqueness.install(core)
pretend_pid()

# Everything from here on stands for a user's code; SETUP with SEED is run by a plain
# Python as well.
SETUP = '''
import copy, importlib, io, pickle, random, tempfile
import numpy as np
from numpy.random import Generator, RandomState, SeedSequence, default_rng
from numba import njit

KINDS = ('MT19937', 'PCG64', 'PCG64DXSM', 'Philox', 'SFC64')

class Derived(random.Random):
    def __init__(self, *seed):
        super().__init__(*seed)
        self.more = 1

@njit
def numba_numpy(): return np.random.random()
@njit
def numba_python(): return random.random()
@njit
def seed_numba(a):
    np.random.seed(a)
@njit
def seed_numba_python(a):
    random.seed(a)
'''

DRAW = '''
def draw():
    drawn = {name: [g.random() for _ in range(3)] for name, g in generators.items()}
    drawn['random module'] = [random.random(), random.getrandbits(60)]
    drawn['random.gauss'] = [random.gauss(0, 1) for _ in range(2)]
    drawn['np.random'] = [np.random.random(), np.random.rand()]
    drawn['np.random.normal'] = [np.random.normal() for _ in range(2)]
    drawn['integers'] = [int(i.integers(0, 2**32, dtype=np.uint32)) for i in integers]
    drawn['random_state'] = [random_state.random_sample(), random_state.normal()]
    drawn['numba numpy'] = [numba_numpy(), numba_numpy()]
    drawn['numba python'] = [numba_python(), numba_python()]
    drawn['sequence'] = [int(one) for one in sequence.generate_state(4)]
    drawn['spawned late'] = [default_rng(one).random() for one in sequence.spawn(2)]
    drawn['spawned by generator'] = default_rng(
        parent.bit_generator._seed_seq.spawn(1)[0]).random()
    return drawn
'''

UNSEEDED = '''
random.seed(); np.random.seed()
parent = default_rng()
generators = {'Random': random.Random(), 'Derived': Derived(), 'copied': copy.copy(random.Random()),
              'deep copied': copy.deepcopy(random.Random()), 'default_rng': parent,
              'spawned': default_rng(SeedSequence().spawn(2)[1]),
              'copied generator': copy.deepcopy(default_rng()),
              'jumped': Generator(np.random.Philox().jumped())}
for kind in KINDS:
    generators[kind] = Generator(getattr(np.random, kind)())
kept = random.getstate(); random.seed(1); random.setstate(kept)
kept = np.random.get_state(); np.random.seed(1); np.random.set_state(kept)
integers = [Generator(getattr(np.random, kind)()) for kind in KINDS]
random_state = RandomState()
sequence = SeedSequence()
# Leave half of a pair behind.
random.gauss(0, 1); np.random.normal(); random_state.normal()
for one in integers: one.integers(0, 2**32, dtype=np.uint32)
numba_numpy(); numba_python()
next(tempfile._get_candidate_names())
'''

SEEDED = '''
random.seed(5); np.random.seed(6)
parent = default_rng(11)
generators = {'Random': random.Random(7), 'Derived': Derived(8), 'text': random.Random('text'),
              'copied': copy.copy(random.Random(3)), 'default_rng': parent,
              'spawned': default_rng(SeedSequence(4).spawn(2)[1]),
              'copied generator': copy.deepcopy(default_rng(9)),
              'pickled': pickle.loads(pickle.dumps(default_rng(10))),
              'jumped': Generator(np.random.Philox(3).jumped()),
              'set state': random.Random(), 'assigned': default_rng()}
generators['set state'].setstate(random.Random(99).getstate())
generators['assigned'].bit_generator.state = default_rng(98).bit_generator.state
for kind in KINDS:
    generators[kind] = Generator(getattr(np.random, kind)(12))
for one in generators.values(): one.random()
integers = [Generator(getattr(np.random, kind)(13)) for kind in KINDS]
random_state = RandomState(14)
sequence = SeedSequence(15)
random.gauss(0, 1); np.random.normal(); random_state.normal()
for one in integers: one.integers(0, 2**32, dtype=np.uint32)
seed_numba(16); seed_numba_python(17)
numba_numpy(); numba_python()
'''

user = {}
exec(SETUP + DRAW, user)


def image(code):
    exec(code, user)
    uniqueness.prepare()


def nothing():
    pass


def flat(drawn):
    """Every number drawn, by its place."""
    return {f'{name} {index}': number for name, numbers in drawn.items()
            for index, number in enumerate(numbers if isinstance(numbers, list) else [numbers])}


class UnseededGenerators(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        image(UNSEEDED)
        # As long as nothing is renewed, all draw the same.
        cls.same = [flat(one) for one in clones(2, user['draw'], nothing)]
        cls.renewed = [flat(one) for one in clones(CLONES, user['draw'], uniqueness.renew)]

    def test_repeat_in_clones_that_are_not_renewed(self):
        # Those that are not here have been cleared in the image.
        for place in ('random module 0', 'Random 0', 'np.random 0', 'MT19937 0', 'PCG64 1',
                      'SFC64 0', 'Philox 2', 'Derived 0', 'random_state 0'):
            self.assertEqual(self.same[0][place], self.same[1][place], place)

    def test_never_repeat_in_clones_that_are_renewed(self):
        for place in self.renewed[0]:
            drawn = [one[place] for one in self.renewed]
            # 210 numbers of 32 bits collide once in 200,000 runs: allow one pair.
            allowed = CLONES - 1 if place.startswith(('integers', 'sequence')) else CLONES
            self.assertGreaterEqual(len(set(drawn)), allowed, place)

    def test_do_not_repeat_what_the_image_would_have_drawn(self):
        for place, number in self.same[0].items():
            self.assertNotIn(number, [one[place] for one in self.renewed[:3]], place)

    def test_draw_numbers_from_the_whole_range(self):
        for place in ('MT19937 0', 'PCG64 0', 'PCG64DXSM 0', 'Philox 0', 'SFC64 0', 'np.random 0',
                      'numba numpy 0', 'numba python 0', 'random module 0', 'jumped 0'):
            drawn = [one[place] for one in self.renewed]
            self.assertTrue(all(0 <= one < 1 for one in drawn), place)
            # A mean of 210 uniform numbers is off by more than 0.16 once in 10^14 times.
            self.assertAlmostEqual(sum(drawn) / CLONES, 0.5, delta=0.16, msg=place)

    def test_sequences_of_the_same_entropy_go_on_to_agree(self):
        sequence = user['SeedSequence']()
        twin = user['SeedSequence'](sequence.entropy)
        old = sequence.entropy
        uniqueness.prepare()

        def sample():
            return [int(sequence.entropy), int(twin.entropy), str(twin.state['entropy']),
                    [int(one) for one in sequence.pool], [int(one) for one in twin.pool]]

        [mine, other, state, pool, other_pool] = clone(sample, uniqueness.renew)
        self.assertEqual((mine, state, pool), (other, str(other), other_pool))
        self.assertNotEqual(mine, old)

    def test_sequences_copied_after_the_restore_are_renewed_first(self):
        import copy
        import pickle
        sequence = user['SeedSequence']()
        uniqueness.prepare()

        def sample():
            copies = [copy.deepcopy(sequence), pickle.loads(pickle.dumps(sequence)), sequence]
            return [int(one.generate_state(2, 'uint64')[0]) for one in copies]

        drawn = clones(3, sample, uniqueness.renew)
        for one in drawn:
            self.assertEqual(len(set(one)), 1)
        self.assertEqual(len({one[0] for one in drawn}), 3)

    def test_are_recognised_again_after_a_second_capture(self):
        # As when a clone is captured in its turn.
        image(UNSEEDED)
        uniqueness.renew()
        uniqueness.prepare()
        drawn = [flat(one) for one in clones(3, user['draw'], uniqueness.renew)]
        for place in drawn[0]:
            self.assertEqual(len({one[place] for one in drawn}), 3, place)

    def test_are_found_although_frozen(self):
        import gc
        image(UNSEEDED)
        gc.freeze()
        self.addCleanup(gc.unfreeze)
        uniqueness.prepare()
        drawn = [flat(one) for one in clones(3, user['draw'], uniqueness.renew)]
        self.assertEqual(len({one['default_rng 0'] for one in drawn}), 3)


# After the unseeded ones, by its name: Numba has no way to take a seed back.
class UserSeededGenerators(unittest.TestCase):
    def test_go_on_as_in_plain_python(self):
        expected = plain_python(SETUP + DRAW + SEEDED + 'answer = draw()')
        image(SEEDED)
        for drawn in clones(5, user['draw'], uniqueness.renew):
            self.assertEqual(drawn, expected)

    def test_are_unique_again_when_reseeded_from_the_system(self):
        image(SEEDED)
        user['random'].seed()
        user['np'].random.seed()
        uniqueness.prepare()

        def sample():
            return [user['random'].random(), user['np'].random.random()]

        drawn = clones(5, sample, uniqueness.renew)
        for index in range(2):
            self.assertEqual(len({one[index] for one in drawn}), 5)

    def test_of_a_restored_process_may_be_seeded_there(self):
        image(UNSEEDED)

        def sample():
            user['random'].seed(21)
            user['np'].random.seed(22)
            user['seed_numba'](23)
            return [user['random'].random(), user['np'].random.random(), user['numba_numpy']()]

        drawn = clones(2, sample, uniqueness.renew)
        self.assertEqual(drawn[0], drawn[1])


class KindsOfOthers(unittest.TestCase):
    def test_derived_from_a_kind_of_numpys_are_renewed(self):
        from numpy.random import PCG64, Generator

        class Mine(PCG64):
            def __init__(self, needed):
                super().__init__()

        generator = Generator(Mine('an argument'))
        uniqueness.prepare()
        self.assertEqual(len(set(clones(3, generator.random, uniqueness.renew))), 3)

    def test_that_cannot_be_renewed_are_refused_before_the_capture(self):
        from numpy.random import bit_generator

        class Unknown(bit_generator.BitGenerator):
            pass

        unknown = Unknown()
        with self.assertRaisesRegex(RuntimeError, 'Unknown cannot be given a random state'):
            uniqueness.prepare()
        del unknown


class Refill(unittest.TestCase):
    def regions(self, *pairs):
        return b''.join(one.to_bytes(8, 'little') for pair in pairs for one in pair)

    def test_fills_all_of_a_region_and_nothing_beside_it(self):
        import ctypes
        memory = (ctypes.c_ubyte * 4098)()
        core.refill(self.regions((ctypes.addressof(memory) + 1, 4096)))
        self.assertEqual((memory[0], memory[4097]), (0, 0))
        # A byte of each 16 may be 0, but not all of them.
        for start in range(1, 4097, 16):
            self.assertTrue(any(memory[start:start + 16]))

    def test_sets_the_lowest_bit_of_a_region_without_size(self):
        import ctypes
        memory = (ctypes.c_ubyte * 3)(4, 4, 5)
        for index in (1, 2):
            core.refill(self.regions((ctypes.addressof(memory) + index, 0)))
        self.assertEqual(bytes(memory), bytes((4, 5, 5)))

    def test_tells_when_the_memory_cannot_be_written(self):
        with self.assertRaisesRegex(OSError, 'Bad address'):
            core.refill(self.regions((16, 32)))


class NumbaSeeds(unittest.TestCase):
    def test_are_forgotten_when_their_thread_ends(self):
        import threading
        from numba import _helperlib
        states = []
        seeded = threading.Event()
        leave = threading.Event()

        def work():
            user['seed_numba'](3)
            states.append(_helperlib.rnd_get_np_state_ptr())
            seeded.set()
            leave.wait()

        thread = threading.Thread(target=work)
        thread.start()
        seeded.wait()
        alive = core.numba_seeded(states[0])
        leave.set()
        thread.join()
        self.assertTrue(alive)
        # The interpreter has let go of the thread; the thread itself may have steps to go.
        while os.path.exists(f'/proc/self/task/{thread.native_id}'):
            os.sched_yield()
        self.assertFalse(core.numba_seeded(states[0]))

    def test_of_the_system_are_not_noted(self):
        from numba import _helperlib
        image(UNSEEDED)
        self.assertEqual(core.watched, 1)
        self.assertFalse(core.numba_seeded(_helperlib.rnd_get_np_state_ptr()))
        self.assertFalse(core.numba_seeded(_helperlib.rnd_get_py_state_ptr()))


class Identifiers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        import multiprocessing
        import multiprocessing.synchronize
        import secrets
        import sqlite3
        import uuid
        database = sqlite3.connect(':memory:')

        def sample():
            return {
                'uuid1 node': uuid.uuid1().node,
                'uuid1': str(uuid.uuid1()),
                'uuid4': str(uuid.uuid4()),
                'secrets': secrets.token_hex(8),
                'SystemRandom': user['random'].SystemRandom().random(),
                'temporary name': next(tempfile._get_candidate_names()),
                'semaphore name': multiprocessing.synchronize.SemLock._make_name(),
                'authkey': multiprocessing.current_process().authkey.hex(),
                'SQL random()': database.execute('SELECT random()').fetchone()[0],
            }

        sample()
        uniqueness.prepare()
        cls.drawn = clones(CLONES, sample, uniqueness.renew)

    def test_differ_in_every_clone(self):
        for name in self.drawn[0]:
            self.assertEqual(len({one[name] for one in self.drawn}), CLONES, name)

    def test_uuid1_says_that_its_node_is_random(self):
        for one in self.drawn:
            self.assertTrue(one['uuid1 node'] & 1 << 40)

    def test_uuid1_keeps_what_it_is_given(self):
        import uuid
        one = uuid.uuid1(node=0x123456789abc, clock_seq=0x1234)
        self.assertEqual((one.node, one.clock_seq, one.version), (0x123456789abc, 0x1234, 1))
        self.assertLess(uuid.uuid1().time, uuid.uuid1().time)

    def test_an_authkey_of_the_users_stays(self):
        import multiprocessing
        process = multiprocessing.current_process()
        before = process.authkey
        self.addCleanup(setattr, process, 'authkey', before)
        process.authkey = b'mine'
        uniqueness.prepare()
        self.assertEqual(clone(lambda: process.authkey.decode(), uniqueness.renew), 'mine')

    def test_log_records_count_from_the_first_after_the_restore(self):
        import logging
        start = logging._startTime
        self.addCleanup(setattr, logging, '_startTime', start)
        uniqueness.prepare()

        def sample():
            records = [logging.makeLogRecord({}) for _ in range(2)]
            return [[one.relativeCreated, one.created] for one in records]

        [[first, at], [second, later]] = clone(sample, uniqueness.renew)
        self.assertEqual(first, 0)
        self.assertEqual(second, (later - at) * 1000)


class ImportsOfOthers(unittest.TestCase):
    def test_openssl_draws_from_the_kernel_once_it_is_there(self):
        import ssl  # noqa: F401
        self.assertGreaterEqual(core.kernel_entropy_calls, 1)

    def test_nothing_is_imported_for_a_function_that_imports_nothing(self):
        code = f'''
import sys
sys.path.insert(0, {SOURCE!r})
sys.dont_write_bytecode = True
import types
before = set(sys.modules)
from fwrun_host import uniqueness
uniqueness.install(types.SimpleNamespace(refill=None))
uniqueness.prepare()
uniqueness.renew()
print(*sorted(name for name in set(sys.modules) - before if not name.startswith('fwrun_host')))
'''
        done = subprocess.run(['/usr/bin/python3.11', '-I', '-c', code], capture_output=True,
                              text=True, check=True)
        self.assertLessEqual(set(done.stdout.split()), {
            'gc', 'importlib', 'importlib._bootstrap', 'importlib._bootstrap_external',
            'importlib.machinery', 'warnings'})

    def test_files_of_the_users_may_be_called_as_modules_of_pythons(self):
        with tempfile.TemporaryDirectory() as folder:
            for name in ('random', 'uuid', 'logging', 'tempfile'):
                with open(os.path.join(folder, name + '.py'), 'w', encoding='utf-8') as file:
                    file.write('value = 1')
            code = f'''
import sys, types
sys.path[:0] = [{folder!r}, {SOURCE!r}]
sys.dont_write_bytecode = True
from fwrun_host import output, uniqueness
core = types.SimpleNamespace(refill=None)
real = sys.stdout
uniqueness.install(core)
output.install(core)
import logging, random, tempfile, uuid
uniqueness.prepare()
uniqueness.renew()
real.write(f"{{logging.value + random.value + tempfile.value + uuid.value}}")
'''
            done = subprocess.run(['/usr/bin/python3.11', '-I', '-c', code], capture_output=True,
                                  text=True, check=True)
        self.assertEqual(done.stdout, '4')

    def test_a_reloaded_random_module_is_watched_again(self):
        import importlib
        import random
        importlib.reload(random)
        seeded = random.Random(3)
        random.seed(4)
        expected = [random.Random(3).random(), random.Random(4).random()]
        unseeded = random.Random()
        uniqueness.prepare()

        def sample():
            return [seeded.random(), random.random(), unseeded.random()]

        drawn = clones(3, sample, uniqueness.renew)
        for one in drawn:
            self.assertEqual(one[:2], expected)
        self.assertEqual(len({one[2] for one in drawn}), 3)


if __name__ == '__main__':
    unittest.main()
