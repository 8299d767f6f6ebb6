# Receipts of the user's own Numba functions, and the count of compilations.

import os
import random
import sys
import unittest
import warnings

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from jit_program import BUSY, UserProgram

import numba
import numpy

from fwrun_host.jit import compilations, first_calls, receipt

SOURCE = '''from numba import jit, njit, vectorize
@njit
def used(x):
    return x + 1
@njit
def unused(x):
    return x
@jit
def objects(x):
    return {1: x}.get(object())
@vectorize(['f8(f8)'])
def spread(x):
    return x * 2
def make():
    @njit
    def inner(x):
        return x
    def call(x):
        return inner(x)
    return call
closed = make()
class Holder:
    @staticmethod
    @njit
    def method(x):
        return x
table = {'again': used}
from numba.np.arraymath import array_sum
'''


TIMED = '''import random
import numpy as np
from numba import njit
from numba.extending import intrinsic
from numba.core import types
@njit
def busy(n, x):
    total = 0.0
    for i in range(n):
        total += (i * x) % 7.0
    return total
@njit
def writes(array):
    array[0] += 1.0
@njit
def seed(n):
    np.random.seed(n)
    random.seed(n)
@njit
def draws(scale):
    return np.random.normal(0.0, scale) + random.random()
@intrinsic
def one_more(typing, x):
    def code(context, builder, signature, arguments):
        return builder.add(arguments[0], context.get_constant(types.int64, 1))
    return types.int64(x), code
@njit
def only_compiled(x):
    return one_more(x)
'''


class Times(unittest.TestCase):
    def setUp(self):
        self.original = numba.core.dispatcher.Dispatcher._compile_for_args
        first_calls.watch(numba.core.dispatcher)
        self.addCleanup(first_calls.forget)
        self.module = UserProgram(self, TIMED).module

    def entry(self, name):
        return next(one for one in receipt([self.module]) if one['name'] == name)

    def test_a_call_is_measured_in_the_interpreter_and_compiled(self):
        self.module.busy(3000, 2.0)
        entry = self.entry('busy')
        self.assertGreater(entry['before_us'], 0)
        self.assertGreater(entry['after_us'], 0)

    def test_arguments_stay_as_they_were(self):
        array = numpy.zeros(3)
        self.module.writes(array)
        self.entry('writes')
        self.assertEqual(list(array), [1.0, 0.0, 0.0])

    def test_random_generators_stay_as_they_were(self):
        self.module.seed(7)
        random.seed(7)
        numpy.random.seed(7)
        self.module.draws(1.0)
        expected = [self.module.draws(1.0), random.random(), numpy.random.normal()]
        self.module.seed(7)
        random.seed(7)
        numpy.random.seed(7)
        self.module.draws(1.0)
        numpy.random.normal()
        numpy.random.seed(7)
        self.assertIsNotNone(self.entry('draws')['before_us'])
        self.assertEqual([self.module.draws(1.0), random.random(), numpy.random.normal()], expected)

    def test_what_was_never_compiled_is_not_measured(self):
        self.assertIsNone(self.entry('busy')['before_us'])
        self.assertIsNone(self.entry('busy')['after_us'])

    def test_a_call_that_the_interpreter_refuses_is_measured_compiled_only(self):
        self.module.only_compiled(7)
        entry = self.entry('only_compiled')
        self.assertIsNone(entry['before_us'])
        self.assertGreater(entry['after_us'], 0)

    def test_a_call_too_long_for_the_interpreter_is_measured_compiled_only(self):
        self.module.busy(2_000_000, 2.0)
        entry = self.entry('busy')
        self.assertIsNone(entry['before_us'])
        self.assertGreater(entry['after_us'], 300_000 / 300)

    def test_nothing_is_left_in_numba(self):
        first_calls.forget()
        self.assertIs(numba.core.dispatcher.Dispatcher._compile_for_args, self.original)


class Receipt(unittest.TestCase):
    def setUp(self):
        self.module = UserProgram(self, SOURCE).module
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            self.module.used(1)
            self.module.used(1.5)
            self.module.objects(1)
        self.entries = {one['name']: one for one in receipt([self.module])}

    def test_functions_are_found_wherever_a_module_holds_them(self):
        self.assertEqual(set(self.entries), {'used', 'unused', 'objects', 'spread',
                                             'make.<locals>.inner', 'Holder.method'})

    def test_tiers_signatures_and_sizes_are_told(self):
        used = self.entries['used']
        self.assertEqual((used['tier'], used['optimised'], used['annotated'], used['reason']),
                         ('numba', True, True, ''))
        self.assertEqual(used['signatures'], ['(int64,) -> int64', '(float64,) -> float64'])
        self.assertEqual((used['file'], used['line']), (self.module.__file__, 4))
        self.assertGreater(used['code_bytes'], 50)
        self.assertGreater(used['compile_us'], 0)
        self.assertEqual(used['deoptimisations'], [])
        self.assertEqual(self.entries['spread']['tier'], 'numba')

    def test_functions_without_machine_code_say_why(self):
        unused, objects = self.entries['unused'], self.entries['objects']
        self.assertEqual((unused['tier'], unused['optimised'], unused['reason']),
                         ('uncompiled', False, 'training never called it'))
        self.assertEqual((objects['tier'], objects['optimised']), ('numba-object', False))
        self.assertIn('object mode', objects['reason'])


class Compilations(unittest.TestCase):
    def test_each_new_signature_is_counted_and_named(self):
        self.assertTrue(compilations.listen())
        self.assertTrue(compilations.listen(), 'listening twice counts once')
        compilations.reset()
        function = numba.njit(lambda x: x)
        function(1)
        function(2)
        self.assertEqual(compilations.count, 1)
        function(1.5)
        self.assertEqual(compilations.count, 2)
        self.assertEqual(compilations.compiled[0], ('<lambda>', '(int64)'))
        compilations.reset()
        self.assertEqual((compilations.count, compilations.compiled), (0, []))

    def test_calls_of_installed_functions_compile_nothing(self):
        program = UserProgram(self, 'def f(x):\n' + BUSY + '    return x + x\n')
        module = program.watch()
        module.f(1)
        self.assertEqual(program.decide()['f']['tier'], 'numba-auto')
        compilations.listen()
        compilations.reset()
        for value in (2, 2.5, 'a', 2**70, 2**62, [1]):
            module.f(value)
        self.assertEqual(compilations.count, 0)


if __name__ == '__main__':
    unittest.main()
