# The point as a decorator, with others around it.
import functools

from fwrun import snapshot_here

warmup = [{'n': 1}, {'n': 2}]
calls = 0
below = []


def counted(function):
    @functools.wraps(function)
    def wrapper(event, context):
        below.append(event['n'])
        return [function(event, context), below[-3:]]
    return wrapper


@snapshot_here
@counted
def handler(event, context):
    global calls
    calls += 1
    return [event['n'], calls, context.aws_request_id]
