import threading

warmup = [{'n': 1}]


def handler(event, context):
    threading.Event().wait()
