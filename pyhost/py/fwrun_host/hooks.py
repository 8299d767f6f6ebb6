# Functions of the user's that run before the snapshot (the one registered last first)
# and after each restore (the one registered first first). Each runs to its end before
# anything else goes on; one that is a coroutine function is run by the event loop.
import inspect

import _fwrun as core

from . import async_loop
from .errors import explain
from .job import job

_before = []
after = []


class HookFailed(Exception):
    fwrun_type = 'Hook.Failed'


def register_before(function, args, kwargs):
    _before.append((checked(function), args, kwargs))


def register_after(function, args, kwargs):
    after.append((checked(function), args, kwargs))


def checked(function):
    if not callable(function):
        raise TypeError(f'a hook must be a function, not {type(function).__name__}')
    return function


def run_before():
    for hook in reversed(_before):
        core.watch(job['hook_timeout_ms'], 'Hook.Timeout', name_of(hook[0], 'before-snapshot'))
        try:
            run_one(hook)
        except BaseException as thrown:
            raise explain('Hook.Failed', f"{name_of(hook[0], 'before-snapshot')} failed",
                          thrown) from None
    core.rest()


def run_after():
    for hook in after:
        try:
            run_one(hook)
        except BaseException as thrown:
            failed = HookFailed(f"{name_of(hook[0], 'after-restore')} failed: "
                                f'{type(thrown).__name__}: {thrown}')
            raise failed.with_traceback(thrown.__traceback__) from None


def run_one(hook):
    function, args, kwargs = hook
    result = function(*args, **kwargs)
    if inspect.iscoroutine(result):
        async_loop.run(result)


def name_of(function, kind):
    code = getattr(inspect.unwrap(function), '__code__', None)
    where = f' at {code.co_filename}:{code.co_firstlineno}' if code else ''
    return f"the {kind} hook {getattr(function, '__name__', 'function')}{where}"
