from fwrun import before_snapshot


@before_snapshot
def spin():
    while True:
        pass


def handler(event, context):
    return None
