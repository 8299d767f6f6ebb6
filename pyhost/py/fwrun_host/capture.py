# The capture itself. Of what follows it, only restored processes see anything.
import gc

import _fwrun as core

from . import finish, hooks, report, serving, state
from .errors import InstallError
from .jit import first_calls

REHEARSALS = 16


def rehearse(handler):
    """Goes that way with training events, so that the interpreter has specialised what is
    on it, and keeps the memory that it needs."""
    from .train import events
    for index in range(REHEARSALS):
        if not core.put_to_self('rehearsal', events[index % len(events)]):
            break
        core.go_on(True, *handler.call)
        core.trained()


def capture_and_serve(handler):
    prepare()
    state.phase = 'serving'
    settle(core.go_on(False, *handler.call))


def capture():
    """Captures in the middle of what is going on."""
    try:
        prepare()
    except BaseException as thrown:
        finish.leave(thrown)  # not through the user's code, which might catch it
    state.phase = 'serving'
    outcome = core.capture(False)
    if outcome is not None:
        settle(outcome)


def prepare():
    hooks.run_before()
    report.begin('capture')
    first_calls.forget()
    serving.prepare()
    # Twice: what the first one finalises, the second one frees. The frozen rest is never
    # looked at again: a collection in a clone would copy every page it lies on.
    gc.collect()
    gc.collect()
    gc.freeze()
    core.settle()


def settle(outcome):
    """The end of the captured process."""
    state.phase = 'capturing'
    if 'refused' in outcome:
        finish.fail_install(InstallError('Snapshot.Refused', outcome['refused'],
                                         retry=outcome['retry']))
    report.finish(outcome)
