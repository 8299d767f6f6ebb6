# Writes a function again with checked arithmetic: a + b becomes __fw_add(a, b).
# What the annotator let pass is all that can occur here.

import ast
import copy
import math
import types

PREFIX = '__fw_'
DEPTH = '__fw_depth'
# A deeper recursion is left to the interpreter, which counts frames instead of
# running into the end of the stack.
MAX_DEPTH = 400

BINARY = {ast.Add: 'add', ast.Sub: 'sub', ast.Mult: 'mul', ast.Div: 'div',
          ast.FloorDiv: 'floordiv', ast.Mod: 'mod', ast.Pow: 'pow', ast.LShift: 'lshift',
          ast.RShift: 'rshift', ast.BitAnd: 'bitand', ast.BitOr: 'bitor', ast.BitXor: 'bitxor'}
UNARY = {ast.USub: 'neg', ast.UAdd: 'pos', ast.Invert: 'invert'}
COMPARE = {ast.Lt: 'lt', ast.LtE: 'le', ast.Gt: 'gt', ast.GtE: 'ge', ast.Eq: 'eq',
           ast.NotEq: 'ne'}
BUILTINS = {'abs', 'int', 'float', 'bool', 'round', 'sum', 'ord', 'chr', 'pow', 'min', 'max',
            'complex'}


class Unwritable(Exception):
    """Says why a function has no checked form."""


# The name under which an operation is found in the compiled functions' globals.
def helper_name(operation):
    return PREFIX + operation.replace('.', '_')


def call(operation, *args):
    return ast.Call(ast.Name(helper_name(operation), ast.Load()), list(args), [])


# `names` gives what a global of the module is; `recursive` the candidates that can
# call themselves again: they count how deep.
class Rewriter(ast.NodeTransformer):
    def __init__(self, function, names, recursive):
        self.names = names
        self.recursive = recursive
        self.locals = {n.id for n in ast.walk(function)
                       if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        self.locals |= {a.arg for a in function.args.posonlyargs + function.args.args}

    def rewrite(self, function):
        function = copy.deepcopy(function)
        function.returns = None
        arguments = function.args
        for one in arguments.posonlyargs + arguments.args:
            one.annotation = None
        if isinstance(function.body[0], ast.Expr) and isinstance(
                function.body[0].value, ast.Constant):
            function.body[0] = ast.Pass()
        function.body = [self.visit(one) for one in function.body]
        # Parameters are passed by position where this is called from outside, and
        # default values come from there.
        arguments.args = arguments.posonlyargs + arguments.args
        arguments.posonlyargs = []
        if function.name in self.recursive:
            arguments.args.insert(0, ast.arg(DEPTH))
            too_deep = call('gt', ast.Name(DEPTH, ast.Load()), ast.Constant(MAX_DEPTH))
            function.body.insert(0, ast.If(too_deep, [give_up()], []))
        return ast.fix_missing_locations(function)

    def visit_BinOp(self, node):
        left, right = self.visit(node.left), self.visit(node.right)
        return ast.copy_location(call(BINARY[type(node.op)], left, right), node)

    def visit_UnaryOp(self, node):
        if isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
            value = node.operand.value
            if type(value) in (int, float):
                return ast.copy_location(ast.Constant(-value), node)
        node.operand = self.visit(node.operand)
        if isinstance(node.op, ast.Not):
            return node
        return ast.copy_location(call(UNARY[type(node.op)], node.operand), node)

    # The expressions have no effects, so one in the middle may be written twice.
    def visit_Compare(self, node):
        operands = [self.visit(one) for one in [node.left, *node.comparators]]
        parts = []
        for left, operator, right in zip(operands, node.ops, operands[1:]):
            if isinstance(operator, (ast.Is, ast.IsNot)):
                parts.append(ast.Compare(left, [operator], [right]))
            else:
                parts.append(call(COMPARE[type(operator)], left, copy.deepcopy(right)))
        whole = parts[0] if len(parts) == 1 else ast.BoolOp(ast.And(), parts)
        return ast.copy_location(whole, node)

    def visit_AugAssign(self, node):
        operation = BINARY[type(node.op)]
        before = copy.deepcopy(node.target)
        before.ctx = ast.Load()
        value = call('scalar_mul' if operation == 'mul' else operation,
                     self.visit(before), self.visit(node.value))
        return ast.copy_location(ast.Assign([self.visit(node.target)], value), node)

    def visit_AnnAssign(self, node):
        if node.value is None:
            return ast.copy_location(ast.Pass(), node)
        return ast.copy_location(
            ast.Assign([self.visit(node.target)], self.visit(node.value)), node)

    def visit_Raise(self, node):
        return ast.copy_location(give_up(), node)

    def visit_Assert(self, node):
        test = self.visit(node.test)
        return ast.copy_location(ast.If(test, [ast.Pass()], [give_up()]), node)

    def visit_Call(self, node):
        node.args = [self.visit(one) for one in node.args]
        for keyword in node.keywords:
            keyword.value = self.visit(keyword.value)
        target = node.func
        if isinstance(target, ast.Attribute):
            owner = target.value
            if isinstance(owner, ast.Name) and self.names.get(owner.id) is math:
                return ast.copy_location(call(f'math.{target.attr}', *node.args), node)
            node.func = self.visit(target)
            return node
        if target.id in self.locals:
            raise Unwritable(f'it calls the variable {target.id}')
        known = self.names.get(target.id)
        if known is not None:
            if getattr(known, '__module__', None) == 'math':
                return ast.copy_location(call(f'math.{known.__name__}', *node.args), node)
            if isinstance(known, types.FunctionType):
                node.args, node.keywords = arrange(node, known), []
            if target.id in self.recursive:
                node.args.insert(0, self.deeper())
            return node
        return ast.copy_location(self.builtin(node, target.id), node)

    def deeper(self):
        if DEPTH in self.locals:
            return call('add', ast.Name(DEPTH, ast.Load()), ast.Constant(1))
        return ast.Constant(0)

    def builtin(self, node, name):
        if name == 'range':
            node.args = [call('bound', one) for one in node.args]
            return node
        if name not in BUILTINS:
            return node
        args = node.args
        if name in ('min', 'max'):
            if len(args) == 1:
                return call(f'{name}_of', args[0])
            best = args[0]
            for one in args[1:]:
                best = call(name, best, one)
            return best
        if name == 'complex' and len(args) == 2:
            return call('complex2', *args)
        if len(args) != (2 if name == 'pow' else 1):
            raise Unwritable(f'{name}() with {len(args)} arguments (line {node.lineno})')
        return call(name, *args)


# All arguments by position, with the default values written out.
def arrange(node, function):
    code = function.__code__
    names = code.co_varnames[:code.co_argcount]
    given = dict(zip(names, node.args))
    given.update((one.arg, one.value) for one in node.keywords)
    defaults = function.__defaults__ or ()
    for name, value in zip(names[len(names) - len(defaults):], defaults):
        if name not in given:
            if type(value) not in (int, float, bool, str):
                raise Unwritable(f'{name} of {function.__name__}() has a default value of type '
                                 f'{type(value).__name__} (line {node.lineno})')
            given[name] = ast.Constant(value)
    if len(given) != len(names) or len(node.args) > len(names) or set(given) != set(names):
        raise Unwritable(f'{function.__name__}() is called with other arguments than it has '
                         f'(line {node.lineno})')
    return [given[name] for name in names]


def give_up():
    return ast.Raise(ast.Name('ArithmeticError', ast.Load()), None)


def rewrite(function, names, recursive):
    writer = Rewriter(function, names, recursive)
    if function.name in recursive:
        writer.locals.add(DEPTH)
    return writer.rewrite(function)
