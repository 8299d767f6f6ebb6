# The event loop for `async def` handlers and hooks: one for the life of the process, made
# when it is first needed, and carried through the snapshot.
_loop = None


def run(awaitable):
    global _loop
    if _loop is None:
        import asyncio
        _loop = make_loop()
        asyncio.set_event_loop(_loop)
    elif _loop.is_running():
        return run_beside(awaitable)
    return _loop.run_until_complete(awaitable)


def run_beside(awaitable):
    """For a hook, where the process is captured within a coroutine: that one's loop stands
    still until it goes on, so the hook gets one of its own."""
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
    import os
    import selectors

    class Wake:
        """How other threads wake the loop. asyncio's own is a pair of connected sockets,
        which an image cannot carry; an eventfd it can."""

        def __init__(self, number):
            self.number = number

        def fileno(self):
            return self.number

        def recv(self, size):
            return os.read(self.number, 8)

        def send(self, data):
            os.eventfd_write(self.number, 1)
            return len(data)

        def close(self):
            os.close(self.number)

    class Loop(asyncio.SelectorEventLoop):
        def _make_self_pipe(self):
            self._ssock = self._csock = Wake(os.eventfd(0, os.EFD_CLOEXEC | os.EFD_NONBLOCK))
            self._internal_fds += 1
            self._add_reader(self._ssock.fileno(), self._read_from_self)

        def _close_self_pipe(self):
            if self._ssock is not None:
                self._remove_reader(self._ssock.fileno())
                self._ssock.close()
                self._ssock = self._csock = None
                self._internal_fds -= 1

        def _process_self_data(self, data):
            pass

    return Loop(selectors.EpollSelector())
