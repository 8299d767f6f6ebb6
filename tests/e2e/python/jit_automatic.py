# Nobody annotated anything here.
STEPS = 200000
calls = 0


def mix(n, x):
    result = 0
    for i in range(n):
        result = (result * 31 + i * x) % 1000003
    return result


def power(base, n):
    result = 1
    for i in range(n):
        result = result * base
    return result


def counts(n):
    global calls
    calls += n
    return calls


def handler(event, context):
    counts(1)
    return {'mixed': mix(STEPS, event['x']), 'calls': calls,
            'power': power(event.get('base', 1), event.get('n', 2000))}


warmup = [{'x': 3}, {'x': 11}]
