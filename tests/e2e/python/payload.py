# What arguments are in Python, and results of every kind.
warmup = [{'text': 'x'}]


def handler(event, context):
    if 'make' in event:
        return 'x' * event['make']
    if 'results' in event:
        return {
            'big': 1 << 80, 'float': 0.1, 'tiny': 5e-324, 'huge': 1.7976931348623157e308,
            'minus': -0.0, 'whole': 1.0, 'tuple': (1, 2), 'none': None, 'bool': [True, False],
            'keys': {1: 'int', True: 'bool', None: 'none', 2.5: 'float'}, 'zero': 'a\0b',
            'controls': '\x01\x1f\x7f\u2028', 'emoji': '\U0001f600', 'quote': '"\\/',
        }
    text = event['text']
    return {'characters': len(text), 'bytes': len(text.encode()), 'type': type(event).__name__,
            'points': [ord(c) for c in text[:8]], 'last': text[-1:]}
