from os import no_such_name


def handler(event, context):
    return None
