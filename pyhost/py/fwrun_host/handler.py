# Finds the handler in a module, and how it is called.
import inspect
import sys
import types

from .errors import InstallError
from .job import job

# Tried in this order when the install names no handler: ours and OpenWhisk's, and the
# name that Lambda's console gives.
CONVENTIONS = ('handler', 'lambda_handler', 'main')


def split_path(text, entry):
    """Names from the module to the handler, or None: by convention. Lambda's users name
    the file too: in handler.py, `handler.run` is the function run."""
    if text == '':
        return None
    path = text.split('.')
    stem = entry.rpartition('/')[2].removesuffix('.py')
    return path[1:] if len(path) > 1 and path[0] == stem else path


class Handler:
    """A callable, and how to call it."""

    def __init__(self, function, name):
        self.function = function
        self.name = name
        self.http = None  # http_function.HttpFunction, if it takes requests
        self.is_async = is_async(function)
        # Lambda passes (event, context), OpenWhisk its parameters alone.
        self.takes_context = takes_two(function)

    @property
    def call(self):
        """As the core wants it."""
        if self.http:
            return self.http.serve, False, False
        return self.function, self.is_async, self.takes_context


def is_async(function):
    return inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(
        getattr(function, '__call__', None))


def takes_two(function):
    return takes(function, 2)


def takes(function, count):
    try:
        inspect.signature(function).bind(*[None] * count)
    except TypeError:
        return False
    except ValueError:  # a builtin that does not tell
        return True
    return True


def place(entry):
    return {'file': entry, 'line': 1, 'column': 1}


def registered():
    """Functions that functions_framework.http decorates, by name."""
    framework = sys.modules.get('functions_framework')
    return framework.registered if framework else {}


def takes_requests(function):
    if job['signature'] != 'auto':
        return job['signature'] == 'http'
    marked = list(registered().values())
    found = function
    while found is not None:
        if any(found is one for one in marked):
            return True
        found = getattr(found, '__wrapped__', None)
    return parameter_names(function) in (['request'], ['req'])


def parameter_names(function):
    try:
        return list(inspect.signature(function).parameters)
    except (TypeError, ValueError):  # a builtin that does not tell
        return []


def find_handler(module, path, entry):
    handler = find_function(module, path, entry)
    if takes_requests(handler.function):
        from .http_function import HttpFunction
        handler.http = HttpFunction(handler, module, entry)
    return handler


def find_function(module, path, entry):
    if path is not None:
        return explicit(module, path, entry)
    marked = registered()
    if len(marked) > 1:
        raise InstallError('Load.ManyHandlers',
                           f'functions_framework.http decorates {", ".join(marked)}: name one with '
                           '--handler', at=place(entry))
    for name, function in marked.items():
        return checked(getattr(module, name, function), name, entry)
    for name in CONVENTIONS:
        if name in vars(module):
            return checked(getattr(module, name), name, entry)
    raise InstallError(
        'Load.NoHandler',
        f'{entry} has no handler: define handler(event, context), lambda_handler(event, context) '
        f'or main(params), or name one with --handler; it defines {defined(module)}',
        at=place(entry))


def explicit(module, path, entry):
    found = module
    for depth, name in enumerate(path):
        try:
            found = getattr(found, name)
        except AttributeError:
            where = '.'.join(path[:depth])
            what = f'{where} of {entry}' if where else entry
            raise InstallError('Load.NoHandler',
                               f'{what} does not define {name}; it defines {defined(found)}',
                               at=place(entry)) from None
    return checked(found, '.'.join(path), entry)


def checked(value, name, entry):
    if not callable(value) or isinstance(value, type):
        kind = 'a class' if isinstance(value, type) else f'of type {type(value).__name__}'
        raise InstallError('Load.HandlerNotFunction',
                           f'{name} of {entry} must be a function, but is {kind}',
                           at=place(entry))
    if inspect.isgeneratorfunction(value) or inspect.isasyncgenfunction(value):
        raise InstallError('Load.HandlerNotFunction',
                           f'{name} of {entry} is a generator: return the whole result instead of '
                           'yielding it', at=place(entry))
    if not takes(value, 2) and not takes(value, 1):
        raise InstallError('Load.HandlerNotFunction',
                           f'{name} of {entry} is called as {name}(event, context) or {name}(event)'
                           f', but is defined as {name}{inspect.signature(value)}', at=place(entry))
    return Handler(value, name)


def defined(where):
    names = [name for name, value in vars(where).items() if not name.startswith('_') and
             not isinstance(value, types.ModuleType)] if hasattr(where, '__dict__') else []
    shown = ', '.join(names[:20])
    return shown + (f' and {len(names) - 20} more' if len(names) > 20 else '') or 'nothing'
