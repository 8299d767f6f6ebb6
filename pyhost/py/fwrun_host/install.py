# The course of an install: load, train, capture; and in restored processes, serve.
import sys

import _fwrun as core

from . import finish, report, state


def run():
    """Ends the process, one way or the other."""
    try:
        prepare()
        install()
    except BaseException as thrown:
        finish.leave(thrown)
    core.exit_now(0)


def prepare():
    report.start()
    from . import async_loop, output, serving, uniqueness
    output.install(core)
    uniqueness.install(core)
    async_loop.install()
    serving.bind()
    from .job import entry
    sys.argv = [entry]


def install():
    from . import capture, compiling, load, point, serving, train
    from .job import job
    report.begin('load')
    compiling.watch_numba()
    core.watch(job['training_timeout_ms'], 'Load.Timeout', f'loading {load.entry}')
    load.load_entry()
    core.rest()
    if state.phase == 'serving':
        # Captured at the top level of the entry; what follows it has run now.
        serving.serve_taken(state.handler)
    elif point.inside_handler():
        train.train(state.handler)
        point.serve_armed(state.handler)
    else:
        train.train(state.handler)
        capture.rehearse(state.handler)
        capture.capture_and_serve(state.handler)
