from fwrun import jit


@jit
def never(x):
    return x + 1


def handler(event, context):
    return never(event['x']) if 'x' in event else 1


warmup = [{}]
