# The event loop for `async def` handlers and hooks: one for the life of the process, made
# when it is first needed, and carried through the snapshot; as are loops of the user's.
#
# Signals and other threads wake a loop of asyncio's by a pair of connected sockets, which an
# image cannot carry. A pipe it can, and it serves as well: CPython writes the number of a
# signal to whatever descriptor it was given.
import sys

from .errors import LIBRARY, OURS
from .imports import when_imported

HIDDEN = (OURS, LIBRARY)

_loop = None


def install():
    when_imported('asyncio.selector_events', wake_by_pipe)


def wake_by_pipe(module):
    import os

    class PipeEnd:
        """As much of a socket as a loop uses."""

        def __init__(self, number):
            self.number = number

        def fileno(self):
            return self.number

        def recv(self, size):
            return os.read(self.number, size)

        def send(self, data):
            return os.write(self.number, data)

        def close(self):
            os.close(self.number)

    def make_pipe(self):
        self._ssock, self._csock = map(PipeEnd, os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK))
        self._internal_fds += 1
        self._add_reader(self._ssock.fileno(), self._read_from_self)

    module.BaseSelectorEventLoop._make_self_pipe = make_pipe


def run(awaitable):
    global _loop
    from asyncio import events
    if events._get_running_loop() is not None:
        return run_beside(awaitable)
    if _loop is None:
        _loop = make_loop()
        events.set_event_loop(_loop)
    return _loop.run_until_complete(awaitable)


def run_beside(awaitable):
    """For a hook, where the process is captured within a coroutine: that one's loop, ours or
    the user's, stands still until it goes on, so the hook gets one of its own."""
    from asyncio import events
    suspended = events._get_running_loop()
    events._set_running_loop(None)
    loop = make_loop()
    try:
        return loop.run_until_complete(awaitable)
    finally:
        loop.close()
        events._set_running_loop(suspended)


def make_loop():
    import asyncio
    import selectors
    return asyncio.SelectorEventLoop(selectors.EpollSelector())


def awaiting_places():
    """'file:line in name' of each coroutine that waits, innermost first."""
    tasks = sys.modules.get('asyncio.tasks')
    places = []
    for task in list(tasks._all_tasks) if tasks else ():
        chain = []
        waits = None if task.done() else task.get_coro()
        while waits is not None:
            frame = getattr(waits, 'cr_frame', None)
            if frame is not None:
                code = frame.f_code
                chain.append(f'{code.co_filename}:{frame.f_lineno} in {code.co_qualname}')
            waits = getattr(waits, 'cr_await', None)
        places += reversed(chain)
    return [place for place in places if not place.startswith(HIDDEN)]
