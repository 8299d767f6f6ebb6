# Which functions could be compiled without being marked, and why others not.

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import source_tree  # noqa: F401

from fwrun_annotate import annotate

HEAD = 'import math\nimport numpy as np\nN = 3\nPAIR = (1, -2.5)\nTABLE = [1]\n'


def plan_of(source):
    return annotate((HEAD + source).encode(), 'app.py', entry=True).plan


class Candidates(unittest.TestCase):
    def accepted(self, source):
        plan = plan_of(source)
        self.assertEqual(plan.excluded, [])
        return plan.candidates

    def excluded(self, source, *words):
        plan = plan_of(source)
        name = source.split('def ')[1].split('(')[0]
        reasons = {n: reason for n, _, reason in plan.excluded}
        self.assertIn(name, reasons, plan.candidates)
        for word in words:
            self.assertIn(word, reasons[name])

    def test_plain_functions_are_candidates(self):
        for source in ('def f(x): return math.sqrt(x) * N + PAIR[0]\n',
                       'def f(n):\n  "doc"\n  s = 0\n  for i in range(n):\n    s += i\n  return s\n',
                       'def f(n):\n  out = []\n  for i in range(n): out.append(i)\n  return out\n',
                       'def f(n):\n  out = np.zeros(n)\n  out[n - 1] = 2.0\n  return out\n',
                       'def f(n):\n  return [i * i for i in range(n) if i % 2]\n',
                       'def f(a):\n  if a < 0:\n    raise ValueError(f"bad {a}")\n  return a\n',
                       'def f(a):\n  while a > 1:\n    a -= 1\n  else:\n    a = 0\n  return a\n'):
            with self.subTest(source):
                self.assertEqual(self.accepted(source), [('f', 6)])

    def test_candidates_may_call_each_other_and_themselves(self):
        self.assertEqual(self.accepted('def f(n): return g(n) + f(n - 1) if n else 0\n'
                                       'def g(n): return n * 2\n'), [('f', 6), ('g', 7)])

    def test_constructs_exclude_and_are_named_with_their_line(self):
        cases = (
            ('def f(x):\n  yield x\n', 'yield', 'line 7'),
            ('async def f(x): return x\n', 'async def', 'line 6'),
            ('@cache\ndef f(x): return x\n', 'decorator', 'line 6'),
            ('def f(*a): return a\n', '*args'),
            ('def f(x, *, k): return x\n', 'keyword-only'),
            ('def f(): return 1\n', 'no parameters'),
            ('def f(x):\n  def g(): return x\n  return g()\n', 'a function inside it', 'line 7'),
            ('def f(x): return (lambda: x)()\n', 'lambda'),
            ('def f(x):\n  global N\n  N = x\n', 'global statement'),
            ('def f(x):\n  try: return x\n  except E: pass\n', 'try'),
            ('def f(x):\n  with x: pass\n', 'with'),
            ('def f(x):\n  import os\n', 'import'),
            ('def f(x):\n  del x\n', 'del'),
            ('def f(x):\n  return f"{x}"\n', 'f-string'),
            ('def f(x):\n  print(x)\n', 'print()', 'line 7'),
            ('def f(x):\n  x[0] = 1\n', 'changes x'),
            ('def f(x):\n  y = x\n  y[0] = 1\n', 'changes y'),
            ('def f(x):\n  y = [1]\n  y = x\n  y[0] = 1\n', 'changes y'),
            ('def f(x):\n  x.n = 1\n', 'attribute n'),
            ('def f(x):\n  x.append(1)\n', 'changes x'),
            ('def f(x):\n  TABLE.append(x)\n', '.append()'),
            ('def f(x):\n  return TABLE[x]\n', 'TABLE, which is not'),
            ('def f(x):\n  return open(x)\n', 'open()'),
            ('def f(x):\n  return math.gamma(x)\n', '.gamma()'),
            ('def f(x):\n  return np.sum(x)\n', '.sum()'),
            ('def f(x):\n  return x.upper()\n', '.upper()'),
            ('def f(x):\n  return x is N\n', '`is`'),
            ('def f(x):\n  return {1: x}\n', 'a dict'),
            ('def f(x, g):\n  return g(x)\n', 'g, which is a variable'),
            ('def f(x):\n  return round(x, 2) + unknown(x)\n', 'unknown()'),
            ('def f(x):\n  return min(x, key=len)\n', 'len'),
            ('def f(x):\n  return sum(i for i in x)\n', 'generator expression'),
            ('def f(x):\n  return x @ x\n', '@'),
            ('def f(x):\n  return b"1"\n', 'bytes'))
        for source, *words in cases:
            with self.subTest(source):
                self.excluded(source, *words)

    def test_a_variable_that_a_path_leaves_unset_excludes(self):
        for body in ('  for i in range(n): x = i\n  return x\n',
                     '  for i in range(n): pass\n  return i\n',
                     '  if n: x = 1\n  return x\n',
                     '  x += n\n  return x\n'):
            self.excluded('def f(n):\n' + body, 'may be unset where line')
        self.accepted('def f(n):\n  if n: x = 1\n  else: return 2\n  return x\n')

    def test_globals_that_can_change_exclude(self):
        self.excluded('def f(x): return x + N\nN = 4\n', 'N is bound more than once (line 7)')
        self.excluded('def f(x): return x + N\ndef g(x):\n  global N\n  N = x\n',
                      'N is declared global in line 8')
        self.excluded('def f(x): return g(x)\ndef g(x): return x\ng = abs\n', 'g is bound more')
        self.excluded('def f(x): return x\nfrom os import *\nfor f in (): pass\n', 'bound more')

    def test_impure_callees_exclude_their_callers(self):
        self.excluded('def f(x): return g(x)\ndef g(x): return h(x)\n'
                      'def h(x): return random(x)\n', 'it calls g() (line 6)', 'random()')
        self.excluded('import random\ndef f(x): return x * random.random()\n', '.random()')
        self.excluded('import time\ndef f(x): return x * time.time()\n', '.time()')

    def test_the_handler_and_marked_functions_are_in_neither_list(self):
        plan = plan_of('from fwrun import jit\nimport numba as nb\nfrom numba import njit, jit as j\n'
                       '@jit\ndef a(x): return x\n@nb.jit(nopython=True)\ndef b(x): return x\n'
                       '@njit\ndef c(x): return x\n@j()\ndef d(x): return x\n'
                       '@nb.vectorize(["f8(f8)"])\ndef e(x): return x\n'
                       'def g(x): return x\nh = njit(g)\n'
                       'class K:\n  @jit\n  def m(x): return x\n'
                       'def handler(event, context): return 1\n')
        self.assertEqual(plan.jit, [('a', 10), ('b', 12), ('c', 14), ('d', 16), ('e', 18),
                                    ('g', 20), ('K.m', 23)])
        self.assertEqual([name for name, _ in plan.candidates], ['g'])
        self.assertEqual(plan.excluded, [])

    def test_a_local_name_jit_is_not_ours(self):
        plan = plan_of('from flask import jit\n@jit\ndef f(x): return x\n')
        self.assertEqual((plan.jit, plan.warnings), ([], []))

    def test_hooks_are_counted(self):
        plan = plan_of('from fwrun import before_snapshot\nimport fwrun, snapshot_restore_py\n'
                       '@before_snapshot\ndef a(): pass\nfwrun.after_restore(a)\n'
                       'snapshot_restore_py.register_after_restore(a)\n')
        self.assertEqual(plan.hooks, {'before_snapshot': 1, 'after_restore': 2})


if __name__ == '__main__':
    unittest.main()
