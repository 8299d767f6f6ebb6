# threading.Timer, one that is due long after the install and one that every call starts.
import threading

fired = []
late = threading.Timer(3600, fired.append, ['late'])
late.daemon = True
late.start()
warmup = [{}]


def handler(event, context):
    soon = threading.Event()
    timer = threading.Timer(0.001, soon.set)
    timer.start()
    came = soon.wait(20)
    timer.join()
    return {'came': came, 'late': [late.is_alive(), fired], 'threads': threading.active_count()}
