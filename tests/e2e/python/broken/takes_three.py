warmup = [{}]


def handler(event, context, more):
    return None
