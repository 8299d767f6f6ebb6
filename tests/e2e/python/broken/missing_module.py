import does_not_exist.inner


def handler(event, context):
    return None
