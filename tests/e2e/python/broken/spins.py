warmup = [{'n': 1}]


def count():
    n = 0
    while True:
        n += 1


def handler(event, context):
    return count()
