# Receipts of the user's own Numba functions, and the count of compilations.

import os
import sys
import unittest
import warnings

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from jit_program import BUSY, UserProgram

import numba

from fwrun_host.jit import compilations, receipt

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
