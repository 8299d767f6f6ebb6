from fwrun import jit


@jit
def never(x):
    return x + 1


def handler(event, context):
    return 1


warmup = [{}]
