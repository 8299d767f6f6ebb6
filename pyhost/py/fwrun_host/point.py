# Snapshot points in user code: what snapshot_here does when it is reached.
#
# A point in the handler is passed by during training. Then one more call of the handler
# is made with the point armed: the capture happens in its middle, and each restored
# process goes on from there, with an invocation's event in place of the training's. A
# point at the top level captures when it is reached for the first time.
import functools
import inspect
import sys

import _fwrun as core

from . import capture, report, serving, state
from .errors import InstallError
from .finish import fail_install, leave
from .handler import find_handler


class SnapshotHere:
    """The object `fwrun.snapshot_here`: a decorator, a call, and what the annotator makes
    of a call that stands alone in the handler."""

    def __call__(self, function=None):
        if function is not None:
            return marked(function)
        point = state.plan.snapshot if state.plan else None
        if state.phase == 'loading' and point is not None and point.kind == 'toplevel':
            at_top_level()
        else:
            here()
        return core.event()

    def parameters(self, count):
        """The values for so many names; of one, the value itself."""
        if state.phase == 'loading':
            values = own_parameters(sys._getframe(1), count)
        else:
            here()
            values = parameters()[:count]
        return values[0] if count == 1 else values


def own_parameters(frame, count):
    """What they are already, where the module itself calls the handler."""
    names = frame.f_code.co_varnames[:frame.f_code.co_argcount]
    if len(names) > count and names[0] in ('self', 'cls'):
        names = names[1:]
    return tuple(frame.f_locals[name] for name in names[:count])


def here():
    if state.phase == 'armed':
        capture.capture()
        continue_call()


def continue_call():
    """After a restore in the middle of a call: from here on it is the invocation's."""
    core.begin(core.wake_up())
    if state.handler.http:
        state.handler.http.renew(core.event())


def parameters():
    """The handler's, as they are now."""
    if state.handler is not None and state.handler.http:
        return state.handler.http.parameters()
    return core.event(), core.context()


def arguments_here(args):
    """Those of the call, or after a restore here, of the invocation."""
    if state.phase != 'armed':
        return args
    here()
    return parameters()[:len(args)]


def marked(function):
    """The handler with the point at its start. Where nothing is wrapped around it, the
    host takes the function itself and captures before the call (unwrap())."""
    if inspect.iscoroutinefunction(function):
        @functools.wraps(function)
        async def at_start(*args, **kwargs):
            return await function(*arguments_here(args), **kwargs)
    else:
        @functools.wraps(function)
        def at_start(*args, **kwargs):
            return function(*arguments_here(args), **kwargs)
    # Both: functools.wraps() copies a function's attributes to what wraps it.
    at_start.fwrun_marked = at_start, function
    return at_start


def unwrap(handler):
    """Takes the mark off a handler that has it outermost; False if it has not."""
    mark = getattr(handler.function, 'fwrun_marked', None)
    if mark is None or mark[0] is not handler.function:
        return False
    handler.function = mark[1]
    return True


def inside_handler():
    point = state.plan.snapshot
    if point is None or point.kind == 'toplevel':
        return False
    return point.kind != 'function' or not unwrap(state.handler)


_reached = False


def at_top_level():
    global _reached
    if _reached:
        return
    _reached = True
    try:
        train_early()
    except BaseException as thrown:
        leave(thrown)  # not through the user's code, which might catch it
    state.phase = 'loading'
    capture.capture()
    serving.taken = core.wake_up()
    core.begin(serving.taken)


def train_early():
    """Trains the handler if the module has one at this point."""
    from . import load, train
    try:
        handler = find_handler(state.module, load.handler_path, load.entry)
    except InstallError:
        point = state.plan.snapshot
        report.warn(f'{point.file}:{point.line}: the handler is not defined yet where the snapshot '
                    'is taken, so nothing was trained: move the snapshot behind it')
        return
    unwrap(handler)
    train.train(handler)


def serve_armed(handler):
    """Calls the handler with the point armed. Returns in restored processes only."""
    from .train import call_failure, events
    state.phase = 'armed'
    thrown = serving.serve_training(handler, events[0])
    if state.phase != 'serving':
        if thrown is not None:
            fail_install(call_failure(0, thrown, core.trained()[2]))
        point = state.plan.snapshot
        at = {'file': point.file, 'line': point.line, 'column': point.column}
        fail_install(InstallError(
            'Annotation.NotReached',
            'the snapshot point was not reached when the handler was called with training event 0',
            at=at))
