# Compiles functions that nobody marked, where that changes nothing but the time
# they take. Training runs with recorders in their place; decide() then installs
# those whose compiled form gave the interpreter's results on every recorded call
# and is at least as fast. All others get their own code back.

import ast
import sys
import time

from . import compare, measure, worth
from .dispatch import Dispatch, Fallbacks
from .kinds import text_of
from .recorder import Clock, Recorder

MOST_KINDS = 6
NEVER_CALLED = 'training never called it'


# One function of one module.
class Candidate:
    def __init__(self, module, name, line, definition, function, recorder):
        self.module = module
        self.name = name
        self.line = line
        self.definition = definition
        self.function = function
        self.recorder = recorder
        self.reason = ''
        self.broken = False     # what it computes is not what its text says
        self.dispatch = None
        self.program = None     # keeps the machine code
        self.signatures = []
        self.code_bytes = 0
        self.compile_us = None
        self.before_us = None
        self.after_us = None

    def entry(self):
        return {'name': self.name, 'file': self.module.__file__, 'line': self.line,
                'tier': 'numba-auto' if self.dispatch else 'interpreted', 'annotated': False,
                'optimised': self.dispatch is not None, 'signatures': self.signatures,
                'code_bytes': self.code_bytes, 'compile_us': self.compile_us,
                'before_us': self.before_us, 'after_us': self.after_us, 'reason': self.reason,
                'deoptimisations': []}


class AutoJit:
    # `tolerance`: how much two floats may differ, relative to their size.
    def __init__(self, tolerance=0.0):
        self.tolerance = tolerance
        self.modules = {}       # module -> {name: Candidate}
        self.excluded = []
        self.clock = Clock()
        self.fallbacks_ = Fallbacks()

    # Begins to record. `candidates` are (name, line), `excluded` (name, line, reason),
    # both from the annotator's plan; `source` is the module's text, read from its
    # file if it is not given.
    def watch(self, module, candidates, excluded=(), source=None):
        if source is None and candidates:
            with open(module.__file__, 'rb') as file:
                source = file.read()
        tree = ast.parse(source) if candidates else ast.Module([], [])
        definitions = {(n.name, n.lineno): n for n in tree.body if isinstance(n, ast.FunctionDef)}
        self.excluded += [(module, *one) for one in excluded]
        found = {}
        for name, line in candidates:
            function = module.__dict__.get(name)
            definition = definitions.get((name, line))
            code = getattr(function, '__code__', None)
            if definition is None or code is None or code.co_firstlineno != line or (
                    code.co_freevars or code.co_cellvars):
                self.excluded.append((module, name, line, 'the name stands for something else now'))
            else:
                found[name] = (definition, function)
        recursive = recursive_names({name: one[0] for name, one in found.items()})
        watched = self.modules.setdefault(module, {})
        for name, (definition, function) in found.items():
            recorder = Recorder(function, name in recursive, self.clock)
            watched[name] = Candidate(module, name, definition.lineno, definition, function,
                                      recorder)
            recorder.start()

    # Ends recording and installs what is safe and fast, within the time given.
    # `handler_us`: how long the handler ran while this recorded, all its `handler_calls`
    # together; 0 calls when that is not known.
    def decide(self, deadline_seconds, handler_us=0, handler_calls=0):
        until = time.monotonic() + deadline_seconds
        self.clock.running = False
        everyone = [one for found in self.modules.values() for one in found.values()]
        for one in everyone:
            one.recorder.stop()
            judge_recording(one)
        ready = [one for one in everyone if not one.reason]
        wanted, why = worth.worth_loading(
            'numba' in sys.modules, self.clock.total_ns / 1000, self.clock.calls,
            handler_us, handler_calls)
        if not wanted or not ready:
            for one in ready:
                one.reason = why
        else:
            for one in ready:
                one.before_us = measure.samples(one, until)
            for module, found in self.modules.items():
                if any(not one.reason for one in found.values()):
                    self.compile_module_(module, found, until, deadline_seconds)
        for one in everyone:
            one.recorder.forget()

    def compile_module_(self, module, found, until, seconds):
        try:
            from .program import CannotCompile, Program
        except ImportError as error:
            for one in found.values():
                one.reason = one.reason or f'Numba cannot be used: {error}'
            return
        functions = {name: (one.definition, one.function) for name, one in found.items()
                     if not one.broken}
        recursive = {name for name, one in found.items() if one.recorder.recursive}
        for one in callees_first(found):
            if one.reason:
                continue
            if time.monotonic() >= until:
                one.reason = f'the time for compiling ({seconds:g} s) was over before its turn'
                continue
            try:
                # A program of its own: what one could not compile cannot harm another.
                self.compile_(one, Program(module, functions, recursive), until)
            except CannotCompile as error:
                one.reason = str(error)
            except Exception as error:  # nobody asked for this: the install must go on
                one.reason = f'compiling it failed: {type(error).__name__}: {error}'
            if one.broken:
                functions.pop(one.name)

    def compile_(self, one, program, until):
        from .machine_code import code_bytes
        entries, results = [], []
        for kinds in dict.fromkeys(sample.kinds for sample in one.recorder.samples):
            begin = time.perf_counter_ns()
            result = program.compile(one.name, kinds)
            one.compile_us = (one.compile_us or 0) + (time.perf_counter_ns() - begin) // 1000
            results.append(result)
            entry, why, one.broken = verified(one, kinds, result.entry_point, self.tolerance)
            if why:
                one.reason = why
                return
            entries.append(entry)
        dispatch = Dispatch(one.recorder, entries, program.guards(one.name),
                            one.recorder.recursive, self.fallbacks_)
        dispatch.install()
        try:
            one.after_us = measure.samples(one, until)
        except BaseException:
            dispatch.remove()
            raise
        missed = dispatch.fallbacks.notes
        if missed:
            one.reason = f'the compiled form was not used: {missed[0]["reason"]}'
            self.reset()
        elif one.before_us is None or one.after_us is None:
            one.reason = 'the time for compiling was over before it was measured'
        elif one.after_us > one.before_us:
            one.reason = (f'the compiled form is slower: {one.after_us:.2f} us a call instead of '
                          f'{one.before_us:.2f}')
        if one.reason:
            dispatch.remove()
            return
        one.dispatch = dispatch
        one.signatures = [f'({", ".join(map(text_of, kinds))})' for kinds in dispatch.kinds]
        one.code_bytes = sum(map(code_bytes, results))
        one.program = program

    # What ran interpreted since reset() although it is compiled: a list of
    # {function, reason}, empty in the normal case.
    def fallbacks(self):
        return self.fallbacks_.notes

    # From now on they are noted in this list.
    def note_fallbacks_in(self, notes):
        self.fallbacks_.notes = notes

    def reset(self):
        if self.fallbacks_.notes:
            self.fallbacks_.notes = []

    def report(self):
        entries = [one.entry() for found in self.modules.values() for one in found.values()]
        for module, name, line, reason in self.excluded:
            empty = Candidate(module, name, line, None, None, None)
            empty.reason = reason
            entries.append(empty.entry())
        return sorted(entries, key=lambda entry: (entry['file'], entry['line']))


def judge_recording(one):
    recorder = one.recorder
    kinds = {sample.kinds for sample in recorder.samples}
    if recorder.fault:
        one.reason, one.broken = recorder.fault, True
    elif (one.module.__dict__.get(one.name) is not one.function
          or one.function.__code__ is not recorder.original):
        one.reason, one.broken = 'its name stands for something else now', True
    elif not recorder.calls:
        one.reason = NEVER_CALLED
    elif not kinds:
        one.reason = recorder.unsupported or 'every call in training raised an exception'
    elif len(kinds) > MOST_KINDS:
        one.reason = f'training called it with {len(kinds)} combinations of types'


# ((kinds, entry, convert), why not, whether it differs from the interpreter) for one
# compiled form, tried on all its samples.
def verified(one, kinds, entry, tolerance):
    samples = [sample for sample in one.recorder.samples if sample.kinds == kinds]
    convert = compare.converter([sample.result for sample in samples])
    depth = (0,) if one.recorder.recursive else ()
    for sample in samples:
        given = [compare.copy_of(value) for value in sample.arguments]
        try:
            result = entry(*depth, *given)
        except Exception as error:
            return None, f'compiled code gave up on a call of the training: {error!r}', False
        if convert is not None:
            result = convert(result)
        if not compare.same(result, sample.result, tolerance):
            if type(result) is not type(sample.result):
                return None, (f'compiled, it returns {type(result).__name__} instead of '
                              f'{type(sample.result).__name__}'), True
            return None, (f'compiled, it returns {result!r:.60} instead of '
                          f'{sample.result!r:.60}'), True
        if not all(map(compare.same, given, sample.arguments)):
            return None, 'compiled, it changes an argument', True
    return (kinds, entry, convert), '', False


def called_names(definition, names):
    return {n.func.id for n in ast.walk(definition)
            if isinstance(n, ast.Call) and isinstance(n.func, ast.Name) and n.func.id in names}


# The names of functions that can reach themselves by calls.
def recursive_names(definitions):
    reach = {name: called_names(one, set(definitions)) for name, one in definitions.items()}
    for _ in definitions:
        for name in reach:
            reach[name] = reach[name].union(*(reach[one] for one in reach[name]))
    return {name for name in reach if name in reach[name]}


def callees_first(found):
    order, seen = [], set()

    def visit(name):
        if name not in seen:
            seen.add(name)
            for callee in sorted(called_names(found[name].definition, set(found))):
                visit(callee)
            order.append(found[name])
    for name in found:
        visit(name)
    return order
