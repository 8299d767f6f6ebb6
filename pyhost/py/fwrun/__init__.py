# What user code imports: `from fwrun import snapshot_here, jit, before_snapshot,
# after_restore`.
from fwrun_host import hooks as _hooks
from fwrun_host.point import SnapshotHere as _SnapshotHere

__all__ = ['after_restore', 'before_snapshot', 'jit', 'snapshot_here']

# Where the process is captured: `@snapshot_here` above the handler, `snapshot_here()` in
# it or at the top level of its file. The call returns the invocation's event.
snapshot_here = _SnapshotHere()


def before_snapshot(function, *args, **kwargs):
    """Runs function(*args, **kwargs) before the snapshot, the last registered first. Also
    a decorator."""
    _hooks.register_before(function, args, kwargs)
    return function


def after_restore(function, *args, **kwargs):
    """Runs function(*args, **kwargs) in every restored process before the handler, the
    first registered first. Also a decorator."""
    _hooks.register_after(function, args, kwargs)
    return function


def jit(function=None, **options):
    """Compiles a function with Numba in nopython mode; takes numba.njit's options. The
    install reports what became of it, and --require-jit insists."""
    import numba
    return numba.njit(function, **options) if function is not None else numba.njit(**options)
