# Functions written at random, from what the annotator lets pass: whatever became of
# them, they answer as Python does, also for arguments unlike those of the training.

import os
import random
import sys
import types
import unittest
import warnings

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from jit_program import BUSY, HEAD, UserProgram

import numpy as np

from fwrun_host.jit import compare

PROGRAMS = int(os.environ.get('FW_PROGRAMS', 25))
SEED = int(os.environ.get('FW_SEED', 7))


class Writer:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.ints = ['a', 'b']
        self.floats = ['x']
        self.depth = 0

    def pick(self, *choices):
        return self.random.choice(choices)

    # Products and powers are kept small: Python's integers would fill the memory.
    def integer(self, depth=2):
        r = self.random
        if depth == 0 or r.random() < 0.2:
            return self.pick(r.choice(self.ints), str(r.randrange(-3, 10)), 'len(v)', 'LIMIT')
        one, other = self.integer(depth - 1), self.integer(depth - 1)
        return self.pick(f'({one} {r.choice(["+", "-", "//", "%", "&", "|", "^"])} {other})',
                         f'({one} * ({other} % 50))',
                         f'({one} << {r.randrange(8)})', f'({one} >> {r.randrange(70)})',
                         f'({one} % 99) ** {r.randrange(4)}', f'abs({one})', f'min({one}, {other})',
                         f'max({one}, {other}, 3)', f'int({self.real(depth - 1)})', f'-{one}',
                         f'({one} if {self.test()} else {other})', f'round({self.real(depth - 1)})',
                         f'g({one}, {other})', f'g({one})')

    def real(self, depth=2):
        r = self.random
        if depth == 0 or r.random() < 0.2:
            return self.pick(r.choice(self.floats), repr(r.uniform(-3, 3)), 'math.pi',
                             f'v[{self.integer(0)}]')
        one, other = self.real(depth - 1), self.real(depth - 1)
        mixed = self.integer(depth - 1)
        return self.pick(f'({one} {r.choice(["+", "-", "*", "/", "%", "//", "**"])} {other})',
                         f'({one} {r.choice(["+", "-", "*", "/"])} {mixed})', f'({mixed} / {one})',
                         f'({mixed} / {self.integer(depth - 1)})', f'math.sin({one})',
                         f'math.sqrt(abs({one}))', f'math.exp({one})', f'float({mixed})',
                         f'min({one}, {other})', f'({one} if {self.test()} else {other})', f'-{one}')

    def test(self):
        sign = self.pick('<', '<=', '==', '!=', '>', '>=')
        return self.pick(f'{self.integer(0)} {sign} {self.integer(0)}',
                         f'{self.real(0)} {sign} {self.integer(0)}',
                         f'{self.real(0)} < {self.real(0)} {sign} {self.real(0)}',
                         f'not {self.integer(0)}', f'({self.integer(0)} and {self.integer(0)})')

    def block(self, indent):
        pad = ' ' * indent
        lines = []
        for _ in range(self.random.randrange(1, 4)):
            kind = self.pick('int', 'int', 'float', 'float', 'aug', 'if', 'for', 'raise')
            if kind == 'int':
                lines.append(f'{pad}{self.pick("s", "t", "a")} = {self.integer()}')
            elif kind == 'float':
                lines.append(f'{pad}{self.pick("u", "w", "x")} = {self.real()}')
            elif kind == 'aug':
                lines.append(f'{pad}s {self.pick("+", "-", "%")}= {self.integer(1)}')
                lines.append(f'{pad}u {self.pick("+", "-", "*", "/")}= {self.real(1)}')
            elif kind == 'raise':
                lines += [f'{pad}if {self.test()}:', f'{pad}    raise ValueError(s)']
            elif self.depth < 2:
                self.depth += 1
                if kind == 'if':
                    lines += [f'{pad}if {self.test()}:', *self.block(indent + 4), f'{pad}else:',
                              *self.block(indent + 4)]
                else:
                    lines += [f'{pad}for i in range({self.pick("4", "b % 7", "a & 3, 6")}):',
                              f'{pad}    t = t + i', *self.block(indent + 4)]
                    if self.random.random() < 0.3:
                        lines += [f'{pad}    if {self.test()}:', f'{pad}        break']
                self.depth -= 1
        return lines or [f'{pad}pass']

    def source(self):
        start = ['    s = 0', '    t = 1', '    u = 0.0', '    w = 1.0']
        self.ints += ['s', 't']
        self.floats += ['u', 'w']
        body = self.block(4)
        result = self.pick('s', 'u', '(s, t, u, w, x)', '[u, w]', f's < {self.integer(1)}')
        return ('LIMIT = 100\ndef g(m, k=3):\n    return (m - k) * 2 if m > k else m\n'
                'def f(a, b, x, v):\n' + BUSY + '\n'.join(start + body) + f'\n    return {result}\n')


# A float may be NumPy's or Python's when it depends on the path which: they print the
# same. Integers and truth values may not.
def plain(value):
    if type(value) in (tuple, list):
        return type(value)(map(plain, value))
    return float(value) if type(value) is np.float64 else value


def outcome(function, arguments):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            return function(*arguments), None
    except Exception as error:
        return None, (type(error), str(error))


class Generated(unittest.TestCase):
    def test_functions_written_at_random_answer_as_python_does(self):
        compiled = 0
        for number in range(PROGRAMS):
            compiled += self.check(SEED * 1000 + number)
        self.assertGreater(compiled, PROGRAMS // 5)

    def check(self, seed):
        source = Writer(seed).source()
        generator = random.Random(seed)
        pure = types.ModuleType('pure')
        exec(HEAD + source, pure.__dict__)
        program = UserProgram(self, source)
        module = program.watch()
        training, others = [], []
        for index in range(60):
            wild = index >= 12
            ints = [generator.choice([0, 1, -1, 2**31, 2**53 + 1, 2**62, 2**63 - 1, -2**63, 2**70])
                    if wild and generator.random() < 0.4 else generator.randrange(0, 30)
                    for _ in range(2)]
            x = generator.choice([0.0, -0.0, 1e300, float('nan'), float('inf'), 2.0**63]) if (
                wild and generator.random() < 0.4) else generator.uniform(-5, 5)
            values = [generator.uniform(-9, 9) for _ in range(12)]
            v = np.array(values) if seed % 2 else values
            (others if wild else training).append((*ints, x, v))
        for one in training:
            self.same(source, outcome(pure.f, one), outcome(module.f, one), one)
        entry = program.decide()['f']
        for one in training + others:
            self.same(source, outcome(pure.f, one), outcome(module.f, one), one)
        return entry['optimised']

    def same(self, source, expected, result, arguments):
        # NumPy's own scalars warn where Python raises; both are what the interpreter does.
        self.assertEqual(expected[1], result[1], (source, arguments))
        self.assertTrue(compare.same(plain(expected[0]), plain(result[0])),
                        f'{source}\n{arguments}: {result[0]!r} instead of {expected[0]!r}')


if __name__ == '__main__':
    unittest.main()
