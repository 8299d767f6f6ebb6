# Ends of this process by an error. Nothing here returns.
import _fwrun as core

from . import errors, state
from .errors import InstallError, describe, place_of
from .job import is_user_file
from .text import to_json


def prepare():
    """What the first error of a restored process needs."""
    errors.prepare(is_user_file)


def fail_install(error):
    """Answers the install with an InstallError, or with what went wrong in the host."""
    ours = isinstance(error, InstallError)
    told = error.cause if ours and error.cause is not None else error
    body = {
        'errorType': error.type if ours else 'Install.Internal',
        'errorMessage': str(error),
        'stackTrace': [] if ours and error.cause is None else describe(told)['stackTrace'],
    }
    at = error.at if ours and error.at else place_of(told, is_user_file)
    if at:
        body.update(at)
    if ours and error.retry:
        body['retry'] = True
    core.finish(True, to_json(body))


STAGES = {
    'loading': ('Load', 'while the module was loaded'),
    'training': ('Training', 'in training'),
    'armed': ('Training', 'in training'),
    'capturing': ('Snapshot', 'while the process was captured'),
}


def exit_error(thrown):
    """For sys.exit() during an install."""
    stage, during = STAGES[state.phase]
    at = place_of(thrown, is_user_file)
    where = f" at {at['file']}:{at['line']}" if at else ''
    return InstallError(f'{stage}.Exit', f'{exit_call(thrown)} was called {during}{where}', at=at)


def exit_call(thrown):
    code = thrown.code
    return 'sys.exit()' if code is None else f'sys.exit({code!r})'


class FunctionExit(Exception):
    """For sys.exit() during an invocation."""
    fwrun_type = 'Runtime.ExitError'


def as_answer(thrown):
    """The exception that an invocation is answered with."""
    if not isinstance(thrown, SystemExit):
        return thrown
    told = FunctionExit(f'the function called {exit_call(thrown)} instead of returning a result')
    return told.with_traceback(thrown.__traceback__)


def leave(thrown):
    """Answers the invocation; the install, if there is none yet."""
    if state.phase == 'serving':
        core.answer(True, to_json(describe(as_answer(thrown))))
        core.done()
        core.exit_now(0)
    if isinstance(thrown, SystemExit):
        thrown = exit_error(thrown)
    fail_install(thrown)
