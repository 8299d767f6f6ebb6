# A timer that was started before the capture and is due after it: its time goes on in
# the restored process. Every call starts the next one.
import threading

fired = threading.Semaphore(0)


def start():
    timer = threading.Timer(0.05, fired.release)
    timer.daemon = True
    timer.start()
    return timer


timer = start()
warmup = [{}]


def handler(event, context):
    global timer
    came = fired.acquire(timeout=20)
    timer.join()
    timer = start()
    return came
