# Numba is loaded only when something is to be gained: these tests must leave this
# process without it.

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from jit_program import UserProgram

from fwrun_host.jit import AutoJit, compilations, receipt
from fwrun_host.jit.worth import worth_loading

PLAIN = 'def f(x):\n    return x + 1\n'


class Worth(unittest.TestCase):
    def setUp(self):
        self.program = UserProgram(self, PLAIN)
        self.module = self.program.watch()

    def tearDown(self):
        self.assertNotIn('numba', sys.modules)

    def test_a_small_function_does_not_load_numba(self):
        original = self.program.auto.modules[self.module]['f'].recorder.original
        for n in range(50):
            self.module.f(n)
        self.program.auto.decide(10, handler_us=100, handler_calls=50)
        entry = self.program.auto.report()[0]
        self.assertEqual((entry['tier'], entry['optimised']), ('interpreted', False))
        self.assertIn('not worth loading Numba', entry['reason'])
        self.assertIs(self.module.f.__code__, original)

    def test_a_function_that_was_not_called_does_not_load_numba(self):
        self.assertEqual(self.program.decide()['f']['reason'], 'training never called it')

    def test_a_small_share_of_the_handlers_time_does_not_load_numba(self):
        self.module.f(1)
        self.program.auto.decide(10, handler_us=10e6, handler_calls=1)
        self.assertIn('% of the handler', self.program.auto.report()[0]['reason'])

    def test_nothing_to_watch_is_fine(self):
        auto = AutoJit()
        auto.decide(10)
        self.assertEqual((auto.report(), auto.fallbacks()), ([], []))

    def test_receipts_and_counts_load_nothing(self):
        self.assertEqual(receipt([self.module]), [])
        self.assertFalse(compilations.listen())
        compilations.reset()
        self.assertEqual(compilations.count, 0)

    def test_the_rule(self):
        # loaded, candidate_us, calls, handler_us, handler_calls
        cases = (((False, 0, 0, 1000, 1), False), ((True, 0, 0, 1000, 1), False),
                 ((True, 1, 1, 1000, 1), True), ((False, 40, 1, 1000, 1), False),
                 ((False, 500, 1, 1000, 1), False), ((False, 5000, 100, 6000, 2), True),
                 ((False, 5000, 100, 6000, 10), False), ((False, 500, 10, 0, 0), True))
        for given, expected in cases:
            worth, reason = worth_loading(*given)
            self.assertEqual((worth, bool(reason)), (expected, not expected), given)


if __name__ == '__main__':
    unittest.main()
