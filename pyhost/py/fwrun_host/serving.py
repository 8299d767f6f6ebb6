# What the way from the arguments to the answer needs of Python: the parts that the core
# calls (core/serving.cc), of which most only when something went wrong.
import json
import json.encoder

import _fwrun as core

from . import async_loop, hooks, jit_state, uniqueness
from .context import Context
from .errors import describe
from .finish import as_answer, leave
from .result import serialise
from .text import to_json


class BadArguments(Exception):
    fwrun_type = 'Runtime.BadArguments'


class ResultTooLarge(Exception):
    fwrun_type = 'Runtime.ResultTooLarge'


def parse(text):
    if not text:
        return {}
    try:
        return json.loads(text)
    except ValueError as error:
        told = BadArguments(f'the arguments are not JSON: {error}')
    except RecursionError:
        told = BadArguments('the arguments are nested too deeply for Python: send flatter ones '
                            '(arrays and objects within each other)')
    raise told


def answer_error(thrown):
    jit_state.tell()
    body = to_json(describe(as_answer(thrown)))
    if not core.answer(True, body):
        core.answer(True, to_json(describe(too_large(body, 'error'))))


def too_large(body, what='result'):
    return ResultTooLarge(f'the {what} is {len(body.encode())} bytes of JSON; at most 64 MB are '
                          'allowed: store it elsewhere and return where it is')


def run_hooks():
    try:
        hooks.run_after()
    except BaseException as thrown:
        leave(thrown)


# Not empty: a restored process has something to renew.
renewals = []


def prepare():
    """Right before the capture."""
    uniqueness.prepare()
    renewals[:] = [True] if uniqueness.regions or uniqueness.steps else []


# Ids of the containers that are being written, to find circles.
_above = {}


def write(value):
    """For what json's C encoder refuses: says why."""
    _above.clear()
    return serialise(value)


def not_json(value):
    raise TypeError(f'{type(value).__name__} is not JSON')


def bind():
    decoder = json.JSONDecoder()
    encoder = json.encoder
    core.bind_serving({
        'scan': decoder.scan_once,
        'parse': parse,
        # circles, default, strings, indent, separators, sort_keys, skipkeys, allow_nan
        'encode': encoder.c_make_encoder(_above, not_json, encoder.encode_basestring, None, ':',
                                         ',', False, False, False),
        'serialise': write,
        'context': Context,
        'renewals': renewals,
        'renew': uniqueness.renew,
        'hooks': hooks.after,
        'run_hooks': run_hooks,
        'run_async': async_loop.run,
        'losses': jit_state.losses,
        'tell_losses': jit_state.tell,
        'answer_error': answer_error,
        'too_large': too_large,
    })


_calls = 0


def serve_training(handler, text):
    """Makes a training call with an event's JSON text, in the same way as an invocation.
    Gives what was thrown, or None."""
    global _calls
    _calls += 1
    if core.put_to_self(f'training-{_calls}', text):
        return core.serve(*handler.call)
    return core.serve(*handler.call, text)


# Arguments that were taken where the process was captured at the top level of the entry.
taken = ''


def serve_taken(handler):
    core.serve(*handler.call, taken)
