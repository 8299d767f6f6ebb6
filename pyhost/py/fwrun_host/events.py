# The training events as JSON texts: those given at the install, else what the module
# has as `warmup` (a list, or a function that returns one), else one empty object, which
# for HTTP functions means GET /. Theirs are completed.
import json

from . import report, state
from .errors import InstallError, explain
from .job import job
from .result import serialise


def training_events(handler):
    form = as_it_is
    if handler.http:
        from .http_event import complete as form
    if job['training_events'] != '':
        return to_texts(json.loads(job['training_events']), 'the training events', form)
    warmup = getattr(state.module, 'warmup', None)
    if warmup is None:
        given = 'the request GET /' if handler.http else '{}'
        report.warn(f'no training events were given, so the function was trained with {given}: '
                    'what other events reach was never run, and not compiled; give --train FILE, '
                    'or define `warmup`')
        return to_texts([{}], 'the events', form)
    if callable(warmup):
        try:
            warmup = warmup()
        except Exception as thrown:
            raise explain('Training.BadEvents', 'warmup() failed', thrown) from None
    return to_texts(warmup, '`warmup`', form)


def as_it_is(event):
    return event


def to_texts(events, what, form):
    """`form` gives each event the form that invocations will have."""
    if not isinstance(events, (list, tuple)):
        raise InstallError('Training.BadEvents', f'{what} must be a list of events')
    if not events:
        raise InstallError('Training.BadEvents', f'{what} must hold at least one event')
    texts = []
    for index, event in enumerate(events):
        try:
            event = form(event)
        except Exception as thrown:
            raise explain('Training.BadEvents', f'event {index} of {what} cannot be used',
                          thrown) from None
        try:
            texts.append(serialise(event))
        except Exception as thrown:
            raise explain('Training.BadEvents', f'event {index} of {what} is not JSON',
                          thrown) from None
    return texts
