# The installed form of a compiled function: a trampoline that takes the compiled
# way when every global is what it was and the arguments are of a kind that training
# covered, and the interpreter's otherwise, and whenever compiled code raises.

import threading

from . import trampoline
from .kinds import describe, test_source

MOST_NOTES = 64
# Further calls of one function in one invocation are not looked into: they cost what
# they cost without us.
MOST_NOTES_EACH = 4


# Which functions ran interpreted although they are compiled, since the last reset.
class Fallbacks:
    def __init__(self):
        self.notes = []

    def add(self, function, reason):
        note = {'function': function, 'reason': reason}
        if len(self.notes) < MOST_NOTES and note not in self.notes:
            self.notes.append(note)


class Dispatch:
    # `entries`: [(kinds, entry, convert)]; `guards`: {expression: object}. `convert`
    # turns a result into the type that the interpreter gives, None for none.
    def __init__(self, recorder, entries, guards, recursive, fallbacks):
        self.function = recorder.function
        self.original = recorder.original
        self.twin = recorder.twin
        self.guards = guards
        self.kinds = [kinds for kinds, _, _ in entries]
        self.recursive = recursive
        self.fallbacks = fallbacks
        self.lock_ = threading.Lock()
        self.inside_ = 0
        self.noted_ = 0
        self.noted_in_ = None
        self.code = self.write_(entries)

    def install(self):
        self.function.__code__ = self.code

    def remove(self):
        if self.function.__code__ is self.code:
            self.function.__code__ = self.original

    def write_(self, entries):
        constants = trampoline.Constants()
        names = trampoline.parameters(self.original)
        checks = [f'{text} is {constants(value)}' for text, value in self.guards.items()]
        lines = [' try:', f'  if {" and ".join(checks) or "True"}:']
        for kinds, entry, convert in entries:
            tests = [test_source(kind, name, constants) for kind, name in zip(kinds, names)]
            call = f'{constants(entry)}({", ".join(["0"] * self.recursive + names)})'
            if convert is not None:
                call = f'{constants(convert)}({call})'
            lines += [f'   if {" and ".join(tests)}:', f'    return {call}']
        lines += [f' except {constants(Exception)} as __fw_error:',
                  '  __fw_reason = __fw_error',
                  ' else:',
                  '  __fw_reason = None',
                  f' return {constants(self.miss)}(__fw_reason, {", ".join(names)})']
        return trampoline.code_for(self.original, '\n'.join(lines), constants)

    # As it would have run without us, whatever stopped the compiled code.
    def miss(self, error, *arguments):
        if self.noted_in_ is not self.fallbacks.notes or self.noted_ < MOST_NOTES_EACH:
            self.note_(error, arguments)
        if not self.recursive:
            del error
            return self.twin(*arguments)
        # The user's own code while it runs: its inner calls take the frames that they
        # always took, and are not tried again one by one.
        with self.lock_:
            self.inside_ += 1
            self.function.__code__ = self.original
        try:
            del error
            return self.function(*arguments)
        finally:
            with self.lock_:
                self.inside_ -= 1
                if self.inside_ == 0 and self.function.__code__ is self.original:
                    self.install()

    def note_(self, error, arguments):
        if self.noted_in_ is not self.fallbacks.notes:
            self.noted_in_, self.noted_ = self.fallbacks.notes, 0
        self.noted_ += 1
        self.fallbacks.add(self.function.__name__, self.reason_(error, arguments))

    def reason_(self, error, arguments):
        for text, value in self.guards.items():
            name, *rest = text.split('.')
            scope = self.function.__globals__
            known = scope[name] if name in scope else scope['__builtins__']
            if name not in scope:
                known = known.get(name) if isinstance(known, dict) else getattr(known, name, None)
            for attribute in rest:
                known = getattr(known, attribute, None)
            if known is not value:
                return f'{text} is no longer what it was in training'
        if error is None:
            return f'called with {describe(arguments)}, which training did not cover'
        if type(error).__name__ == 'GaveUp' or type(error) is ArithmeticError:
            return 'a value that compiled code does not compute as Python does'
        return f'compiled code raised {type(error).__name__}: {error}'
