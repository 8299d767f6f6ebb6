name = "café"


def handler(event, context):
    return name
