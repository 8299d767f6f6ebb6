# The module of AWS Lambda SnapStart's run-time hooks, by the same names.
from fwrun_host import hooks as _hooks

__all__ = ['register_after_restore', 'register_before_snapshot']


def register_before_snapshot(func, *args, **kwargs):
    """Also as a decorator. Hooks run in reverse order of registration."""
    _hooks.register_before(func, args, kwargs)
    return func


def register_after_restore(func, *args, **kwargs):
    """Also as a decorator. Hooks run in order of registration."""
    _hooks.register_after(func, args, kwargs)
    return func
