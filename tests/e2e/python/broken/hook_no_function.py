from fwrun import before_snapshot

before_snapshot('text')


def handler(event, context):
    return None
