# Whatever the annotator lets pass: each construct compiled, and called with arguments
# far from those of the training. Compiled or not, the answer is Python's.

import math
import os
import sys
import types
import unittest
import warnings

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from jit_program import BUSY, HEAD, UserProgram

import numpy as np

from fwrun_host.jit import compare

INTS = (0, 1, -1, 5, 7, 63, 64, 2**31, 2**53 + 1, 2**62, 2**63 - 1, -2**63, 2**64, True)
FLOATS = (0.0, -0.0, 0.1, 2.5, -3.5, 1e308, 2.0**63, math.inf, -math.inf, math.nan)

# (parameters, body, training arguments, other arguments, must be compiled)
CASES = (
    ('a, b', 'return a + b * 2 - a // 3', [(5, 7)], [(a, b) for a in INTS for b in INTS], True),
    ('a, b', 'return a % b if b else a / 2.0', [(5.0, 7.0)],
     [(a, b) for a in FLOATS for b in FLOATS], True),
    ('a, b', 'return -a < b <= abs(a) or not a', [(5, 7)],
     [(a, b) for a in INTS for b in INTS + FLOATS], True),
    ('a', 'return int(a) + round(a) + math.floor(a) + math.ceil(a)', [(2.5,)],
     [(a,) for a in FLOATS + (3.5, -0.5)], True),
    ('a, b', 'return min(a, b), max(a, b, a)', [(1.0, 2.0)],
     [(a, b) for a in FLOATS for b in FLOATS], True),
    ('n', 'return [i * i for i in range(n) if i % 2]', [(9,)], [(0,), (1,), (20,), (-3,)], False),
    ('n', 'return [0] * n', [(5,)], [(0,), (-1,), (7,), (2**61,), (2**63 - 1,)], True),
    ('xs', 't = 0\nfor i, x in enumerate(xs):\n    t += i * x\nreturn t', [([1, 2],)],
     [([3],), ([2**62, 2**62, 2**62],), ([],), ([1.5],), ((1, 2),)], False),
    ('xs, ys', 't = 0.0\nfor x, y in zip(xs, ys):\n    t += x * y\nreturn t',
     [([1.0], [2.0]), (np.ones(2), np.ones(2))],
     [([3.0, 4.0], [5.0]), (np.arange(3.0), np.arange(5.0)), ([1], [2.0])], False),
    ('s', 'return s[1:] + s[:1] + "x"', [('abc',)], [('',), ('ä',), ('\U0001f600z',)], True),
    ('s, t', 'return s < t, s == t, len(s)', [('a', 'b')], [('', ''), ('ä', 'z'), ('a', 1)], False),
    ('a', 'b, c = a\nreturn c, b', [((1, 2.0),)], [((2**63 - 1, math.nan),), ((1, 2),), ((1,),)],
     True),
    ('a', 'return a[0][1] + N', [(((1, 2), 3),)], [(((1, 2**63 - 1), 3),), ((1, 3),)], True),
    ('n', 'i = n\nwhile True:\n    i = i - 1\n    if i < 0:\n        break\nreturn i', [(3,)],
     [(0,), (100,), (-5,)], True),
    ('n', 'for i in range(n):\n    if i > 3:\n        break\nelse:\n    return -1\nreturn n', [(3,)],
     [(0,), (100,), (2**62,), (2**63 - 1,)], True),
    ('a, b', 't = 0\nfor i in range(a, b):\n    t += 1\n    if t > 5:\n        break\nreturn t',
     [(0, 3)], [(-2**63, 2**63 - 1), (-2**62, 2**62), (0, 10)], True),
    ('a, b, c', 't = 0\nfor i in range(a, b, c):\n    t += i\nreturn t', [(0, 9, 2)],
     [(0, 9, 0), (9, 0, -2), (0, 0, 1), (0.5, 3, 1)], True),
    ('n', 'a = np.zeros((n, 2), dtype=np.int64)\na[n - 1, 1] = n\nreturn a', [(2,)],
     [(1,), (0,), (-1,), (5,)], False),
    ('n', 'a = np.ones(n)\na[0] = 3\na[1] += 0.5\nreturn a[0] / a[1]', [(2,)],
     [(1,), (0,), (-1,), (5,)], True),
    ('a, i', 'return a[i] * 2 + a[i - 1]', [(np.arange(4), 1)],
     [(np.array([2**62, 2**62]), 1), (np.arange(4), 9), (np.arange(4.0), 2)], True),
    ('z, w', 'return abs(z * w + z), z.real, (z - w).imag', [(1 + 2j, 2j)],
     [(complex(1e308, 1e308), 3j), (complex(math.nan, 0), 1j), (0j, 0j), (1j, 2.0)], True),
    ('a, b', 'return a << b, a >> b, a & b, a | b, a ^ b, ~a', [(5, 2)],
     [(1, 62), (1, 63), (1, 64), (-1, 3), (1, -1), (0, 200), (2**62, 1)], True),
    ('x', 'y: float = x\ny **= 2\nreturn math.atan2(y, 2) + math.pi', [(1.5,)],
     [(1e200,), (-0.0,), (math.inf,)], True),
    ('x', 'return x == 1 and x or x * 2', [(1,), (2,)], [(0,), (2**62,), (1.0,), ('a',)], True),
    ('x', 'if x is None:\n    return 1\nreturn x + 1', [(1,)], [(None,), (2**63 - 1,)], True),
    ('x', 'y = x\nif x > 2:\n    y = x / 2\nreturn y', [(1,), (5,)], [(4,), (0,)], False),
    ('x', 'return complex(x, 1), complex(x)', [(1.0,)], [(math.nan,), (-0.0,)], True),
    ('x', 'return ord(x) + len(chr(77))', [('a',)], [('',), ('ab',), ('\U0001f600',)], True),
    ('n', 'return sum([n, n]) + max([n, 1])', [(3,)], [(2**62,), (-1,)], False),
)


def outcome(function, arguments):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')  # NumPy's, of overflows
            return function(*map(compare.copy_of, arguments))
    except Exception as error:
        return type(error), str(error)


class Constructs(unittest.TestCase):
    def test_every_construct_gives_pythons_answers(self):
        for parameters, body, training, others, must in CASES:
            with self.subTest(body):
                self.check(parameters, body, training, others, must)

    def check(self, parameters, body, training, others, must):
        body = BUSY + ''.join(f'    {line}\n' for line in body.split('\n'))
        source = f'N = 3\ndef f({parameters}):\n{body}'
        pure = types.ModuleType('pure')
        exec(HEAD + source, pure.__dict__)
        program = UserProgram(self, source)
        self.assertEqual(program.plan.excluded, [])
        module = program.watch()
        for one in training:
            module.f(*one)
        entry = program.decide()['f']
        if must:
            self.assertEqual(entry['tier'], 'numba-auto', entry['reason'])
        for one in [*training, *others]:
            expected, result = outcome(pure.f, one), outcome(module.f, one)
            same = expected == result if type(expected) is tuple and expected and isinstance(
                expected[0], type) else compare.same(expected, result)
            self.assertTrue(same, (one, expected, result))


if __name__ == '__main__':
    unittest.main()
