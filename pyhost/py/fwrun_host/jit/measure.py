# How long recorded calls take: the median of several runs of each, through the
# function as its callers see it.

import time

MOST_SAMPLES = 8
RUNS = 9
RUN_NS = 20_000       # a run repeats short calls for about so long
SAMPLE_NS = 50_000_000


# Microseconds a call, averaged over samples; None when the time was over.
def samples(one, until):
    recorded = one.recorder.samples
    chosen = recorded[::max(1, len(recorded) // MOST_SAMPLES)][:MOST_SAMPLES]
    total = 0.0
    for sample in chosen:
        if time.monotonic() >= until:
            return None
        total += call_us(one.function, sample.arguments)
    return total / len(chosen)


def call_us(function, arguments):
    clock = time.perf_counter_ns
    begin = clock()
    function(*arguments)
    once = max(clock() - begin, 1)
    times = max(1, min(200, RUN_NS // once))
    end = clock() + SAMPLE_NS
    runs = []
    while len(runs) < RUNS and (len(runs) < 3 or clock() < end):
        begin = clock()
        for _ in range(times):
            function(*arguments)
        runs.append((clock() - begin) / times)
    return sorted(runs)[len(runs) // 2] / 1000
