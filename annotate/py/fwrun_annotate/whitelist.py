# What a function may use and still be replaced by machine code without anybody
# noticing. Everything else excludes it: a list of what is known to behave the
# same is safer than a list of what is known not to.

import ast

BUILTINS = {'range', 'len', 'abs', 'min', 'max', 'float', 'int', 'bool', 'enumerate', 'zip',
            'round', 'sum', 'ord', 'chr', 'complex', 'pow'}

# Left out on purpose: gamma, lgamma, hypot, dist, fsum, prod, comb (CPython computes
# them in its own way, the C library in another), and what returns pairs.
MATH_FUNCTIONS = {'sqrt', 'exp', 'log', 'log2', 'log10', 'log1p', 'expm1', 'sin', 'cos', 'tan',
                  'asin', 'acos', 'atan', 'atan2', 'sinh', 'cosh', 'tanh', 'fabs', 'floor',
                  'ceil', 'trunc', 'copysign', 'fmod', 'isnan', 'isinf', 'isfinite', 'radians',
                  'degrees', 'pow'}
MATH_CONSTANTS = {'pi', 'e', 'tau', 'inf', 'nan'}

# Sums, products and transcendental functions of whole arrays are left out: NumPy
# adds in another order and computes in vector registers.
NUMPY_ALLOCATORS = {'zeros', 'ones'}
NUMPY_NAMES = {'pi', 'e', 'float64', 'int64', 'bool_', 'complex128'}

ATTRIBUTES = {'shape', 'size', 'ndim', 'real', 'imag'}

STATEMENTS = (ast.Return, ast.Assign, ast.AugAssign, ast.AnnAssign, ast.For, ast.While, ast.If,
              ast.Expr, ast.Pass, ast.Break, ast.Continue, ast.Raise, ast.Assert)
EXPRESSIONS = (ast.Constant, ast.Name, ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare,
               ast.IfExp, ast.Call, ast.Attribute, ast.Subscript, ast.Slice, ast.Tuple, ast.List,
               ast.ListComp)
CONSTANTS = (int, float, complex, bool, str, type(None))

# How a reader calls what is not allowed.
NAMES = {
    'Yield': 'yield', 'YieldFrom': 'yield from', 'Await': 'await', 'AsyncFor': 'async for',
    'AsyncWith': 'async with', 'With': 'a with statement', 'Try': 'a try statement',
    'TryStar': 'a try statement', 'Import': 'an import', 'ImportFrom': 'an import',
    'Global': 'a global statement', 'Nonlocal': 'a nonlocal statement', 'Delete': 'del',
    'Lambda': 'a lambda', 'FunctionDef': 'a function inside it',
    'AsyncFunctionDef': 'a function inside it', 'ClassDef': 'a class inside it',
    'JoinedStr': 'an f-string', 'Dict': 'a dict', 'Set': 'a set', 'DictComp': 'a dict',
    'SetComp': 'a set', 'GeneratorExp': 'a generator expression', 'NamedExpr': 'an := expression',
    'Starred': 'a starred expression', 'Match': 'a match statement',
}


def name_of(node):
    return NAMES.get(type(node).__name__, f'{type(node).__name__} syntax')
