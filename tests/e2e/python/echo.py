# Gives back what it gets, and says what Python made of it.
warmup = [{'a': 1}]


def handler(event, context):
    return event
