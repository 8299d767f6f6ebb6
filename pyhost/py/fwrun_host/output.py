# sys.stdout and sys.stderr: written to the log of the invocation, in order, at once.
# And logging, which without a configuration of the user's writes as Lambda's does.

import io
import sys

from .imports import when_imported

STDOUT = 1
STDERR = 2

core = None


def install(host_core):
    """At boot. Streams that Python made itself are let go without being flushed."""
    global core
    core = host_core
    sys.stdout = sys.__stdout__ = LogStream(STDOUT, '<stdout>')
    sys.stderr = sys.__stderr__ = LogStream(STDERR, '<stderr>')
    when_imported('logging', set_last_resort)


class Unclosable:
    """What both kinds of streams have in common. Nobody can close them: others hold them."""

    closed = False
    mode = 'w'

    def __init__(self, number, name):
        self.number = number
        self.name = name

    def __repr__(self):
        return f'<fwrun.{type(self).__name__} name={self.name!r}>'

    def fileno(self):
        return self.number

    def isatty(self):
        return False

    def readable(self):
        return False

    def writable(self):
        return True

    def seekable(self):
        return False

    def flush(self):
        pass

    def close(self):
        pass


class LogBytes(Unclosable, io.BufferedIOBase):
    mode = 'wb'

    @property
    def raw(self):
        return self

    def write(self, data):
        data = bytes(memoryview(data))
        if data:
            core.log(self.number, data)
        return len(data)

    def detach(self):
        return self


class LogStream(Unclosable, io.TextIOBase):
    encoding = 'utf-8'
    # Text that UTF-8 cannot hold is no reason to fail.
    errors = 'backslashreplace'
    newlines = None
    line_buffering = True
    write_through = True

    def __init__(self, number, name):
        super().__init__(number, name)
        self.buffer = LogBytes(number, name)

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError(f'write() argument must be str, not {type(text).__name__}')
        if text:
            ascii_only = type(text) is str and text.isascii()
            core.log(self.number, text if ascii_only else str.encode(text, 'utf-8', self.errors))
        return len(text)

    def writelines(self, lines):
        for line in lines:
            self.write(line)

    def detach(self):
        return self.buffer

    def reconfigure(self, **settings):
        pass


FORMAT = '[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(request_id)s\t%(message)s'


def set_last_resort(logging):
    """For records that no handler of the user's takes. basicConfig() and handlers of the
    user's own work as ever, since the root logger has none."""
    if not hasattr(logging, 'lastResort'):  # a file of the user's own that is called so
        return
    from time import gmtime

    class Formatter(logging.Formatter):
        converter = gmtime

        def format(self, record):
            record.request_id = core.request_id()
            try:
                return super().format(record)
            finally:
                del record.request_id

    class Handler(logging.Handler):
        def emit(self, record):
            try:
                sys.stderr.write(self.format(record) + '\n')
            except Exception:
                self.handleError(record)

    handler = Handler(logging.NOTSET)
    handler.setFormatter(Formatter(FORMAT, '%Y-%m-%dT%H:%M:%S'))
    logging.lastResort = handler
    # The functions of the module would configure the root logger when it has no handler.
    for name in ('debug', 'info', 'warning', 'error', 'exception', 'critical', 'fatal', 'log'):
        setattr(logging, name, getattr(logging.root, name))
