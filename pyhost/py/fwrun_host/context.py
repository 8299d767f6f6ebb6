# The handler's second argument, shaped like AWS Lambda's.
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
    client_context = None

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
