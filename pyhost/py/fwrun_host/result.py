# The result of a handler as JSON, as Lambda's runtime writes it, but for what is not
# JSON: NaN and the infinities are refused, as are texts that UTF-8 cannot hold.

from json import JSONEncoder

from .errors import message_of, type_of


class NotSerialisable(Exception):
    fwrun_type = 'Runtime.ResultNotSerialisable'


encode = JSONEncoder(separators=(',', ':'), ensure_ascii=False, allow_nan=False).encode


def serialise(value):
    """JSON text that encodes to UTF-8. Raises NotSerialisable, whose message names the
    part that is in the way."""
    try:
        text = encode(value)
        if not text.isascii():
            text.encode()
        return text
    except (TypeError, ValueError, RecursionError) as thrown:
        told = NotSerialisable(reason(value, thrown))
    # Raised here, the exception does not carry json's own as its context.
    raise told


def reason(value, thrown):
    if type(thrown) is RecursionError:
        return ('the result is nested too deeply for JSON: return a flatter one '
                '(lists and dictionaries within each other)')
    try:
        found = find_obstacle(value)
    except Exception:
        # Methods of the user's own classes: the error is the best explanation.
        found = None
    return found or f'the result cannot be written as JSON: {type_of(thrown)}: {message_of(thrown)}'


def find_obstacle(result):
    """What is in the way and where, or None. Looks in the order that json writes in."""
    above = {}
    pending = [(result, 'result', True)]
    while pending:
        value, path, enter = pending.pop()
        if not enter:
            del above[id(value)]
            continue
        obstacle = obstacle_at(value, path)
        if obstacle:
            return obstacle
        if not isinstance(value, (dict, list, tuple)):
            continue
        circle = above.get(id(value))
        if circle:
            return (f'{path} refers back to {circle}: JSON cannot hold a circle: return a copy '
                    'without it')
        above[id(value)] = path
        pending.append((value, path, False))
        pending.extend(reversed([(item, at, True) for item, at in items_of(value, path)]))
    return None


def items_of(value, path):
    if not isinstance(value, dict):
        return [(item, f'{path}[{index}]') for index, item in enumerate(value)]
    return [(Key(key), path) if is_bad_key(key) else (item, inside(path, key))
            for key, item in value.items()]


class Key:
    """A key that is itself in the way."""

    def __init__(self, key):
        self.key = key


def inside(path, key):
    if isinstance(key, str) and key.isidentifier():
        return f'{path}.{key}'
    return f'{path}[{ascii(key)}]'


def is_bad_key(key):
    if isinstance(key, str):
        return not encodes(key)
    if isinstance(key, float):
        return not is_finite(key)
    return not (key is None or isinstance(key, int))


def obstacle_at(value, path):
    if type(value) is Key:
        return obstacle_of_key(value.key, path)
    if isinstance(value, str):
        return None if encodes(value) else (
            f'{path} holds {lone_surrogate(value)}, which UTF-8 cannot hold: decode the text with '
            "errors='replace', for example")
    if isinstance(value, int):
        return None if can_be_written(value) else (
            f'{path} is an integer of more digits than Python writes: return it as a string made '
            'with hex(), for example')
    if value is None or isinstance(value, (dict, list, tuple)):
        return None
    if isinstance(value, float):
        return None if is_finite(value) else (
            f'{path} is {number_name(value)}, which JSON cannot hold: return None or a string '
            'instead')
    return f'{path} is {what_is(value)}, which JSON cannot hold: {advice(value)}'


def obstacle_of_key(key, path):
    if isinstance(key, str):
        return (f'{path} has a key with {lone_surrogate(key)}, which UTF-8 cannot hold: decode the '
                "text with errors='replace', for example")
    if isinstance(key, float):
        return f'{path} has the key {number_name(key)}, which JSON cannot hold: make it a string'
    return (f'{path} has a key that is {what_is(key)}: keys in JSON are strings: convert it, for '
            'example with str()')


def encodes(text):
    try:
        str.encode(text)
        return True
    except UnicodeEncodeError:
        return False


# sys.set_int_max_str_digits()
def can_be_written(number):
    try:
        int.__repr__(number)
        return True
    except ValueError:
        return False


def lone_surrogate(text):
    [one] = [character for character in text if '\ud800' <= character <= '\udfff'][:1]
    return f'the lone surrogate \\u{ord(one):04x}'


def is_finite(number):
    return number - number == 0


def number_name(number):
    if number != number:
        return 'NaN'
    return 'Infinity' if number > 0 else '-Infinity'


def what_is(value):
    name = type(value).__name__
    if type(value).__module__.partition('.')[0] == 'numpy':
        return f'a numpy array ({name})' if is_array(value) else f'a numpy value ({name})'
    if callable(value) and hasattr(value, '__code__'):
        return 'a function'
    if name in ('bytes', 'dict_keys', 'dict_values', 'dict_items'):
        return name
    return f"{'an' if name[:1].lower() in 'aeio' else 'a'} {name}"


def is_array(value):
    return bool(getattr(value, 'shape', ()))


def advice(value):
    kind = type(value)
    root = kind.__module__.partition('.')[0]
    if root == 'numpy':
        return f"convert it, for example with {'.tolist()' if is_array(value) else '.item()'}"
    known = ADVICE.get(kind.__name__ if root in ('builtins', 'decimal', 'datetime', 'uuid') else '')
    if known:
        return known
    if isinstance(value, Exception):
        return 'raise it, or return its message with str()'
    if hasattr(kind, '__await__'):
        return 'await it before returning'
    return 'return a dictionary, list, string, number, True, False or None in its place'


ADVICE = {
    'set': 'convert it, for example with sorted() or list()',
    'frozenset': 'convert it, for example with sorted() or list()',
    'bytes': 'convert it, for example with .decode() or base64.b64encode()',
    'bytearray': 'convert it, for example with .decode() or base64.b64encode()',
    'memoryview': 'convert it, for example with .tobytes().decode()',
    'complex': 'return its real and imaginary parts',
    'range': 'convert it, for example with list()',
    'generator': 'convert it, for example with list()',
    'dict_keys': 'convert it, for example with list()',
    'dict_values': 'convert it, for example with list()',
    'dict_items': 'convert it, for example with dict()',
    'Decimal': 'convert it, for example with float() or str()',
    'datetime': 'convert it, for example with .isoformat()',
    'date': 'convert it, for example with .isoformat()',
    'time': 'convert it, for example with .isoformat()',
    'timedelta': 'convert it, for example with .total_seconds()',
    'UUID': 'convert it, for example with str()',
}
