import broken_inside


def handler(event, context):
    return None
