warmup = [{}]


def handler(event, context):
    return {'value': float('nan')}
