# JSON of our own documents: reports, errors.
import json

encode = json.JSONEncoder(separators=(',', ':'), ensure_ascii=True).encode


def to_json(value):
    """Always text that is JSON to everybody, whatever user code put into a message: lone
    surrogates, which not even escapes can hold, become text."""
    text = encode(value)
    return encode(without_surrogates(value)) if '\\ud' in text else text


def without_surrogates(value):
    if isinstance(value, str):
        return value.encode('utf-8', 'backslashreplace').decode()
    if isinstance(value, (list, tuple)):
        return [without_surrogates(one) for one in value]
    if isinstance(value, dict):
        return {without_surrogates(key): without_surrogates(one) for key, one in value.items()}
    return value
