import os

warmup = [{}]


def handler(event, context):
    os._exit(3)
