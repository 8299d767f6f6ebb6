# The snapshot point: finds it, judges its place, and rewrites the one form that
# needs code. The process is captured during a training call, whose event the
# handler's parameters hold; a statement in the handler therefore assigns them
# again, and after a restore they hold the real invocation's.

import ast

from .errors import AnnotationError
from .scopes import COMPREHENSIONS, FUNCTIONS

TAKE_VALUE = 'take the event from it: `event = snapshot_here()`'


class Point:
    def __init__(self, kind, node, file, function):
        self.kind = kind  # 'function', 'statement', 'call', 'toplevel'
        self.file = file
        self.line = node.lineno
        self.column = node.col_offset + 1
        self.function = function  # its name; None outside functions


def find_point(tree, scopes, handler, file, entry, warnings):
    names = [n for n in ast.walk(tree) if isinstance(n, (ast.Name, ast.Attribute))
             and scopes.meaning(n) == ('fwrun', 'snapshot_here')
             and isinstance(n.ctx, ast.Load)]
    names.sort(key=lambda n: (n.lineno, n.col_offset))
    judge = Judge(scopes, handler, file, entry, warnings)
    points = [judge.point(name) for name in names]
    if len(points) > 1:
        judge.refuse(names[1], 'a program has one snapshot point, and the first is in line '
                     f'{points[0].line}: remove one of them')
    return points[0] if points else None


class Judge:
    def __init__(self, scopes, handler, file, entry, warnings):
        self.scopes_ = scopes
        self.handler_ = handler
        self.file_ = file
        self.entry_ = entry
        self.warnings_ = warnings

    def refuse(self, node, message):
        raise AnnotationError(message, self.file_, node.lineno, node.col_offset + 1)

    def point(self, name):
        if not self.entry_:
            self.refuse(name, 'this file does not hold the handler, and only that file can mark '
                        'the snapshot point: move snapshot_here there')
        parent = self.scopes_.parents[name]
        if name in getattr(parent, 'decorator_list', []):
            return self.decorator_(name, parent)
        if isinstance(parent, ast.Call) and parent.func is name:
            return self.call_(name, parent)
        if isinstance(parent, ast.Expr):
            self.refuse(name, 'snapshot_here without parentheses does nothing: write '
                        '`snapshot_here()`')
        self.refuse(name, 'snapshot_here is used as a value here, so the place of the capture '
                    'cannot be told: call it by its own name where the process is to be captured')

    def decorator_(self, name, owner):
        if isinstance(owner, ast.ClassDef):
            self.refuse(name, '@snapshot_here marks the handler function, not a class: put it '
                        'before the method or function that is the handler')
        if owner is not self.handler_.function:
            self.refuse(name, self.not_handler_(owner))
        self.refuse_generator_(name, owner)
        self.check_wrappers_(name, owner, above=name)
        return Point('function', name, self.file_, owner.name)

    def not_handler_(self, owner):
        inside = [n for n in self.scopes_.around(owner) if isinstance(n, FUNCTIONS)]
        if inside:
            return (f'@snapshot_here marks the handler, and {owner.name} is a function inside '
                    'another one: put it before the handler')
        if owner.name in self.handler_.made_from:
            return (f'the handler is made from {owner.name} by a call, which decides what its '
                    f'parameters are: inside {owner.name}, {TAKE_VALUE}')
        if self.handler_.function is None:
            return (f'@snapshot_here marks the handler, but this file defines no '
                    f'{self.handler_.name}: give the handler\'s name with --handler')
        return (f'@snapshot_here marks the handler, which is {self.handler_.name}, not '
                f'{owner.name}: put it there, or name another handler with --handler')

    def call_(self, name, call):
        parent = self.scopes_.parents[call]
        if call in getattr(parent, 'decorator_list', []):
            self.refuse(name, 'as a decorator snapshot_here takes no parentheses: write '
                        '`@snapshot_here`')
        if call.args or call.keywords:
            self.refuse(name, 'snapshot_here() takes no arguments: remove them')
        if isinstance(parent, ast.Await):
            self.refuse(name, 'snapshot_here() cannot be awaited, it returns at once: remove '
                        '`await`')
        function = self.place_(name, call)
        if function is None:
            return Point('toplevel', name, self.file_, None)
        self.refuse_generator_(name, function)
        if not isinstance(parent, ast.Expr):
            return Point('call', name, self.file_, function.name)
        if function is not self.handler_.function:
            self.refuse(name, f'{function.name} is not the handler, so there are no parameters to '
                        f'set again after a restore: {TAKE_VALUE}')
        self.check_wrappers_(name, function)
        self.rewrite_(name, parent)
        return Point('statement', name, self.file_, function.name)

    # The function around the call, None outside functions; refuses where a capture
    # cannot work or where nobody could say when it happens.
    def place_(self, name, call):
        inner, function = call, None
        for node in self.scopes_.around(call):
            if isinstance(node, ast.arguments):
                self.refuse(name, 'a default value is computed when the function is defined: '
                            'write snapshot_here() as a statement in the handler')
            if isinstance(node, ast.Lambda):
                self.refuse(name, 'a lambda cannot hold the snapshot point: write the function '
                            'with `def`')
            if isinstance(node, COMPREHENSIONS):
                self.refuse(name, 'a comprehension would come here once per element: write '
                            'snapshot_here() as a statement before it')
            if isinstance(node, ast.ClassDef) and function is None:
                self.refuse(name, 'a class body is no place to capture a process: write '
                            'snapshot_here() before or after the class')
            if isinstance(node, (ast.Try, ast.TryStar)) and inner in node.finalbody:
                self.refuse(name, '`finally` also runs while an exception is on its way: write '
                            'snapshot_here() before the `try`')
            if isinstance(node, ast.ExceptHandler):
                self.refuse(name, '`except` runs only when something failed, which is no state '
                            'to start invocations from: write snapshot_here() before the `try`')
            if isinstance(node, FUNCTIONS) and inner not in getattr(node, 'decorator_list', []):
                if function is not None:
                    self.refuse(name, f'{function.name} is a function inside {node.name}: write '
                                f'snapshot_here() in {node.name} itself')
                function = node
            inner = node
        return function

    def refuse_generator_(self, name, function):
        for node in ast.walk(function):
            if isinstance(node, (ast.Yield, ast.YieldFrom)):
                inside = next(n for n in self.scopes_.around(node) if isinstance(n, FUNCTIONS))
                if inside is function:
                    self.refuse(name, f'{function.name} is a generator (line {node.lineno}): its '
                                'body does not run when it is called, and it cannot be the '
                                'handler; return the answer instead')

    # A decorator may call the handler with other arguments than the event, but only
    # the event can be set again.
    def check_wrappers_(self, name, function, above=None):
        decorators = function.decorator_list
        if above is not None:
            decorators = decorators[:decorators.index(above)]
        plain = ('staticmethod', 'classmethod')
        for one in decorators:
            if not (isinstance(one, ast.Name) and one.id in plain):
                self.warnings_.append(
                    f'{self.file_}:{one.lineno}: this decorator runs before the capture, with the '
                    'training event: after a restore the handler gets the event and context as '
                    'they came, not as the decorator passed them. Put @snapshot_here above it '
                    'to run it for each event')
                return

    def rewrite_(self, name, statement):
        arguments = self.handler_.function.args
        parameters = self.handler_.parameters()
        if not parameters and arguments.vararg:
            self.refuse(name, f'the handler takes *{arguments.vararg.arg}, which cannot be set '
                        f'again after a restore: name its parameters, or {TAKE_VALUE}')
        if not parameters:
            return
        targets = [ast.Name(p, ast.Store()) for p in parameters]
        count = ast.Constant(len(targets))
        value = ast.Call(ast.Attribute(name, 'parameters', ast.Load()), [count], [])
        target = targets[0] if len(targets) == 1 else ast.Tuple(targets, ast.Store())
        assign = ast.copy_location(ast.Assign([target], value), statement)
        for node in ast.walk(assign):
            if node is not name and not hasattr(node, 'lineno') and 'lineno' in node._attributes:
                ast.copy_location(node, statement)
        holder = self.scopes_.parents[statement]
        for field in ('body', 'orelse', 'finalbody'):
            block = getattr(holder, field, [])
            if isinstance(block, list) and statement in block:
                block[block.index(statement)] = assign
