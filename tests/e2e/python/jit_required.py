from fwrun import jit


@jit
def doubled(x):
    return x * 2


def handler(event, context):
    return doubled(event['x'])


warmup = [{'x': 1}]
