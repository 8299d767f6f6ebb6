# Whether a call ran the machine code that was compiled before the snapshot, told to
# whoever awaits it.
import _fwrun as core

from .text import to_json

# args::Jit
NOTHING, POST_JIT, LOST = 0, 1, 2

# {function, reason} of each loss in the call under way; emptied when one begins. Always
# this very list: the core looks at it.
losses = []

normal = NOTHING


def set_normal(state):
    """The state of a call that loses nothing."""
    global normal
    normal = state
    core.set_normal_jit(state)


def tell():
    if not losses:
        core.set_jit(normal)
        return
    core.set_jit(LOST)
    for loss in losses:
        core.note_jit(to_json(loss))
