# Calls the handler with the training events until everything that they reach is compiled
# and specialised, and its times are steady.
import gc
import time

import _fwrun as core

from . import finish, jit_state, report, state
from .compiling import Compiling
from .errors import explain
from .events import training_events
from .finish import exit_error
from .job import job
from .serving import serve_training

# Rounds over all events. Fewer when calls are slow: each phase has a share of the time,
# and makes at least one round.
SETTLE_ROUNDS = 30
STEADY_ROUNDS = 40
LONGEST_PHASE_S = 2.0

# The events of the training, as JSON texts.
events = []


def train(handler):
    """Trains within the job's time limit, and reports it. Failures end the install."""
    report.begin('train')
    events[:] = training_events(handler)
    limit = job['training_timeout_ms']
    core.watch(limit, 'Training.Timeout', 'training')
    state.phase = 'training'
    report.set_training(Training(handler).run())
    core.rest()


def median(numbers):
    return sorted(numbers)[len(numbers) // 2] if numbers else 0


class Training:
    def __init__(self, handler):
        self.handler = handler
        self.rounds = 0
        self.spent_us = 0
        self.calls = 0
        self.compiling = Compiling(job)
        self.probe = {'event': events[0], 'result': '', 'stable': True}

    def run(self):
        """What the report says of the training."""
        first = self.call(0)
        self.round(1)
        self.compiling.record()
        self.spent_us = self.calls = 0
        self.rounds_for(self.compiling.recorded_rounds)
        self.compiling.compile(job['training_timeout_ms'] / 1000 / 2, self.spent_us, self.calls)
        # Each may reach code, and so types, that the one before did not.
        while self.compiling.is_new():
            self.rounds_for(SETTLE_ROUNDS)
        gc.collect()
        times = self.rounds_for(STEADY_ROUNDS)
        self.compiling.settle()
        finish.prepare()
        # What requests bring is text whatever callers send.
        for text in () if self.handler.http else self.compiling.warnings(events):
            report.warn(text)
        jit_state.set_normal(self.compiling.normal_state())
        return {
            'signature': 'http' if self.handler.http else 'event',
            'functions': self.compiling.report,
            'training': {
                'events': len(events),
                'rounds': self.rounds,
                'first_call_us': round(first),
                'steady_call_us': round(median(times)),
                'probe': self.probe,
            },
        }

    def rounds_for(self, most):
        """Up to `most` rounds, the time permitting. The times of the calls of event 0."""
        share = min(LONGEST_PHASE_S, job['training_timeout_ms'] / 10_000)
        until = time.monotonic() + share
        times = []
        while len(times) < most and (not times or time.monotonic() < until):
            times.append(self.round())
        return times

    def round(self, begin=0):
        """One call for each event, from `begin` on. The time of event 0."""
        self.rounds += 1
        first = 0
        for index in range(begin, len(events)):
            took = self.call(index)
            if index == 0:
                first = took
        return first

    def call(self, index):
        """Microseconds that it took."""
        started = time.perf_counter_ns()
        thrown = serve_training(self.handler, events[index])
        took = (time.perf_counter_ns() - started) / 1000
        self.spent_us += took
        self.calls += 1
        failed, answer, log = core.trained()
        if thrown is not None:
            raise call_failure(index, thrown, log)
        if index == 0:
            if self.probe['result'] not in ('', answer):
                self.probe['stable'] = False
            self.probe['result'] = answer
        return took


def call_failure(index, thrown, log):
    """For what a training call raised."""
    if isinstance(thrown, SystemExit):
        return exit_error(thrown)
    kind = getattr(thrown, 'fwrun_type', '')
    kind = kind.replace('Runtime.', 'Training.') if kind.startswith('Runtime.') else ''
    return explain(kind or 'Training.Exception', f'the handler failed on training event {index}',
                   thrown, log)
