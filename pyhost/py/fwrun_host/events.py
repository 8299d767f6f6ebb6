# The training events as JSON texts: those given at the install, else what the module
# has as `warmup` (a list, or a function that returns one), else one empty object.
import json

from . import report, state
from .errors import InstallError, explain
from .job import job
from .result import serialise


def training_events():
    if job['training_events'] != '':
        return to_texts(json.loads(job['training_events']), 'the training events')
    warmup = getattr(state.module, 'warmup', None)
    if warmup is None:
        report.warn('no training events were given, so the function was trained with {}: what '
                    'other events reach was never run, and not compiled; give --train FILE, or '
                    'define `warmup`')
        return ['{}']
    if callable(warmup):
        try:
            warmup = warmup()
        except Exception as thrown:
            raise explain('Training.BadEvents', 'warmup() failed', thrown) from None
    return to_texts(warmup, '`warmup`')


def to_texts(events, what):
    if not isinstance(events, (list, tuple)):
        raise InstallError('Training.BadEvents', f'{what} must be a list of events')
    if not events:
        raise InstallError('Training.BadEvents', f'{what} must hold at least one event')
    texts = []
    for index, event in enumerate(events):
        try:
            texts.append(serialise(event))
        except Exception as thrown:
            raise explain('Training.BadEvents', f'event {index} of {what} is not JSON',
                          thrown) from None
    return texts
