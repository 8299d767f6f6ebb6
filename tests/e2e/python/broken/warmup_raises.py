def warmup():
    return [1 / 0]


def handler(event, context):
    return None
