# JSON of our own documents: reports, errors.
import json

encode = json.JSONEncoder(separators=(',', ':'), ensure_ascii=True).encode


def to_json(value):
    """Always text that encodes to UTF-8, whatever bytes user code put into a message."""
    return encode(value)
