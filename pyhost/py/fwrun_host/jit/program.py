# The candidates of one module as checked functions that know each other, compiled
# for one combination of types at a time.
#
# Imports numba: only imported when something is compiled.

import ast
import builtins
import math
import types as python_types
import warnings

import numba

from . import checked_math
from .audit import Difference, audit
from .checked import OPERATIONS
from .kinds import numba_type
from .receipt import essence
from .rewrite import Unwritable, helper_name, rewrite

OPTIONS = {'nopython': True, 'boundscheck': True, 'error_model': 'python', 'fastmath': False,
           'nogil': False, 'cache': False}
MATH_FUNCTIONS = {name.partition('.')[2] for name in checked_math.OPERATIONS
                  if name.startswith('math.')}
CONSTANTS = (int, float, complex, bool, str)


class CannotCompile(Exception):
    """Says why."""


class Program:
    # `functions`: name -> (definition, function object), all candidates of a module;
    # `recursive`: the names of those that can call themselves again.
    def __init__(self, module, functions, recursive):
        self.names = module.__dict__
        self.functions = functions
        self.recursive = recursive
        # No __name__: Numba cannot link a recursive function of a module that it does
        # not find in sys.modules.
        self.scope = {helper_name(name): one for name, one in OPERATIONS.items()}
        self.file = module.__file__
        self.dispatchers = {}

    # What the compiled function and its callees take for granted, to be checked at
    # each call: expressions over the module's globals, and the objects that they
    # must be.
    def guards(self, name, seen=None):
        seen = set() if seen is None else seen
        if name in seen:
            return {}
        seen.add(name)
        definition = self.functions[name][0]
        guards = {}
        for text, value in outside(definition, self.names):
            guards[text] = value
            if text in self.functions:
                defaults = self.functions[text][1].__defaults__
                if defaults is not None:
                    guards[f'{text}.__defaults__'] = defaults
                guards.update(self.guards(text, seen))
        return guards

    # (entry, Numba's CompileResult) for these kinds of arguments.
    def compile(self, name, kinds):
        signature = [numba_type(one) for one in kinds]
        if name in self.recursive:
            signature.insert(0, numba.types.int64)
        self.prepare(name)
        dispatcher = self.dispatchers[name]
        with warnings.catch_warnings():
            warnings.simplefilter('ignore')
            try:
                dispatcher.compile(tuple(signature))
            except numba.core.errors.NumbaError as error:
                raise CannotCompile(essence(error)) from None
            except Exception as error:
                raise CannotCompile(f'Numba failed: {type(error).__name__}: {error}') from None
        self.check_all()
        return dispatcher.overloads[tuple(signature)]

    # Also what was compiled only because it is called.
    def check_all(self):
        for name, dispatcher in self.dispatchers.items():
            for result in dispatcher.overloads.values():
                try:
                    audit(result)
                except Difference as error:
                    raise CannotCompile(f'in {name}(): {error}') from None
                kept = result.signature.return_type
                if isinstance(kept, (numba.types.List, numba.types.Array)):
                    if not self.functions[name][0].fresh_returns:
                        raise CannotCompile(f'{name}() may return something that it did not make')

    def prepare(self, name):
        if name in self.dispatchers:
            return
        definition, function = self.functions[name]
        check_returns(definition)
        self.bind(definition)
        try:
            written = rewrite(definition, self.names, self.recursive)
        except Unwritable as error:
            raise CannotCompile(str(error)) from None
        written.args.defaults = []
        module = ast.Module([written], [])
        local = {}
        exec(compile(ast.fix_missing_locations(module), self.file, 'exec', dont_inherit=True),
             self.scope, local)
        made = local[name]
        made.__defaults__ = function.__defaults__
        self.dispatchers[name] = self.scope[name] = numba.jit(**OPTIONS)(made)
        for text, value in outside(definition, self.names):
            if text in self.functions:
                if self.functions[text][1] is not value:
                    raise CannotCompile(f'the global {text} is not the function of that name')
                self.prepare(text)

    # The globals that it reads, as they are now.
    def bind(self, definition):
        for text, value in outside(definition, self.names):
            if '.' in text or text in self.functions:
                continue
            module = value is math or isinstance(value, python_types.ModuleType)
            if not (module or constant(value) or is_known_call(text, value)):
                raise CannotCompile(f'the global {text} is {type(value).__name__}, '
                                    'which can change')
            if getattr(value, '__module__', None) != 'math':
                self.scope[text] = value


def is_known_call(name, value):
    if getattr(builtins, name, None) is value:
        return True
    return getattr(value, '__module__', None) == 'math' and value.__name__ in MATH_FUNCTIONS


def constant(value):
    if type(value) is tuple:
        return all(map(constant, value))
    return type(value) in CONSTANTS and not (type(value) is int and not -2**63 <= value < 2**63)


# (text, object) of each name, and attribute of a module, that is read from outside.
def outside(definition, names):
    bound = {n.id for n in ast.walk(definition)
             if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    bound |= {a.arg for a in definition.args.posonlyargs + definition.args.args}
    found = {}
    body = [node for statement in definition.body for node in reached(statement)]
    for node in body:
        if isinstance(node, ast.Name) and node.id not in bound:
            found[node.id] = look_up(node.id, names)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            owner = node.value.id
            if owner not in bound:
                module = look_up(owner, names)
                if isinstance(module, python_types.ModuleType):
                    found[f'{owner}.{node.attr}'] = getattr(module, node.attr, None)
    return list(found.items())


# Every node that compiled code evaluates: not annotations, not what a raise computes.
def reached(node):
    yield node
    if isinstance(node, ast.Raise):
        return
    for field, value in ast.iter_fields(node):
        if field == 'annotation' or (field == 'msg' and isinstance(node, ast.Assert)):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from reached(child)


def look_up(name, names):
    if name in names:
        return names[name]
    if not hasattr(builtins, name):
        raise CannotCompile(f'the global {name} is not defined')
    return getattr(builtins, name)


# A list or array that is returned must be new: one that an argument holds, or a
# part of it, would come back as a copy.
def check_returns(definition):
    parameters = {a.arg for a in definition.args.posonlyargs + definition.args.args}
    made = {}
    for node in ast.walk(definition):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            made.setdefault(node.targets[0].id, []).append(node.value)
            node.targets[0].made = True
    for node in ast.walk(definition):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            if not hasattr(node, 'made'):
                made[node.id] = []
    definition.fresh_returns = all(
        is_fresh(node.value, made, parameters) for node in ast.walk(definition)
        if isinstance(node, ast.Return) and node.value is not None)


def is_fresh(node, made, parameters):
    if isinstance(node, (ast.List, ast.ListComp)):
        return True
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        return isinstance(node.left, ast.List)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        return node.func.attr in ('zeros', 'ones')
    if isinstance(node, ast.Name) and node.id not in parameters:
        values = made.get(node.id, [])
        return bool(values) and all(
            not isinstance(one, ast.Name) and is_fresh(one, made, parameters) for one in values)
    return False
