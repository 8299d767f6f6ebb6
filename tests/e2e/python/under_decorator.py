# The point below another decorator, which has run when the process is captured.
import functools

from fwrun import snapshot_here

warmup = [{'n': 1}]


def framed(function):
    @functools.wraps(function)
    def wrapper(event, context):
        seen = event['n']
        return {'framed': function(event, context), 'seen': seen}
    return wrapper


@framed
@snapshot_here
def handler(event, context):
    return [event['n'], context.aws_request_id]
