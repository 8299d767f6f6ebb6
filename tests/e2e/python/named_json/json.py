# Called like a module of the standard library, which everybody must still get.
import json
import random

warmup = [{'a': 1}]


def handler(event, context):
    return [json.loads('[1]'), random.random() < 1, json.__file__ != __file__]
