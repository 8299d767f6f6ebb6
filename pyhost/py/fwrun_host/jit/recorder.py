# Watches the calls of one function in training: with what it was called, what it
# returned, and whether it did anything else that can be seen.

import time

from . import compare, trampoline
from .kinds import Unsupported, describe, kind_of

MOST_SAMPLES = 64
MOST_LARGE_SAMPLES = 8
LARGE = 4096
MOST_BYTES = 16 << 20


class Sample:
    def __init__(self, kinds, arguments, result):
        self.kinds = kinds
        self.arguments = arguments
        self.result = result


class Recorder:
    # `clock` is shared by all recorders of one training.
    def __init__(self, function, recursive, clock):
        self.function = function
        self.original = function.__code__
        self.twin = trampoline.twin_of(function)
        self.recursive = recursive
        self.clock = clock
        self.samples = []
        self.fault = None       # why it must stay interpreted
        self.unsupported = None
        self.calls = 0
        self.time_ns = 0
        self.bytes_ = 0
        self.large_ = 0
        self.seen_ = set()
        self.code = trampoline.hook_code(self.original, self.call)

    def start(self):
        self.function.__code__ = self.code

    def stop(self):
        if self.function.__code__ is self.code:
            self.function.__code__ = self.original

    # Of no use once it is decided, and the image would carry them.
    def forget(self):
        self.samples = []
        self.seen_ = set()

    # Called in place of the function. While a recursive one runs, its own code is in
    # place: its inner calls take the frames that they always took.
    def call(self, *arguments):
        kinds = copies = None
        if self.fault is None:
            kinds, copies = self.before_(arguments)
        if self.recursive:
            self.stop()
        outermost = self.clock.enter()
        begin = time.perf_counter_ns()
        try:
            result = self.twin(*arguments) if not self.recursive else self.function(*arguments)
        finally:
            took = time.perf_counter_ns() - begin
            self.calls += 1
            self.time_ns += took
            self.clock.leave(outermost, took)
            if self.recursive and self.clock.running:
                self.start()
        if copies is not None:
            self.after_(kinds, copies, arguments, result)
        return result

    def before_(self, arguments):
        if len(self.samples) >= MOST_SAMPLES or self.bytes_ >= MOST_BYTES:
            return None, None
        try:
            kinds = tuple(map(kind_of, arguments))
        except Unsupported:
            if self.unsupported is None:
                self.unsupported = f'called with {describe(arguments)}'
            return None, None
        size = sum(map(compare.size_of, arguments))
        if size > LARGE:
            self.large_ += 1
            if self.large_ > MOST_LARGE_SAMPLES or self.bytes_ + size > MOST_BYTES:
                return None, None
        self.bytes_ += size
        if all(kind[0] in ('int', 'float', 'bool', 'str', 'complex') for kind in kinds):
            seen = (kinds, repr(arguments))
            if seen in self.seen_:
                return None, None
            self.seen_.add(seen)
        return kinds, [compare.copy_of(one) for one in arguments]

    def after_(self, kinds, copies, arguments, result):
        if not all(map(compare.same, copies, arguments)):
            self.fault = 'it changes an argument'
        elif compare.aliases(result, arguments):
            self.fault = 'its result is part of an argument, not a new value'
        else:
            try:
                self.samples.append(Sample(kinds, copies, compare.copy_of(result)))
                self.bytes_ += compare.size_of(result)
            except TypeError as error:
                self.fault = f'it returns a {error}'


# How long candidates ran, without counting twice those that call each other.
class Clock:
    def __init__(self):
        self.running = True
        self.total_ns = 0
        self.calls = 0
        self.depth_ = 0

    def enter(self):
        self.depth_ += 1
        return self.depth_ == 1

    def leave(self, outermost, took):
        self.depth_ -= 1
        if outermost:
            self.total_ns += took
            self.calls += 1
