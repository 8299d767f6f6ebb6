# Gathers what the install reports (embed/report.h), and answers with it.
import sys
import time

import _fwrun as core

from . import state
from .text import to_json

warnings = []
phases_us = {}
training = {
    'functions': [],
    'training': {
        'events': 0, 'rounds': 0, 'first_call_us': 0, 'steady_call_us': 0,
        'probe': {'event': '', 'result': '', 'stable': False},
    },
}
_phase = 'boot'
_began_ns = 0


def start():
    global _began_ns
    _began_ns = core.started_ns


def begin(name):
    """The phase before ends, this one begins."""
    global _phase, _began_ns
    now = time.monotonic_ns()
    phases_us[_phase] = phases_us.get(_phase, 0) + (now - _began_ns) // 1000
    _phase = name
    _began_ns = now


def warn(text):
    if text not in warnings:
        warnings.append(text)


def set_training(result):
    training.update(result)


def annotation():
    point = state.plan.snapshot if state.plan else None
    if point is None:
        return {'kind': 'default'}
    kind = 'statement' if point.kind == 'call' else point.kind
    return {'kind': kind, 'file': point.file, 'line': point.line}


def runtime():
    numba = sys.modules.get('numba')
    version = '.'.join(map(str, sys.version_info[:3]))
    return f'Python {version}' + (f', Numba {numba.__version__}' if numba else '')


def finish(snapshot):
    begin('answer')
    core.finish(False, to_json({
        'runtime': runtime(),
        'annotation': annotation(),
        **training,
        'warnings': warnings,
        'phases_us': phases_us,
        'snapshot': snapshot,
    }))
