# One call of the handler, from the JSON of its arguments to the JSON of its answer.
# Training calls and invocations run the very same code: what the former specialise and
# allocate, the latter find done.
from json import loads

import _fwrun as core

from . import async_loop, jit_state, state
from .context import Context
from .errors import describe
from .finish import as_answer
from .result import serialise
from .text import to_json

# args::Instant
HANDLER = 8
HANDLED = 9


class BadArguments(Exception):
    fwrun_type = 'Runtime.BadArguments'


class ResultTooLarge(Exception):
    fwrun_type = 'Runtime.ResultTooLarge'


def parse(text):
    if not text:
        return {}
    try:
        return loads(text)
    except ValueError as error:
        raise BadArguments(f'the arguments are not JSON: {error}') from None


def begin(text):
    """From here on the handler works on these arguments."""
    state.event = event = parse(text)
    state.context = context = Context()
    core.mark(HANDLER)
    return event, context


def call(handler, event, context):
    value = handler.function(event, context) if handler.takes_context else handler.function(event)
    if handler.is_async:
        value = async_loop.run(value)
    return value


def invoke(handler, text):
    """Answers; gives what was thrown, or None. Training calls live to see it."""
    try:
        event, context = begin(text)
        value = call(handler, event, context)
        core.mark(HANDLED)
        body = serialise(value)
        jit_state.tell()
        if core.answer(False, body):
            return None
        raise too_large('result', body)
    except BaseException as thrown:
        answer_error(thrown)
        return thrown


def answer_error(thrown):
    core.mark(HANDLED)
    jit_state.tell()
    body = to_json(describe(as_answer(thrown)))
    if not core.answer(True, body):
        core.answer(True, to_json(describe(too_large('error', body))))


def too_large(what, body):
    return ResultTooLarge(f'the {what} is {len(body.encode())} bytes of JSON; at most 64 MB are '
                          'allowed: store it elsewhere and return where it is')
