def prepare():
    raise RuntimeError('at import')


prepare()


def handler(event, context):
    return None
