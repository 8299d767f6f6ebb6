# Whether a call ran the machine code that was compiled before the snapshot, told to
# whoever awaits it.
import _fwrun as core

from .text import to_json

# args::Jit
NOTHING, POST_JIT, LOST = 0, 1, 2

# Set before the capture (train.py): the state of a call that loses nothing, and what
# watches for losses.
normal = NOTHING
watch = None


def tell():
    if normal == NOTHING:
        return
    lost = watch.losses()
    if not lost:
        core.set_jit(POST_JIT)
        return
    core.set_jit(LOST)
    for function, reason in lost:
        core.note_jit(to_json({'function': function, 'reason': reason}))


def begin_call():
    """A new call begins: what came before is not its doing."""
    if normal != NOTHING:
        watch.reset()
