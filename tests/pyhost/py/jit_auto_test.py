# Automatic compilation against programs that would notice a difference.

import functools
import inspect
import linecache
import math
import os
import sys
import traceback
import unittest
import warnings

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from jit_program import BUSY, UserProgram

import numpy as np

from fwrun_host.jit import is_trampoline


class AutoTest(unittest.TestCase):
    # Trains functions with calls, given as (name, arguments...).
    def trained(self, source, *calls, tolerance=0.0, seconds=60):
        program = UserProgram(self, source, tolerance)
        module = program.watch()
        for name, *arguments in calls:
            try:
                getattr(module, name)(*arguments)
            except Exception:
                pass
        self.entries = program.decide(seconds)
        self.auto = program.auto
        return module

    def accepted(self, name):
        self.assertEqual(self.entries[name]['tier'], 'numba-auto', self.entries[name]['reason'])

    def interpreted(self, name, *words):
        entry = self.entries[name]
        self.assertEqual(entry['tier'], 'interpreted')
        for word in words:
            self.assertIn(word, entry['reason'])

    def fell_back(self, word=None):
        notes = self.auto.fallbacks()
        if word is None:
            self.assertEqual(notes, [])
        else:
            self.assertIn(word, ' '.join(note['reason'] for note in notes))
        self.auto.reset()
        self.assertEqual(self.auto.fallbacks(), [])


class Numbers(AutoTest):
    def test_a_result_beyond_64_bits_is_pythons(self):
        module = self.trained('def f(n):\n' + BUSY + '    r = 1\n    for i in range(2, n + 1):\n'
                              '        r *= i\n    return r\n', ('f', 5), ('f', 10))
        self.accepted('f')
        self.assertEqual(module.f(20), math.factorial(20))
        self.fell_back()
        self.assertEqual(module.f(25), math.factorial(25))
        self.fell_back('does not compute as Python does')

    def test_arguments_beyond_64_bits_are_pythons(self):
        module = self.trained('def f(n):\n' + BUSY + '    return n + 1\n', ('f', 5))
        self.accepted('f')
        self.assertEqual(module.f(2**63 - 1), 2**63)
        self.assertEqual(module.f(2**63), 2**63 + 1)
        self.assertEqual(module.f(-2**63), -2**63 + 1)

    def test_negative_exponents_and_complex_powers_are_pythons(self):
        module = self.trained('def f(a, b):\n' + BUSY + '    return a ** b\n', ('f', 2, 10),
                              ('f', 2.0, 0.5))
        self.accepted('f')
        self.assertEqual(module.f(2, -1), 0.5)
        self.assertEqual(module.f(-8.0, 0.5), (-8.0) ** 0.5)
        self.assertRaises(ZeroDivisionError, module.f, 0, -1)
        self.assertRaises(OverflowError, module.f, 10.0, 400.0)

    def test_types_that_training_did_not_cover_run_interpreted(self):
        module = self.trained('def f(a):\n' + BUSY + '    return a + a\n', ('f', 2))
        self.accepted('f')
        self.assertEqual(module.f(21), 42)
        self.fell_back()
        self.assertEqual(module.f('ab'), 'abab')
        self.fell_back('called with (str,), which training did not cover')
        for value in (1.5, 1j, [1], (1,), np.int64(3), np.float64(2.5)):
            self.assertEqual(module.f(value), value + value)
            self.assertIs(type(module.f(value)), type(value + value))
            self.fell_back('did not cover')
        self.assertIs(type(module.f(True)), int)
        self.fell_back('(bool,)')
        self.assertRaises(TypeError, module.f, None)

    def test_math_raises_as_in_python(self):
        module = self.trained('def f(x):\n' + BUSY + '    return math.sqrt(x) + math.exp(x)\n',
                              ('f', 2.0))
        self.accepted('f')
        self.assertRaisesRegex(ValueError, 'math domain error', module.f, -1.0)
        self.assertRaisesRegex(OverflowError, 'math range error', module.f, 1000.0)
        self.assertTrue(math.isnan(module.f(math.nan)))

    def test_division_by_zero_shows_the_users_line(self):
        module = self.trained('def f(a, b):\n' + BUSY + '    return a // b\n', ('f', 7, 2))
        self.accepted('f')
        self.assertEqual(module.f(-7, 2), -4)
        self.addCleanup(linecache.clearcache)
        try:
            module.f(1, 0)
            self.fail('it divides by zero')
        except ZeroDivisionError as error:
            frames = [(link.f_code, line) for link, line in traceback.walk_tb(error.__traceback__)]
            self.assertIsNone(error.__context__)
        user = [(code, line) for code, line in frames
                if code.co_filename == module.__file__ and not is_trampoline(code)]
        self.assertEqual(len(user), 1)
        self.assertEqual(linecache.getline(module.__file__, user[0][1]).strip(), 'return a // b')

    def test_nan_and_negative_zero_are_results_like_others(self):
        module = self.trained('def f(x):\n' + BUSY + '    return x * -1.0\n', ('f', 0.0),
                              ('f', math.nan), ('f', math.inf))
        self.accepted('f')
        self.assertEqual(math.copysign(1, module.f(0.0)), -1)

    def test_comparisons_of_large_integers_with_floats_are_exact(self):
        module = self.trained('def f(a, b):\n' + BUSY + '    return a == b\n', ('f', 1, 1.0))
        self.accepted('f')
        self.assertIs(module.f(2**53 + 1, 2.0**53), False)

    def test_a_type_that_depends_on_the_path_is_not_hidden(self):
        module = self.trained('def f(n):\n' + BUSY + '    s = 0\n    for i in range(n):\n'
                              '        s += 0.5\n    return s\n', ('f', 3))
        self.interpreted('f', 's is an int', 'line')
        self.assertIs(type(module.f(0)), int)
        module = self.trained('def f(n):\n' + BUSY + '    if n > 3:\n        return 1\n'
                              '    return 2.0\n', ('f', 3))
        self.interpreted('f')

    def test_a_result_that_is_sometimes_none_is_not_hidden(self):
        self.trained('def f(n):\n' + BUSY + '    if n > 3:\n        return n\n', ('f', 4))
        self.interpreted('f')

    def test_a_tolerance_is_for_floats_only(self):
        source = 'def f(x):\n' + BUSY + '    return (x + 1e-9) - x\n'
        program = UserProgram(self, source, 1e-6)
        module = program.watch()
        module.f(1.0)
        recorder = program.auto.modules[module]['f'].recorder
        recorder.samples[0].result *= 1 + 1e-8
        self.assertEqual(program.decide()['f']['tier'], 'numba-auto')
        program = UserProgram(self, source)
        program.watch().f(1.0)
        recorder = program.auto.modules[program.module]['f'].recorder
        recorder.samples[0].result *= 1 + 1e-8
        self.assertIn('instead of', program.decide()['f']['reason'])


class Containers(AutoTest):
    def test_an_index_out_of_range_raises_and_a_negative_one_counts_back(self):
        module = self.trained('def f(a, i):\n' + BUSY + '    return a[i]\n', ('f', [1, 2, 3], 1),
                              ('f', np.arange(3.0), 1), ('f', 'abc', 1), ('f', (1, 2), 1))
        self.accepted('f')
        for value in ([1, 2, 3], np.arange(3.0), 'abc', (1, 2)):
            self.assertEqual(module.f(value, -1), value[-1])
            self.assertIs(type(module.f(value, 0)), type(value[0]))
            self.assertRaises(IndexError, module.f, value, 3)
            self.assertRaises(IndexError, module.f, value, -4)

    def test_lists_of_other_elements_and_empty_ones_run_interpreted(self):
        module = self.trained('def f(a):\n' + BUSY + '    return sum(a)\n',
                              ('f', [1.0, 2.0]), ('f', [1, 2]))
        self.accepted('f')
        self.assertEqual(module.f([0.5] * 4), 2.0)
        self.fell_back()
        self.assertIs(type(module.f([])), int)
        self.fell_back('an empty list')
        self.assertEqual(module.f([1, 0.5]), 1.5)
        self.assertEqual(module.f([True, True]), 2)
        self.assertEqual(module.f([2**62, 2**62]), 2**63)
        self.assertEqual(module.f([2**70]), 2**70)

    def test_big_lists_give_the_same_result_or_stay_interpreted(self):
        module = self.trained('def f(a):\n    s = 0.0\n    for x in a:\n        s += x\n'
                              '    return s\n', ('f', [0.1] * 50_000))
        self.assertIn(self.entries['f']['tier'], ('numba-auto', 'interpreted'))
        self.assertEqual(module.f([0.1] * 100_000), functools.reduce(float.__add__, [0.1] * 100_000))

    def test_arrays_of_other_types_and_layouts_run_interpreted(self):
        module = self.trained('def f(a):\n' + BUSY + '    s = 0.0\n'
                              '    for i in range(a.shape[0]):\n'
                              '        for j in range(a.shape[1]):\n            s += a[i, j]\n'
                              '    return s\n', ('f', np.arange(6.0).reshape(2, 3)))
        self.accepted('f')
        whole = np.arange(24.0).reshape(4, 6)
        readonly = whole.copy()
        readonly.flags.writeable = False
        self.assertEqual(module.f(whole), 276.0)
        self.assertIs(type(module.f(whole)), np.float64)
        self.fell_back()
        for array in (whole[::2, ::2], np.asfortranarray(whole), whole.astype('f4'), readonly,
                      whole.astype('i8'), whole.astype('>f8'), whole.astype(bool),
                      whole.astype(object), np.zeros((0, 3)), whole.view(np.matrix)):
            expected = functools.reduce(lambda a, b: a + b,
                                        [array[i, j] for i in range(array.shape[0])
                                         for j in range(array.shape[1])], 0.0)
            self.assertEqual(module.f(array), expected)
            self.fell_back('did not cover')

    def test_other_layouts_work_when_training_covers_them(self):
        whole = np.arange(24.0).reshape(4, 6)
        readonly = whole.copy()
        readonly.flags.writeable = False
        arrays = [whole, np.asfortranarray(whole), whole[::2, ::2], readonly]
        module = self.trained('def f(a):\n' + BUSY + '    return a[1, 1]\n',
                              *(('f', one) for one in arrays))
        self.accepted('f')
        for one in arrays:
            self.assertEqual(module.f(one), one[1, 1])
        self.fell_back()

    def test_small_integers_of_numpy_wrap_so_their_arithmetic_is_left_alone(self):
        self.trained('def f(a):\n' + BUSY + '    return a[0] + a[1]\n',
                     ('f', np.array([1, 2], 'u1')))
        self.interpreted('f', 'left to the interpreter')

    def test_an_integer_that_is_numpys_on_some_paths_only_is_not_hidden(self):
        array = np.arange(4)
        module = self.trained('def f(a, n):\n' + BUSY + '    s = 0\n    for i in range(n):\n'
                              '        s += a[i]\n    return s\n'
                              'def g(a, n):\n' + BUSY + '    s = 0\n    for i in range(n):\n'
                              '        s += a[i]\n    return int(s)\n'
                              'def h(a):\n' + BUSY + '    return a[0] * 2 + 1, a[1] > 0\n'
                              'def k(a, n):\n' + BUSY + '    out = [1]\n    if n:\n'
                              '        out.append(a[n])\n    return out\n',
                              ('f', array, 3), ('g', array, 3), ('h', array), ('k', array, 0))
        self.interpreted('f', "NumPy's on some paths only")
        self.interpreted('k', "a list with NumPy's scalars")
        self.accepted('g')
        self.accepted('h')
        self.assertIs(type(module.f(array, 0)), int)
        self.assertIs(type(module.g(array, 0)), int)
        self.assertEqual(list(map(type, module.h(array))), [np.int64, np.bool_])

    def test_a_new_list_or_array_may_be_returned(self):
        module = self.trained('def f(n):\n' + BUSY + '    out = []\n    for i in range(n):\n'
                              '        out.append(i * i)\n    return out\n'
                              'def g(n):\n' + BUSY + '    out = np.zeros(n)\n'
                              '    for i in range(n):\n        out[i] = i * 0.5\n    return out\n',
                              ('f', 5), ('g', 5))
        self.accepted('f')
        self.accepted('g')
        self.assertEqual(module.f(4), [0, 1, 4, 9])
        self.assertEqual(module.f(0), [])
        self.assertEqual(module.g(3).tolist(), [0.0, 0.5, 1.0])
        self.assertIsNot(module.f(4), module.f(4))

    def test_strings_of_all_planes_work(self):
        module = self.trained('def f(s):\n' + BUSY + '    h = 0\n    for c in s:\n'
                              '        h = (h * 31 + ord(c)) % 1000003\n    return h\n',
                              ('f', 'abc'))
        self.accepted('f')
        for text in ('', 'Äöü', 'Ω≈ç√', '\U0001f600\U0001f680', 'a\0b', '\ud800'):
            expected = functools.reduce(lambda h, c: (h * 31 + ord(c)) % 1000003, text, 0)
            self.assertEqual(module.f(text), expected)


class Effects(AutoTest):
    def test_results_that_share_memory_with_an_argument_exclude(self):
        self.trained('def f(a):\n' + BUSY + '    return a[1:]\n'
                     'def g(a):\n' + BUSY + '    if len(a) > 3:\n        return a\n'
                     '    return [0]\n',
                     ('f', np.arange(5.0)), ('g', [1]))
        self.interpreted('f', 'part of an argument')
        self.interpreted('g', 'did not make')

    def test_a_function_that_the_text_does_not_give_away_is_caught_by_recording(self):
        program = UserProgram(self, 'def f(a, x):\n    return x + 1\n')
        module = program.watch()
        recorder = program.auto.modules[module]['f'].recorder
        recorder.twin = lambda a, x: a.append(x) or x + 1
        given = [1]
        self.assertEqual(module.f(given, 2), 3)
        self.assertEqual(given, [1, 2])
        self.assertIn('changes an argument', program.decide()['f']['reason'])

    def test_random_numbers_and_clocks_are_excluded(self):
        program = UserProgram(self, 'import random, time\n'
                              'def f(x):\n    return random.random() * x\n'
                              'def g(x):\n    return time.time() * x\n')
        module = program.watch()
        self.assertNotEqual(module.f(1.0), module.f(1.0))
        entries = program.decide()
        self.assertIn('random', entries['f']['reason'])
        self.assertIn('time', entries['g']['reason'])

    def test_a_global_that_is_bound_again_is_seen(self):
        module = self.trained('K = 2.0\ndef g(x):\n    return x * 3.0\n'
                              'def f(x):\n' + BUSY + '    return g(x) * K\n', ('f', 1.0))
        self.accepted('f')
        self.assertEqual(module.f(1.0), 6.0)
        self.fell_back()
        module.K = 5.0
        self.assertEqual(module.f(1.0), 15.0)
        self.fell_back('K is no longer')
        module.K = 'x'
        self.assertRaises(TypeError, module.f, 1.0)
        del module.K
        self.assertRaises(NameError, module.f, 1.0)

    def test_a_callee_that_is_replaced_is_seen(self):
        module = self.trained('def g(x):\n    return x * 3.0\n'
                              'def f(x):\n' + BUSY + '    return g(x) + math.sqrt(x)\n',
                              ('f', 1.0))
        self.accepted('f')
        kept, module.g = module.g, lambda x: 100.0
        self.assertEqual(module.f(1.0), 101.0)
        self.fell_back('g is no longer')
        module.g = kept
        self.assertEqual(module.f(1.0), 4.0)
        self.fell_back()
        root = math.sqrt
        self.addCleanup(setattr, math, 'sqrt', root)
        math.sqrt = lambda x: 7.0
        self.assertEqual(module.f(1.0), 10.0)
        self.fell_back('math.sqrt is no longer')
        math.sqrt = root
        module.range = lambda n: []
        self.assertEqual(module.f(1.0), 4.0)
        self.fell_back('range is no longer')

    def test_a_callee_that_differs_takes_its_callers_along(self):
        program = UserProgram(self, 'def g(x):\n' + BUSY + '    return x * 3.0\n'
                              'def f(x):\n' + BUSY + '    return g(x) + 1.0\n')
        module = program.watch()
        module.f(1.0)
        program.auto.modules[module]['g'].recorder.samples[0].result = 4.0
        entries = program.decide()
        self.assertIn('returns 3.0 instead of 4.0', entries['g']['reason'])
        self.assertIn('g is function', entries['f']['reason'])


class Functions(AutoTest):
    FIB = ('def fib(n):\n    if n < 2:\n        return n\n'
           '    return fib(n - 1) + fib(n - 2)\n')

    def test_recursion_works(self):
        module = self.trained(self.FIB, ('fib', 15))
        self.accepted('fib')
        self.assertEqual(module.fib(20), 6765)
        self.fell_back()

    def test_mutual_recursion_works_or_stays_interpreted(self):
        module = self.trained('def even(n):\n' + BUSY + '    if n == 0:\n        return True\n'
                              '    return odd(n - 1)\n'
                              'def odd(n):\n    if n == 0:\n        return False\n'
                              '    return even(n - 1)\n', ('even', 10))
        self.assertIs(module.even(7), False)
        self.assertIs(module.even(100), True)

    def test_deep_recursion_is_pythons(self):
        module = self.trained('def f(n):\n    if n == 0:\n' + BUSY.replace('    ', '        ')
                              + '        return 0\n    return f(n - 1) + 1\n', ('f', 10))
        self.accepted('f')
        self.assertEqual(module.f(300), 300)
        self.fell_back()
        self.assertEqual(module.f(900), 900)
        self.fell_back('does not compute')
        self.assertRaises(RecursionError, module.f, 100_000)
        self.assertEqual(module.f(11), 11)
        self.assertEqual(self.auto.fallbacks()[1:], [], 'compiled again after the deep ones')

    def test_names_defaults_keywords_and_copies_of_the_function_stay(self):
        program = UserProgram(self, 'def f(a, /, b=2, c: float = 0.5) -> float:\n    "Doc."\n'
                              + BUSY + '    return a * b + c\n')
        copied = program.module.f
        before = (inspect.signature(copied), inspect.getdoc(copied), copied.__qualname__,
                  copied.__code__.co_firstlineno, copied.__code__.co_filename)
        original = copied.__code__
        module = program.watch()
        module.f(3), module.f(3, 4, c=1.0)
        self.assertIsNot(copied.__code__, original)
        entries = program.decide()
        self.assertEqual(entries['f']['tier'], 'numba-auto', entries['f']['reason'])
        self.assertIs(module.f, copied)
        self.assertIsNot(copied.__code__, original)
        after = (inspect.signature(copied), inspect.getdoc(copied), copied.__qualname__,
                 copied.__code__.co_firstlineno, copied.__code__.co_filename)
        self.assertEqual(before, after)
        self.assertTrue(inspect.getsource(copied).startswith('def f(a, /'))
        self.assertFalse(hasattr(copied, '__wrapped__'))
        self.assertEqual(copied(3), 6.5)
        self.assertEqual(copied(3, c=1.5, b=1), 4.5)
        self.assertEqual(program.auto.fallbacks(), [])
        self.assertRaises(TypeError, copied)
        self.assertRaises(TypeError, copied, 1, 2, 3.0, 4)
        self.assertNotIn('__fw', ' '.join(vars(module)))

    def test_calls_among_candidates_may_use_keywords_and_defaults(self):
        module = self.trained('def g(x, k=2):\n    return x * k\n'
                              'def f(n):\n' + BUSY + '    return g(n) + g(n, k=3) + g(k=4, x=n)\n',
                              ('f', 1))
        self.accepted('f')
        self.assertEqual(module.f(10), 90)
        module.g.__defaults__ = (7,)
        self.assertEqual(module.f(10), 140)
        self.fell_back('g.__defaults__ is no longer')

    def test_a_raise_is_done_by_the_interpreter(self):
        module = self.trained('def f(n):\n' + BUSY + '    if n < 0:\n'
                              '        raise ValueError(f"bad {n!r}")\n    assert n < 100, n\n'
                              '    return n\n', ('f', 1))
        self.accepted('f')
        self.assertRaisesRegex(ValueError, 'bad -3', module.f, -3)
        self.assertRaises(AssertionError, module.f, 100)

    def test_what_numba_cannot_compile_keeps_its_own_code(self):
        program = UserProgram(self, 'def f(s):\n' + BUSY + '    return s * 2\n')
        original = program.module.f.__code__
        module = program.watch()
        module.f('ab')
        entries = program.decide()
        self.assertIn('left to the interpreter', entries['f']['reason'])
        self.assertIs(module.f.__code__, original)

    def test_a_function_that_is_not_faster_keeps_its_own_code(self):
        program = UserProgram(self, 'def f(xs):\n    return len(xs)\ndef g(n):\n' + BUSY
                              + '    return n\n')
        original = program.module.f.__code__
        module = program.watch()
        module.f([1.0] * 2000)
        module.g(1)
        entries = program.decide()
        self.assertIn('slower', entries['f']['reason'])
        self.assertIs(module.f.__code__, original)

    def test_without_time_everything_stays_interpreted(self):
        program = UserProgram(self, self.FIB)
        original = program.module.fib.__code__
        module = program.watch()
        module.fib(10)
        entries = program.decide(0)
        self.assertIn('time for compiling (0 s) was over', entries['fib']['reason'])
        self.assertIs(module.fib.__code__, original)

    def test_a_failure_of_the_compiler_harms_nobody(self):
        from fwrun_host.jit.program import Program
        self.addCleanup(setattr, Program, 'compile', Program.compile)
        Program.compile = lambda *arguments: {}['missing']
        module = self.trained(self.FIB, ('fib', 12))
        self.interpreted('fib', "compiling it failed: KeyError: 'missing'")
        self.assertEqual(module.fib(12), 144)

    def test_no_compiler_warnings_reach_the_user(self):
        with warnings.catch_warnings(record=True) as seen:
            warnings.simplefilter('always')
            module = self.trained('def f(a):\n' + BUSY + '    return a[0]\n', ('f', [1.0, 2.0]))
            module.f([1.0])
        self.accepted('f')
        self.assertEqual([str(one.message) for one in seen], [])

    def test_the_report_has_signatures_sizes_and_times(self):
        self.trained('def f(a, b):\n' + BUSY + '    return a * b\n'
                     'def never(x):\n    return x\n'
                     'def raises(x):\n    return x // 0\n'
                     'def table(x):\n    return open(x)\n',
                     ('f', 1, 2.0), ('f', 1, 2), ('raises', 1))
        self.accepted('f')
        entry = self.entries['f']
        self.assertEqual(entry['signatures'], ['(int, float)', '(int, int)'])
        self.assertGreater(entry['code_bytes'], 100)
        self.assertGreater(entry['compile_us'], 0)
        self.assertGreaterEqual(entry['before_us'], entry['after_us'])
        self.assertEqual((entry['line'], entry['annotated'], entry['optimised']), (3, False, True))
        self.interpreted('never', 'training never called it')
        self.interpreted('raises', 'every call in training raised')
        self.interpreted('table', 'open()')


if __name__ == '__main__':
    unittest.main()
