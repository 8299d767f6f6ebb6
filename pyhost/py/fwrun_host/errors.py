# Exceptions as they are answered: {errorType, errorMessage, stackTrace} as Lambda's
# runtime for Python gives them, and where in the user's code they come from.
#
# Nothing here raises, whatever the exception's own methods do.

import linecache
import sys
import traceback
from itertools import islice

from .jit.trampoline import is_trampoline

# Files of the host's own are called so.
OURS = '<fwrun'

# The standard library's.
LIBRARY = linecache.__file__.rpartition('/')[0] + '/'

# The host's, and those of the import machinery.
HIDDEN = (OURS, '<frozen importlib')

# Of a recursion deeper than Python's usual limit, as many frames are shown at either end.
SHOWN_FRAMES = 500


class InstallError(Exception):
    """Why an install fails, in our words. `at` is {file, line, column} if it is known;
    with `retry` the install may be tried again in another way."""

    def __init__(self, type, message, at=None, cause=None, retry=False):
        super().__init__(message)
        self.type = type
        self.fwrun_type = type
        self.message = message
        self.at = at
        self.cause = cause
        self.retry = retry


def describe(exception):
    """Everything that can be raised, for the answer."""
    return {
        'errorType': type_of(exception),
        'errorMessage': message_of(exception),
        'stackTrace': trace_of(exception),
    }


# type() cannot be deceived by an exception's __class__.
def type_of(exception):
    kind = type(exception)
    try:
        ours = getattr(exception, 'fwrun_type', None)
        if type(ours) is str:
            return ours
    except BaseException:
        pass
    return type.__dict__['__name__'].__get__(kind)


def message_of(exception):
    try:
        text = str(exception)
        return text if type(text) is str else str.__getitem__(text, slice(None))
    except BaseException as thrown:
        return f'<the message cannot be read: __str__ raised {type_of(thrown)}>'


def trace_of(exception):
    try:
        return traceback.format_list(shown_frames(exception))
    except BaseException:
        # Out of memory, or of stack: better no trace than no answer.
        return []


def shown_frames(exception):
    places = [(link.tb_frame.f_code, link.tb_lineno or 1) for link in links_of(exception)]
    places = [place for place in places if not (place[0].co_filename.startswith(HIDDEN) or
                                                is_trampoline(place[0]))]
    # By what the host gets into the user's code, such as an event loop.
    own = (index for index, (code, _) in enumerate(places)
           if not code.co_filename.startswith(LIBRARY))
    places = places[next(own, 0):]
    if len(places) > 2 * SHOWN_FRAMES:
        places = places[:SHOWN_FRAMES] + places[-SHOWN_FRAMES:]
    # Without columns, hence without carets, as Lambda's.
    return [traceback.FrameSummary(code.co_filename, line, code.co_name, lookup_line=False)
            for code, line in places]


def links_of(exception):
    """The traceback, from the outermost frame to the one that raised."""
    link = BaseException.__dict__['__traceback__'].__get__(exception)
    while link is not None:
        yield link
        link = link.tb_next


def place_of(exception, is_user_file):
    """{file, line, column} of the innermost frame in a file of the user's, or None.
    Columns count from 1. A file that cannot be parsed is its own place."""
    try:
        return syntax_place(exception, is_user_file) or frame_place(exception, is_user_file)
    except BaseException:
        return None


def syntax_place(exception, is_user_file):
    if not issubclass(type(exception), SyntaxError):
        return None
    file, line, column = exception.filename, exception.lineno, exception.offset
    if type(file) is not str or type(line) is not int or not is_user_file(file):
        return None
    return {'file': file, 'line': max(line, 1),
            'column': column if type(column) is int and column > 0 else 1}


def frame_place(exception, is_user_file):
    innermost = None
    for link in links_of(exception):
        if is_user_file(link.tb_frame.f_code.co_filename):
            innermost = link
    if innermost is None:
        return None
    code, line = innermost.tb_frame.f_code, innermost.tb_lineno or 1
    return {'file': code.co_filename, 'line': line,
            'column': column_of(code, line, innermost.tb_lasti)}


def column_of(code, line, instruction):
    if instruction < 0:
        return 1
    # One entry for each unit of two bytes.
    for start, _, byte, _ in islice(code.co_positions(), instruction // 2, None):
        if byte is None or start != line:
            return 1
        # The compiler counts bytes of UTF-8.
        text = linecache.getline(code.co_filename, line).encode('utf-8', 'surrogatepass')
        return len(text[:byte].decode('utf-8', 'replace')) + 1 if text else byte + 1
    return 1


def show_place(at):
    return f"{at['file']}:{at['line']}:{at['column']}" if at else ''


def explain(type, circumstances, exception, log='', is_user_file=None):
    """An error that tells in which circumstances something was raised, and where."""
    if is_user_file is None:
        from .job import is_user_file
    at = place_of(exception, is_user_file)
    where = f' ({show_place(at)})' if at else ''
    output = f'\nits output was:\n{log.rstrip()}' if log.strip() else ''
    message = message_of(exception)
    told = type_of(exception) + (f': {message}' if message else '')
    return InstallError(type, f'{circumstances}: {told}{where}{output}', at=at, cause=exception)


def prepare(is_user_file):
    """Before the capture: reads the sources of the user's modules, so that a restored
    process finds the lines of its traces in memory, as they were when they were loaded."""
    for module in tuple(sys.modules.values()):
        file = getattr(module, '__file__', None)
        if type(file) is str and file.endswith('.py') and is_user_file(file):
            linecache.getlines(file)
    try:
        raise InstallError('', '')
    except InstallError as error:
        describe(error)
