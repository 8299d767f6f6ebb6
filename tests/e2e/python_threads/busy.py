# Threads that compute all the time: at the capture they hold the GIL, wait for it, or
# are about to give it up.
import sys
import threading
import time

sys.setswitchinterval(0.0001)
THREADS = 3
counts = [0] * THREADS
sums = [0] * THREADS
go_on = True


def compute(index):
    while go_on:
        numbers = [number * index for number in range(50)]
        sums[index] = sum(numbers)
        counts[index] += 1


def release_often(index):
    while go_on:
        time.sleep(0)
        sums[index] = sum(number * index for number in range(50))
        counts[index] += 1


threads = [threading.Thread(target=release_often if index == 2 else compute, args=(index,),
                            daemon=True) for index in range(THREADS)]
for thread in threads:
    thread.start()
warmup = [{}]


def handler(event, context):
    before = list(counts)
    deadline = time.monotonic() + 20
    while any(now <= was for now, was in zip(counts, before)) and time.monotonic() < deadline:
        time.sleep(0.0002)
    return {'advanced': [now > was for now, was in zip(counts, before)],
            'sums': sums, 'threads': threading.active_count()}
