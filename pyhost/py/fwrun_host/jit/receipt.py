# What became of the functions that the user gave to Numba: tier, signatures, size.

import sys
import types

from .first_calls import first_calls

UNUSED = 'training never called it'


# One entry for each of Numba's functions that the modules hold: in attributes, and
# in the classes, functions' closures, lists and dicts found there.
def receipt(modules):
    if 'numba' not in sys.modules:
        return []
    files = {getattr(one, '__file__', None) for one in modules}
    found = {}
    for module in modules:
        for value in list(vars(module).values()):
            collect(value, files, found, 3)
    entries = [entry_of(one) for one in found.values()]
    return sorted(entries, key=lambda entry: (entry['file'], entry['line']))


def dispatcher_of(value):
    from numba.core.dispatcher import Dispatcher
    if isinstance(value, Dispatcher):
        return value
    inner = getattr(value, '_dispatcher', None)  # of vectorize
    return inner if inner is not None and hasattr(inner, 'py_func') else None


def collect(value, files, found, depth):
    if type(value) in (int, float, str, bytes, bool, type(None)) or depth == 0:
        return
    if 'numba' in (type(value).__module__ or ''):
        dispatcher = dispatcher_of(value)
        if dispatcher is not None and code_file(dispatcher) in files:
            found[id(dispatcher)] = dispatcher
        return
    parts = []
    if isinstance(value, type):
        parts = list(vars(value).values())
    elif isinstance(value, types.FunctionType):
        parts = [cell_value(cell) for cell in value.__closure__ or ()]
        parts.append(getattr(value, '__wrapped__', None))
    elif isinstance(value, (staticmethod, classmethod)):
        parts = [value.__func__]
    elif type(value) in (list, tuple, set):
        parts = list(value)[:1000]
    elif type(value) is dict:
        parts = list(value.values())[:1000]
    for part in parts:
        collect(part, files, found, depth - 1)


def cell_value(cell):
    try:
        return cell.cell_contents
    except ValueError:  # not yet filled
        return None


def code_file(dispatcher):
    return dispatcher.py_func.__code__.co_filename


def entry_of(dispatcher):
    from .machine_code import code_bytes
    code = dispatcher.py_func.__code__
    before_us, after_us = first_calls.times(dispatcher)
    results = list(dispatcher.overloads.values())
    objects = [one for one in results if getattr(one, 'objectmode', False)]
    machine = [one for one in results if one not in objects]
    tier = 'numba' if machine else 'numba-object' if objects else 'uncompiled'
    reason = ''
    if tier == 'uncompiled':
        reason = UNUSED
    elif objects:
        reason = 'Numba fell back to object mode, which calls the interpreter for each step'
        errors = [one.typing_error for one in objects if getattr(one, 'typing_error', None)]
        if errors:
            reason += f': {essence(errors[-1])}'
    return {'name': dispatcher.py_func.__qualname__, 'file': code.co_filename,
            'line': code.co_firstlineno, 'tier': tier, 'annotated': True,
            'optimised': bool(machine) and not objects,
            'signatures': [str(one.signature) for one in results],
            'code_bytes': sum(map(code_bytes, results)), 'compile_us': compile_us(dispatcher),
            'before_us': before_us, 'after_us': after_us, 'reason': reason, 'deoptimisations': []}


# Numba notes how long each signature took; None where it did not.
def compile_us(dispatcher):
    total = 0.0
    for signature in dispatcher.overloads:
        try:
            metadata = dispatcher.get_metadata(signature)
            total += metadata['timers']['compiler_lock']
        except (AttributeError, KeyError, TypeError):
            return None
    return round(total * 1e6) if dispatcher.overloads else None


# The line of Numba's message that says what is wrong.
MARKS = ('left to the interpreter', 'cannot unify', 'unknown attribute', 'no implementation',
         'invalid use', 'not supported', 'unsupported', 'untyped global', 'cannot')


def essence(error):
    lines = [line.strip(' -*>\t') for line in str(error).splitlines()]
    for mark in MARKS:
        for line in lines:
            if mark in line.lower():
                return line.partition('TypingError:')[2].strip() or line
    return next((line for line in lines if line and 'nopython mode pipeline' not in line),
                type(error).__name__)
