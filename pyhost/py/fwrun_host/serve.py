# From the arguments in the slot to the answer.
import _fwrun as core

from . import hooks, jit_state, state
from .finish import leave
from .invoke import invoke
from .uniqueness import renew


RESEEDED = 7  # args::Instant


def wake_up():
    """What a restored process does first; training does the same. Gives the JSON text of
    the arguments."""
    renew()
    core.mark(RESEEDED)
    text = core.take()
    jit_state.begin_call()
    if state.phase != 'serving':
        hooks.run_none()
        return text
    try:
        hooks.run_after()
    except BaseException as thrown:
        leave(thrown)
    return text


def serve(handler):
    """Serves the arguments that are in the slot: in a restored process until it ends, in
    training once."""
    thrown = invoke(handler, wake_up())
    core.done()
    if state.phase == 'serving':
        serve_next(handler)
    return thrown


def serve_next(handler):
    """The requester wants this process for further invocations."""
    while True:
        text = core.take()
        jit_state.begin_call()
        invoke(handler, text)
        core.done()


# Arguments that were taken where the process was captured at the top level of the entry.
taken = ''


def serve_taken(handler):
    invoke(handler, taken)
    core.done()
    serve_next(handler)


_calls = 0


def serve_training(handler, text):
    """Makes a training call with an event's JSON text, in the same way."""
    global _calls
    _calls += 1
    if core.put_to_self(f'training-{_calls}', text):
        return serve(handler)
    return invoke(handler, text)
