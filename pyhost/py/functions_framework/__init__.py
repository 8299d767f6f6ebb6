# What user code imports as functions_framework, whether the package is installed or not:
# its server would never be asked. Decorated functions are called with flask's requests.

registered = {}


def http(function):
    """Marks a function that takes a flask.Request and returns a response."""
    registered[function.__name__] = function
    return function


def cloud_event(function):
    raise NotImplementedError(
        f'functions_framework.cloud_event is not supported: decorate {function.__name__} with '
        'functions_framework.http, or define handler(event, context)')


def typed(*args):
    raise NotImplementedError(
        'functions_framework.typed is not supported: decorate the function with '
        'functions_framework.http, and take the request apart in it')
