# A name that no import statement could hold.
warmup = [{}]


def handler(event, context):
    return [__name__, __file__.rpartition('/')[2]]
