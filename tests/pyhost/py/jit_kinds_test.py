# Kinds of values, copies, comparisons, and the recorder that uses them.

import math
import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from jit_program import UserProgram

import numpy as np

from fwrun_host.jit import compare, recorder, trampoline
from fwrun_host.jit.kinds import Unsupported, describe, kind_of, test_source, text_of


class Integer(int):
    pass


class Kinds(unittest.TestCase):
    VALUES = (1, 1.5, True, 1j, 'a', (1, 2.0), ((1,), 'a'), [1, 2], [1.0], [True], ['a'],
              np.arange(3), np.arange(3.0), np.arange(6.0).reshape(2, 3),
              np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.arange(12.0).reshape(3, 4)[:, ::2],
              np.arange(3, dtype='u1'), np.frombuffer(b'12345678'))

    def test_every_value_passes_the_test_of_its_own_kind_only(self):
        kinds = [kind_of(value) for value in self.VALUES]
        self.assertEqual(len(set(kinds)), len(kinds))
        for kind in kinds:
            constants = trampoline.Constants()
            text = test_source(kind, 'x', constants)
            for index, (mark, value) in enumerate(constants.objects.items()):
                text = text.replace(repr(mark), f'c{index}')
            scope = {f'c{i}': one for i, one in enumerate(constants.objects.values())}
            for other, value in zip(kinds, self.VALUES):
                passed = bool(eval(text, scope, {'x': value}))
                self.assertEqual(passed, kind == other, (kind, other))
            for value in (None, Integer(1), [], (), {}, [1, 1.0], [Integer(1)], np.zeros((0,)),
                          np.float64(1), np.arange(3.0).astype('>f8'), np.ma.array([1.0])):
                self.assertFalse(eval(text, scope, {'x': value}), (kind, value))

    def test_what_has_no_kind_is_named(self):
        for value, word in (([], 'empty list'), ([1, 1.0], 'several types'), ([[1]], 'list of list'),
                            ({}, 'dict'), (None, 'NoneType'), (Integer(1), 'Integer'),
                            (np.float64(1), 'float64'), (np.zeros(0), 'empty array'),
                            (np.array(['a']), 'array of'), (np.arange(3.0).astype('>f8'), '>f8'),
                            ((), 'tuple of 0'), ((1,) * 17, 'tuple of 17')):
            with self.assertRaises(Unsupported) as caught:
                kind_of(value)
            self.assertIn(word, str(caught.exception))

    def test_kinds_are_written_as_a_reader_would(self):
        self.assertEqual(text_of(kind_of([1.0])), 'list[float]')
        self.assertEqual(text_of(kind_of(((1,), np.zeros((2, 2))))), '((int), array(float64, 2d, C))')
        self.assertEqual(describe(('a',)), '(str,)')
        self.assertEqual(describe((1, {})), '(int, dict)')


class Comparison(unittest.TestCase):
    def test_copies_are_equal_of_the_same_kind_and_share_nothing(self):
        for value in Kinds.VALUES:
            copied = compare.copy_of(value)
            self.assertTrue(compare.same(value, copied))
            self.assertEqual(kind_of(value), kind_of(copied))
            self.assertFalse(compare.aliases(copied, [value]))
        self.assertRaises(TypeError, compare.copy_of, {})
        self.assertRaises(TypeError, compare.copy_of, [object()])

    def test_only_the_same_is_the_same(self):
        different = (1, 1.0, True, '1', (1,), [1], [1.0], -0.0, 0.0, 1j, complex(0.0, -0.0), 0j,
                     math.nan, None, np.float64(1), np.float32(1), np.int64(1), np.array([1.0]),
                     np.array([1]), np.array([-0.0]), np.array([0.0]), np.array([math.nan]))
        for i, one in enumerate(different):
            for j, other in enumerate(different):
                self.assertEqual(compare.same(one, other), i == j, (one, other))

    def test_a_tolerance_is_relative(self):
        for make in (float, lambda x: [x], lambda x: np.array([x, math.nan]), np.float64,
                     lambda x: complex(x, x), lambda x: np.array([x], 'c16')):
            self.assertFalse(compare.same(make(1e6), make(1e6 + 1), 1e-7))
            self.assertTrue(compare.same(make(1e6), make(1e6 + 1), 1e-5))
            self.assertFalse(compare.same(make(0.0), make(1e-30), 1e-5))

    def test_shared_memory_is_seen(self):
        array, items = np.arange(4.0), [1]
        for result in (array, array[1:], (1, array[::2]), [array]):
            self.assertTrue(compare.aliases(result, [array]))
        self.assertTrue(compare.aliases((items,), [items]))
        self.assertFalse(compare.aliases([1], [items]))

    def test_results_are_converted_only_when_all_agree(self):
        self.assertIsNone(compare.converter([1.0, 2.0]))
        self.assertIsNone(compare.converter([np.float64(1), 2.0]))
        self.assertIs(type(compare.converter([np.int64(1)])(5)), np.int64)
        made = compare.converter([(np.float64(1), 2), (np.float64(3), 4)])((1.0, 2))
        self.assertEqual(list(map(type, made)), [np.float64, int])


class Recording(unittest.TestCase):
    def watched(self, source):
        program = UserProgram(self, source)
        return program, program.watch()

    def test_as_many_calls_as_are_useful_are_kept(self):
        program, module = self.watched('def f(x):\n    return x\n')
        for n in range(3):
            for _ in range(5):
                module.f(n)
        one = program.auto.modules[module]['f'].recorder
        self.assertEqual((len(one.samples), one.calls), (3, 15))
        for n in range(1000):
            module.f(n)
        self.assertEqual(len(one.samples), recorder.MOST_SAMPLES)

    def test_large_arguments_are_kept_a_few_times(self):
        program, module = self.watched('def f(a):\n    return a[0]\n')
        for _ in range(20):
            module.f(np.zeros(10_000))
        one = program.auto.modules[module]['f'].recorder
        self.assertEqual(len(one.samples), recorder.MOST_LARGE_SAMPLES)

    def test_time_of_functions_that_call_each_other_is_counted_once(self):
        program, module = self.watched('def g(x):\n    return x\ndef f(x):\n    return g(x)\n')
        for n in range(10):
            module.f(n)
        self.assertEqual(program.auto.clock.calls, 10)
        self.assertEqual(program.auto.modules[module]['g'].recorder.calls, 10)

    def test_recursive_functions_take_no_more_frames_than_without(self):
        program, module = self.watched(
            'def f(n):\n    if n == 0:\n        return 0\n    return f(n - 1) + 1\n')
        self.assertEqual(module.f(sys.getrecursionlimit() - 100), sys.getrecursionlimit() - 100)

    def test_exceptions_pass_through_and_are_not_recorded(self):
        program, module = self.watched('def f(x):\n    return 1 // x\n')
        self.assertRaises(ZeroDivisionError, module.f, 0)
        self.assertEqual(module.f(1), 1)
        self.assertEqual(len(program.auto.modules[module]['f'].recorder.samples), 1)


if __name__ == '__main__':
    unittest.main()
