# Counts what Numba compiles. After a restore any compilation means that the call
# met a function without machine code for its types.

import sys

MOST_NAMES = 64


class Compilations:
    def __init__(self):
        self.count = 0
        self.compiled = []  # [(name, signature)]
        self.listening_ = False
        self.notes_ = None

    # Begins to count if numba is there; does nothing before that, and when called
    # again. Loads nothing.
    def listen(self):
        if self.listening_ or 'numba.core.event' not in sys.modules:
            return self.listening_
        event = sys.modules['numba.core.event']
        outer = self

        class Listener(event.Listener):
            def on_start(self, made):
                outer.note_(made)

            def on_end(self, made):
                pass
        event.register('numba:compile', Listener())
        self.listening_ = True
        return True

    # From now on each is also noted in this list, as {function, reason}.
    def note_in(self, notes):
        self.notes_ = notes

    def reset(self):
        if self.count:
            self.count = 0
            self.compiled = []

    def note_(self, made):
        self.count += 1
        if len(self.compiled) < MOST_NAMES:
            name = getattr(getattr(made.data.get('dispatcher'), 'py_func', None), '__name__', '?')
            types = ', '.join(map(str, made.data.get('args') or ()))
            self.compiled.append((name, f'({types})'))
            if self.notes_ is not None:
                self.notes_.append({'function': name, 'reason': f'called with ({types}), which '
                                    'training did not cover, and compiled for it'})


compilations = Compilations()
