# The capture itself. Of what follows it, only restored processes see anything.
import gc

import _fwrun as core

from . import finish, hooks, report, state, uniqueness
from .errors import InstallError
from .serve import serve

REHEARSALS = 16

# The phase on the other side of the capture.
_beyond = 'serving'


def cross():
    """Goes over to the other side: None there; in the captured process, what became of
    it. A rehearsal only seems to."""
    outcome = core.capture(_beyond != 'serving')
    if outcome is None:
        state.phase = _beyond
    return outcome


def go_on(handler):
    """What a restored process does first, to the end of its call."""
    outcome = cross()
    if outcome is not None:
        settle(outcome)
    return serve(handler)


def rehearse(handler):
    """Goes that way with training events, so that the interpreter has specialised what is
    on it, and keeps the memory that it needs."""
    global _beyond
    from .train import events
    phase = state.phase
    _beyond = 'rehearsing'
    for index in range(REHEARSALS):
        if not core.put_to_self('rehearsal', events[index % len(events)]):
            break
        go_on(handler)
        core.trained()
    _beyond = 'serving'
    state.phase = phase


def capture_and_serve(handler):
    prepare()
    go_on(handler)


def capture():
    """Captures in the middle of what is going on."""
    prepare()
    outcome = cross()
    if outcome is not None:
        settle(outcome)


def prepare():
    hooks.run_before()
    report.begin('capture')
    uniqueness.prepare()
    # Twice: what the first one finalises, the second one frees. The frozen rest is never
    # looked at again: a collection in a clone would copy every page it lies on.
    gc.collect()
    gc.collect()
    gc.freeze()
    core.settle()


def settle(outcome):
    """The end of the captured process."""
    if 'refused' in outcome:
        finish.fail_install(InstallError('Snapshot.Refused', outcome['refused'],
                                         retry=outcome['retry']))
    report.finish(outcome)
