# Checked arithmetic computes what Python computes, or gives up: every operation,
# on operands at the edges and at random.

import itertools
import math
import os
import random
import struct
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import jit_program  # noqa: F401

import numba

from fwrun_host.jit import checked_math
from fwrun_host.jit.checked import OPERATIONS

assert checked_math

EDGES = {
    int: [0, 1, -1, 2, 3, -7, 10, 62, 63, 64, 2**31, -2**31, 2**53, 2**53 + 1, -2**53 - 1, 2**62,
          2**63 - 1, -2**63, -2**63 + 1],
    float: [0.0, -0.0, 1.0, -1.0, 0.5, 1.5, 2.5, -2.5, 3.0, 1e-320, 1e300, -1e300, 2.0**53,
            2.0**63, -2.0**63, math.inf, -math.inf, math.nan, 710.0, -750.0, 0.1],
    complex: [0j, 1 + 2j, -0.0 + 1j, 1e200 + 1e200j, complex(math.nan, 1), 3 - 4j],
    bool: [True, False],
    str: ['', 'a', 'ab', 'Ä', '\U0001f600'],
}
NUMBA = {int: numba.int64, float: numba.float64, complex: numba.complex128, bool: numba.boolean,
         str: numba.types.unicode_type}
UNARY = {'neg': lambda a: -a, 'pos': lambda a: +a, 'invert': lambda a: ~a, 'int': int,
         'float': float, 'bool': bool, 'abs': abs, 'round': round, 'ord': ord, 'chr': chr,
         'complex': complex}
BINARY = {'add': lambda a, b: a + b, 'sub': lambda a, b: a - b, 'mul': lambda a, b: a * b,
          'div': lambda a, b: a / b, 'floordiv': lambda a, b: a // b, 'mod': lambda a, b: a % b,
          'pow': lambda a, b: a ** b, 'lshift': lambda a, b: a << b,
          'rshift': lambda a, b: a >> b, 'bitand': lambda a, b: a & b,
          'bitor': lambda a, b: a | b, 'bitxor': lambda a, b: a ^ b, 'lt': lambda a, b: a < b,
          'le': lambda a, b: a <= b, 'gt': lambda a, b: a > b, 'ge': lambda a, b: a >= b,
          'eq': lambda a, b: a == b, 'ne': lambda a, b: a != b, 'min': min, 'max': max,
          'complex2': complex}


def operands(kind, generator):
    some = list(EDGES[kind])
    for _ in range(40):
        if kind is int:
            some.append(generator.randrange(-2**generator.randrange(1, 64), 2**62))
        if kind is float:
            some.append(struct.unpack('d', generator.randbytes(8))[0])
            some.append(generator.uniform(-30, 30))
    return [one for one in some if kind is not int or -2**63 <= one < 2**63]


def bits(value):
    if type(value) is float:
        return 'nan' if value != value else struct.pack('d', value)
    if type(value) is complex:
        return bits(value.real), bits(value.imag)
    return value


class Checked(unittest.TestCase):
    def compiled(self, name, count, kinds):
        scope = {'operation': OPERATIONS[name]}
        names = 'ab'[:count]
        exec(f'def call({",".join(names)}): return operation({",".join(names)})', scope)
        dispatcher = numba.jit(nopython=True, boundscheck=True, error_model='python')(scope['call'])
        try:
            dispatcher.compile(tuple(NUMBA[kind] for kind in kinds))
        except numba.core.errors.NumbaError:
            return None
        return next(iter(dispatcher.overloads.values())).entry_point

    # How often compiled code gave an answer.
    def compare(self, name, python, kinds):
        compiled = self.compiled(name, len(kinds), kinds)
        if compiled is None:
            return None
        generator = random.Random(name)
        answers = 0
        for given in itertools.product(*(operands(kind, generator) for kind in kinds)):
            try:
                result = compiled(*given)
            except Exception:
                continue
            answers += 1
            try:
                # Python's own integers would fill the memory.
                if name in ('pow', 'lshift') and kinds == (int, int) and abs(given[1]) > 1000:
                    expected = given[0] if given[0] in (0, 1) else abs(given[0]) == 1 and result
                else:
                    expected = python(*given)
            except Exception as error:
                self.fail(f'{name}{given} is {result!r} instead of {error!r}')
            self.assertIs(type(result), type(expected), (name, given, result, expected))
            self.assertEqual(bits(result), bits(expected), (name, given))
        return answers

    def test_unary_operations_are_pythons_or_give_up(self):
        for name, python in UNARY.items():
            answers = [self.compare(name, python, (kind,)) for kind in EDGES]
            self.assertTrue(any(answers), name)

    def test_binary_operations_are_pythons_or_give_up(self):
        for name, python in BINARY.items():
            answers = [self.compare(name, python, kinds)
                       for kinds in itertools.product(EDGES, repeat=2)]
            self.assertTrue(any(answers), name)

    def test_functions_of_math_are_pythons_or_give_up(self):
        names = [name for name in OPERATIONS if name.startswith('math.')]
        self.assertGreater(len(names), 25)
        for name in names:
            python = getattr(math, name.partition('.')[2])
            binary = name.partition('.')[2] in ('atan2', 'fmod', 'pow', 'copysign')
            for kinds in ((float,), (int,)):
                answers = self.compare(name, python, kinds * (1 + binary))
                self.assertTrue(answers, (name, kinds))

    def test_what_numpy_would_compute_otherwise_is_refused(self):
        for kind in (numba.int32, numba.uint8, numba.uint64, numba.float32, numba.float64[:]):
            scope = {'add': OPERATIONS['add']}
            exec('def call(a): return add(a, a)', scope)
            with self.assertRaises(numba.core.errors.NumbaError) as caught:
                numba.njit(scope['call']).compile((kind,))
            self.assertIn('left to the interpreter', str(caught.exception))
        self.assertIsNone(self.compiled('add', 2, (bool, bool)), 'numpy.bool_ adds otherwise')


if __name__ == '__main__':
    unittest.main()
