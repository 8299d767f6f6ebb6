# Whether one function computes its result from its arguments and nothing else,
# as far as its text can tell. What is left to find out by running it (types,
# equal results, speed) is not judged here.

import ast

from . import whitelist
from .assigned import Unassigned, check_assigned

# Fresh values may be changed by the function that made them: nobody else has them.
ALLOCATORS = (ast.List, ast.ListComp)


class Impure(Exception):
    pass


# `calls` maps each other top-level function that is called to the line.
class Verdict:
    def __init__(self, reason=None, calls=None):
        self.reason = reason
        self.calls = calls or {}


def judge(function, module, functions):
    visitor = Purity(function, module, functions)
    try:
        visitor.run()
    except Impure as error:
        return Verdict(str(error))
    except Unassigned as error:
        return Verdict(f'{error.name} may be unset where line {error.line} reads it')
    return Verdict(calls=visitor.calls)


class Purity:
    def __init__(self, function, module, functions):
        self.function = function
        self.module = module
        self.functions = functions
        self.calls = {}
        self.locals = set()
        self.fresh = set()

    def refuse(self, node, what):
        raise Impure(f'{what} (line {node.lineno})')

    def run(self):
        self.header()
        body = self.function.body
        self.forbidden_anywhere(body)
        self.collect_locals()
        if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
            body = body[1:]
        for statement in body:
            self.statement(statement)
        check_assigned(self.function, self.locals)

    def header(self):
        function, arguments = self.function, self.function.args
        if isinstance(function, ast.AsyncFunctionDef):
            self.refuse(function, 'async def')
        if function.decorator_list:
            self.refuse(function.decorator_list[0], 'a decorator')
        if arguments.vararg or arguments.kwarg:
            self.refuse(function, '*args or **kwargs')
        if arguments.kwonlyargs:
            self.refuse(arguments.kwonlyargs[0], 'keyword-only parameters')
        if not arguments.posonlyargs + arguments.args:
            self.refuse(function, 'no parameters: it would always compute the same')
        if len(arguments.posonlyargs + arguments.args) > 16:
            self.refuse(function, 'more than 16 parameters')

    def forbidden_anywhere(self, body):
        for statement in body:
            for node in ast.walk(statement):
                if isinstance(node, ast.stmt) and not isinstance(node, whitelist.STATEMENTS):
                    self.refuse(node, whitelist.name_of(node))
                if isinstance(node, ast.expr) and not isinstance(node, whitelist.EXPRESSIONS):
                    if not self.inside_raise(node, statement):
                        self.refuse(node, whitelist.name_of(node))

    # What a raise or a failing assert computes is computed by the interpreter.
    def inside_raise(self, node, statement):
        for outer in ast.walk(statement):
            if isinstance(outer, ast.Raise) or isinstance(outer, ast.Assert) and outer.msg:
                part = outer if isinstance(outer, ast.Raise) else outer.msg
                if any(one is node for one in ast.walk(part)):
                    return not isinstance(node, (ast.Yield, ast.YieldFrom, ast.Await,
                                                 ast.NamedExpr, ast.Lambda))
        return False

    def collect_locals(self):
        arguments = self.function.args
        parameters = {a.arg for a in arguments.posonlyargs + arguments.args}
        bindings = {}
        for node in ast.walk(self.function):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                bindings.setdefault(node.id, []).append(None)
        self.locals = parameters | set(bindings)
        made = {}
        for node in ast.walk(self.function):
            if isinstance(node, ast.Assign) and len(node.targets) == 1:
                target = node.targets[0]
                if isinstance(target, ast.Name) and self.allocates(node.value):
                    made[target.id] = made.get(target.id, 0) + 1
        self.fresh = {name for name, count in made.items()
                      if name not in parameters and count == len(bindings[name])}

    def allocates(self, node):
        if isinstance(node, ALLOCATORS):
            return True
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
            return isinstance(node.left, ast.List) or isinstance(node.right, ast.List)
        return (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
                and isinstance(node.func.value, ast.Name)
                and self.module.imported(node.func.value.id) == ('numpy', None)
                and node.func.attr in whitelist.NUMPY_ALLOCATORS)

    def statement(self, node):
        if isinstance(node, ast.Raise):
            return
        if isinstance(node, ast.Assert):
            self.expression(node.test)
            return
        if isinstance(node, (ast.Assign, ast.AugAssign, ast.AnnAssign)):
            for target in getattr(node, 'targets', None) or [node.target]:
                self.target(target, isinstance(node, ast.AugAssign))
            if node.value is not None:
                self.expression(node.value)
            return
        if isinstance(node, ast.For):
            self.target(node.target, False)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            return
        for field, child in ast.iter_fields(node):
            for one in child if isinstance(child, list) else [child]:
                if isinstance(one, ast.stmt):
                    self.statement(one)
                elif isinstance(one, ast.expr) and field != 'target':
                    self.expression(one)

    def target(self, target, augmented):
        if isinstance(target, ast.Name):
            return
        if isinstance(target, (ast.Tuple, ast.List)) and not augmented:
            for one in target.elts:
                self.target(one, False)
            return
        if isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
            name = target.value.id
            if name not in self.fresh:
                self.refuse(target, f'it changes {name}, which it did not make itself')
            if any(isinstance(one, ast.Slice) for one in ast.walk(target.slice)):
                self.refuse(target, 'assignment to a slice')
            self.expression(target.slice)
            return
        if isinstance(target, ast.Attribute):
            self.refuse(target, f'it changes the attribute {target.attr} of an object')
        self.refuse(target, 'assignment to an element of an expression')

    def expression(self, node):
        if isinstance(node, ast.Name):
            self.name(node)
        elif isinstance(node, ast.Call):
            self.call(node)
        elif isinstance(node, ast.Attribute):
            self.attribute(node)
        elif isinstance(node, ast.Constant) and not isinstance(node.value, whitelist.CONSTANTS):
            self.refuse(node, f'a {type(node.value).__name__} constant')
        elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
            self.refuse(node, 'the @ operator')
        elif isinstance(node, ast.Compare):
            self.compare(node)
        else:
            for child in ast.iter_child_nodes(node):
                if isinstance(child, ast.comprehension):
                    self.comprehension(child, node)
                elif isinstance(child, ast.expr):
                    self.expression(child)

    def compare(self, node):
        for operator, right in zip(node.ops, node.comparators):
            none = isinstance(right, ast.Constant) and right.value is None
            if isinstance(operator, (ast.Is, ast.IsNot)) and not none:
                self.refuse(node, '`is`, which asks for the identity of objects')
            if isinstance(operator, (ast.In, ast.NotIn)):
                self.refuse(node, '`in`')
        for one in [node.left, *node.comparators]:
            self.expression(one)

    def comprehension(self, part, node):
        if len(node.generators) > 1:
            self.refuse(node, 'a comprehension with more than one `for`')
        self.expression(part.iter)
        for test in part.ifs:
            self.expression(test)

    def name(self, node):
        name = node.id
        if name in self.locals or isinstance(node.ctx, ast.Store):
            return
        if name not in self.module:
            self.refuse(node, f'{name} is used as a value' if name in whitelist.BUILTINS
                        else f'the name {name}, which this file does not define')
        unsteady = self.module.unsteady(name)
        if unsteady:
            self.refuse(node, f'the global {unsteady}')
        if not self.module.constant_name(name):
            self.refuse(node, f'the global {name}, which is not a number, a string or a tuple')

    def attribute(self, node):
        origin = self.module_of(node.value)
        if origin == 'math' and node.attr in whitelist.MATH_CONSTANTS:
            return
        if origin == 'numpy' and node.attr in whitelist.NUMPY_NAMES:
            return
        if origin is not None or node.attr not in whitelist.ATTRIBUTES:
            self.refuse(node, f'the attribute .{node.attr}')
        self.expression(node.value)

    # 'math' or 'numpy' for a global that holds that module for good.
    def module_of(self, node):
        if not isinstance(node, ast.Name) or node.id in self.locals:
            return None
        origin = self.module.imported(node.id)
        if origin is None or self.module.unsteady(node.id):
            return None
        return origin[0] if origin[1] is None else None

    def call(self, node):
        for one in [*node.args, *(k.value for k in node.keywords)]:
            self.expression(one)
        target = node.func
        if isinstance(target, ast.Name):
            self.named_call(node, target.id)
        elif isinstance(target, ast.Attribute):
            self.attribute_call(node, target)
        else:
            self.refuse(node, 'a call of a computed function')

    def named_call(self, node, name):
        if name in self.locals:
            self.refuse(node, f'a call of {name}, which is a variable')
        if name not in self.module:
            if name not in whitelist.BUILTINS:
                self.refuse(node, f'a call of {name}()')
            if node.keywords:
                self.refuse(node, f'keyword arguments of {name}()')
            return
        unsteady = self.module.unsteady(name)
        if unsteady:
            self.refuse(node, f'a call of {name}(), and {unsteady}')
        if name in self.functions:
            self.calls.setdefault(name, node.lineno)
            return
        origin = self.module.imported(name)
        if not (origin and origin[0] == 'math' and origin[1] in whitelist.MATH_FUNCTIONS):
            self.refuse(node, f'a call of {name}()')
        self.math_call(node, origin[1])

    def attribute_call(self, node, target):
        origin = self.module_of(target.value)
        if origin == 'math' and target.attr in whitelist.MATH_FUNCTIONS:
            self.math_call(node, target.attr)
            return
        if origin == 'numpy' and target.attr in whitelist.NUMPY_ALLOCATORS:
            return
        owner = target.value.id if isinstance(target.value, ast.Name) else None
        if target.attr == 'append' and owner in self.fresh:
            return
        if target.attr == 'append' and owner in self.locals:
            self.refuse(node, f'it changes {owner}, which it did not make itself')
        self.refuse(node, f'a call of .{target.attr}()')

    def math_call(self, node, name):
        expected = 2 if name in ('atan2', 'copysign', 'fmod', 'pow') else 1
        if node.keywords or len(node.args) != expected:
            self.refuse(node, f'math.{name}() with other than {expected} argument(s)')
