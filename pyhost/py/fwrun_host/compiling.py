# What Numba compiles of a function: by the user's decorators, and, where that is safe, by
# itself (fwrun_host.jit). Training asks here what to do; calls, whether they lost anything.
import sys

from . import jit_state, load, state


class Compiling:
    """Of one training. In restored processes it tells what a call lost."""

    # Calls that automatic compilation sees of each event.
    recorded_rounds = 3

    def __init__(self, job):
        self.auto = None
        self.job = job
        self.seen = -1
        self.functions = []

    def record(self):
        pass

    def compile(self, seconds):
        pass

    def is_new(self):
        return False

    def settle(self):
        pass

    def warnings(self, events):
        return []

    def normal_state(self):
        return jit_state.NOTHING

    def report(self):
        return self.functions

