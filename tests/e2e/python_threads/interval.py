# An interval timer that runs through the capture.
import signal
import threading

ticks = 0


def tick(number, frame):
    global ticks
    ticks += 1


signal.signal(signal.SIGALRM, tick)
signal.setitimer(signal.ITIMER_REAL, 0.005, 0.005)
warmup = [{}]


def handler(event, context):
    before = ticks
    while ticks < before + 3:
        signal.pause()
    return {'ticked': True, 'interval': round(signal.getitimer(signal.ITIMER_REAL)[1], 3),
            'threads': threading.active_count()}
