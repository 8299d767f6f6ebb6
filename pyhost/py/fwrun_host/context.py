# The handler's second argument, shaped like AWS Lambda's.
import json
import os

import _fwrun as core

from .job import job


class Identity:
    """Lambda's, for calls that come through no identity provider."""
    cognito_identity_id = None
    cognito_identity_pool_id = None


class Context:
    """Of the call under way. Without __init__, which every invocation would run."""
    function_name = job['function_name']
    function_version = job['function_version']
    memory_limit_in_mb = str(job['memory_mb'])  # a string, as Lambda has it
    invoked_function_arn = f"arn:aws:lambda:local:000000000000:function:{job['function_name']}"
    log_group_name = f"/aws/lambda/{job['function_name']}"
    log_stream_name = f"[{job['function_version']}]"
    identity = Identity()
    # As read_call_context() sets them.
    client_context = None
    traceparent = None  # and tracestate: W3C Trace Context's, of the caller
    tracestate = None

    @property
    def aws_request_id(self):
        return core.request_id()

    @staticmethod
    def get_remaining_time_in_millis():
        return core.remaining_ms()

    @staticmethod
    def log(message):
        core.log(1, message if isinstance(message, bytes) else f'{message}\n')

    def __repr__(self):
        return f'Context(aws_request_id={self.aws_request_id!r})'


class Fields:
    """Members of a JSON object as attributes, None when they are missing."""
    __slots__ = ()

    def __init__(self, values):
        for name in self.__slots__:
            setattr(self, name, values.get(name))


class Client(Fields):
    __slots__ = ('installation_id', 'app_title', 'app_version_name', 'app_version_code',
                 'app_package_name')


class ClientContext(Fields):
    """Lambda's."""
    __slots__ = ('custom', 'env', 'client')

    def __init__(self, values):
        super().__init__(values)
        self.client = Client(self.client) if isinstance(self.client, dict) else None


# The environment as it was before, for a process that stays.
_replaced = {}


def read_call_context(text):
    """What the requester told of its caller, JSON text or nothing."""
    set_variables(_replaced)
    _replaced.clear()
    told = json.loads(text) if text else {}
    given = told.get('client_context')
    Context.client_context = ClientContext(given) if isinstance(given, dict) else None
    Context.traceparent = told.get('traceparent')
    Context.tracestate = told.get('tracestate')
    variables = told.get('environment', {})
    _replaced.update((name, os.environ.get(name)) for name in variables)
    set_variables(variables)


def set_variables(variables):
    for name, value in variables.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


core.on_call_context(read_call_context)
