# python3.11 -I -B cold.py FILE HANDLER EVENT: what a process does that is started for
# one call. Imports the file, calls the handler with the event, prints the answer.
import json
import os
import sys
import types

file, names, event_text = sys.argv[1:]
event = json.loads(event_text)


class SnapshotHere:
    def __call__(self, function=None):
        return event if function is None else function


def register(function, *args, **kwargs):
    return function


def jit(function=None, **options):
    import numba
    return numba.njit(function, **options) if function is not None else numba.njit(**options)


def offer(name, **contents):
    sys.modules[name] = types.ModuleType(name)
    vars(sys.modules[name]).update(contents)


def import_file():
    """By its path below the outermost package that it is in."""
    folder, path = os.path.dirname(file), [os.path.basename(file).removesuffix('.py')]
    while os.path.exists(os.path.join(folder, '__init__.py')):
        folder, package = os.path.split(folder)
        path.insert(0, package)
    sys.path[:0] = [folder, os.path.join(folder, 'site-packages'),
                    os.path.join(folder, 'requirements')]
    # The whole name gives the module at its end, not the package.
    return __import__('.'.join(path), fromlist=['handler'])


def find_handler(module):
    if names:
        found = module
        for name in names.removeprefix(module.__name__.rpartition('.')[2] + '.').split('.'):
            found = getattr(found, name)
        return found
    return next(vars(module)[name] for name in ('handler', 'lambda_handler', 'main')
                if name in vars(module))


def takes_context(function):
    # Not by `inspect`, whose import takes longer than most handlers.
    code = getattr(function, '__code__', None)
    return code is None or code.co_argcount > 1 or bool(code.co_flags & 4)  # *args


# Code that says where its snapshot is to be taken runs here as well.
offer('fwrun', snapshot_here=SnapshotHere(), jit=jit, before_snapshot=register,
      after_restore=register)
offer('snapshot_restore_py', register_before_snapshot=register, register_after_restore=register)

handler = find_handler(import_file())
context = types.SimpleNamespace(
    aws_request_id='cold', function_name='cold', function_version='1', memory_limit_in_mb='512',
    get_remaining_time_in_millis=lambda: 60_000, log=lambda message: None)
result = handler(event, context) if takes_context(handler) else handler(event)
if hasattr(result, '__await__'):
    import asyncio
    result = asyncio.run(result)
print(json.dumps(result), flush=True)
