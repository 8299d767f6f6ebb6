warmup = [{'n': 1}, {'n': None}]


def handler(event, context):
    print('working on', event['n'])
    return event['n'] + 1
