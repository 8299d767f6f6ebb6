# Called like a module of the standard library that is not loaded yet, and needs it.
import random
import tempfile

warmup = [{}]


def handler(event, context):
    return [0 <= random.random() < 1, random.__file__ != __file__, tempfile.gettempdir()[:1]]
