# The event loop for `async def` handlers and hooks: one for the life of the process, made
# when it is first needed, and carried through the snapshot.
_loop = None


def run(awaitable):
    loop = _loop or make_loop()
    return loop.run_until_complete(awaitable)


def make_loop():
    global _loop
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

    _loop = Loop(selectors.EpollSelector())
    asyncio.set_event_loop(_loop)
    return _loop
