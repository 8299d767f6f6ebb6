# With what each of Numba's functions was called when it was compiled, so that the
# receipt can tell how long a call takes in the interpreter and compiled.
#
# Numba asks the dispatcher's _compile_for_args() with the arguments themselves; nothing
# else in its way is changed, and calls that compile nothing are not seen.

import functools

from . import compare, generators, measure

# The interpreter may need this many times longer: if that is too long, or fails, it is
# not measured.
SLOWER = 300
LONGEST_US = 300_000.0
MOST_BYTES = 1 << 20


class FirstCalls:
    def __init__(self):
        self.arguments_ = {}    # id of the dispatcher -> (dispatcher, copies)
        self.restore_ = None

    # Begins to look; `module` is numba.core.dispatcher.
    def watch(self, module):
        original = module.Dispatcher._compile_for_args
        outer = self

        @functools.wraps(original)
        def compile_for_args(dispatcher, *args, **kws):
            if not kws:
                outer.keep_(dispatcher, args)
            return original(dispatcher, *args, **kws)

        def restore():
            module.Dispatcher._compile_for_args = original
        module.Dispatcher._compile_for_args = compile_for_args
        self.restore_ = restore

    def keep_(self, dispatcher, args):
        try:
            if sum(map(compare.size_of, args)) <= MOST_BYTES:
                self.arguments_[id(dispatcher)] = dispatcher, [compare.copy_of(one) for one in args]
        except TypeError:  # of a kind that is not copied
            pass

    # (before_us, after_us) of a call with the arguments it was last compiled for; None
    # what is not known.
    def times(self, dispatcher):
        kept = self.arguments_.get(id(dispatcher))
        if kept is None:
            return None, None
        with generators.unchanged():
            after = time_of(dispatcher, kept[1])
            short = after is not None and after * SLOWER <= LONGEST_US
            return time_of(dispatcher.py_func, kept[1]) if short else None, after

    # The receipt is written: nothing of this gets into the image.
    def forget(self):
        self.arguments_ = {}
        if self.restore_ is not None:
            self.restore_()
            self.restore_ = None


def time_of(function, arguments):
    try:
        return measure.call_us(function, [compare.copy_of(one) for one in arguments])
    except Exception:
        return None


first_calls = FirstCalls()
