# What Numba compiles of a function: by the user's decorators, and, where that is safe, by
# itself (fwrun_host.jit). Training asks here what to do; from the capture on, each call
# notes what it lost (jit_state.losses).
import sys

import _fwrun as core

from . import jit_state, load, report
from .imports import when_imported
from .jit import AutoJit, compilations, first_calls, receipt

# Until nothing new is compiled; a function that is called with new types in every round
# is not waited for.
MOST_SETTLING = 5


def watch_numba():
    """Before any code of the user's: sees with what Numba's functions are compiled."""
    when_imported('numba.core.dispatcher', first_calls.watch)


class Compiling:
    """Of one training."""

    # Rounds that automatic compilation watches.
    recorded_rounds = 3

    def __init__(self, job):
        self.auto = AutoJit(job['jit_tolerance']) if job['auto_jit'] else None
        self.report = []  # of functions, once settled
        self.seen = -1
        self.settling = 0

    def record(self):
        compilations.listen()
        if self.auto is None:
            return
        for name, plan in load.plans:
            module = sys.modules.get(name)
            if module is not None:
                self.auto.watch(module, plan.candidates, plan.excluded)

    def compile(self, seconds, handler_us, handler_calls):
        """`handler_us`: how long the handler ran while this recorded."""
        if self.auto is not None:
            self.auto.decide(seconds, handler_us, handler_calls)
            compilations.listen()

    def is_new(self):
        """Whether something was compiled since the last time; true the first time."""
        new = compilations.count != self.seen and self.settling < MOST_SETTLING
        self.seen = compilations.count
        self.settling += 1
        return new

    def settle(self):
        """The training is over: from now on what is compiled or passed by is a loss."""
        modules = [sys.modules[name] for name, _ in load.plans if name in sys.modules]
        functions = receipt(modules) + (self.auto.report() if self.auto else [])
        self.report = [{key: value for key, value in one.items() if value is not None}
                       for one in functions]
        if self.auto is not None:
            self.auto.note_fallbacks_in(jit_state.losses)
        compilations.note_in(jit_state.losses)
        jit_state.losses.clear()
        for _, plan in load.plans:
            for warning in plan.warnings:
                report.warn(warning)

    def warnings(self, events):
        return core.one_type_warnings(f'[{",".join(events)}]') if self.any_optimised() else []

    def normal_state(self):
        return jit_state.POST_JIT if self.any_optimised() else jit_state.NOTHING

    def any_optimised(self):
        return any(one['optimised'] for one in self.report)
