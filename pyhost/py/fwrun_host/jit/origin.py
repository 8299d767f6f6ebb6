# Which values the interpreter would hold as NumPy's scalars, and which as Python's:
# compiled code knows no difference. An integer or truth value that may be either,
# depending on the path, cannot be given its type back (and JSON takes only one of
# them), so functions that return one are refused. Floats may: numpy.float64 is a
# float, and prints like one.

from numba.core import ir, types

PYTHON, NUMPY = frozenset(['python']), frozenset(['numpy'])
NOTHING = frozenset()
EITHER = PYTHON | NUMPY

# Operations whose result is NumPy's where an operand is; others give Python's.
CARRYING = {'add', 'sub', 'mul', 'scalar_mul', 'div', 'floordiv', 'mod', 'pow', 'lshift', 'rshift',
            'bitand', 'bitor', 'bitxor', 'neg', 'pos', 'invert', 'abs', 'lt', 'le', 'gt', 'ge',
            'eq', 'ne'}
CHOOSING = {'min', 'max'}


class Origins:
    def __init__(self, blocks, typemap, prefix='__fw_'):
        self.types = typemap
        self.prefix = prefix
        self.assigns = [s for block in blocks.values() for s in block.body
                        if isinstance(s, ir.Assign)]
        self.names = {s.target.name: s.value.name for s in self.assigns
                      if isinstance(s.value, (ir.Global, ir.FreeVar))}
        self.found = {}
        changed = True
        while changed:
            changed = False
            for statement in self.assigns:
                name = statement.target.name
                known = self.found.get(name, NOTHING)
                now = known | self.of_value(statement.value, typemap[name])
                if now != known:
                    self.found[name], changed = now, True

    def of(self, variable):
        return self.found.get(variable.name, NOTHING)

    def of_value(self, value, kind):
        if isinstance(value, ir.Var):
            return self.of(value)
        if not isinstance(value, ir.Expr):
            return origin_of_type(kind)
        return getattr(self, f'{value.op}_', self.any_of)(value, kind)

    # Whatever goes in may come out: tuples, lists, iterators.
    def any_of(self, value, kind):
        variables = value.list_vars()
        return NOTHING.union(*map(self.of, variables)) if variables else PYTHON

    def getattr_(self, value, kind):
        if isinstance(self.types[value.value.name], types.Array):
            return PYTHON  # its shape, size
        return self.of(value.value)

    def getitem_(self, value, kind):
        return self.of(value.value)

    static_getitem_ = typed_getitem_ = getitem_

    def unary_(self, value, kind):
        return PYTHON  # only `not` is left

    def call_(self, value, kind):
        operation = self.names.get(value.func.name, '')
        operands = [self.of(one) for one in value.args]
        if operation.startswith(self.prefix):
            operation = operation[len(self.prefix):]
            if operation in CARRYING:
                return carried(operands)
            if operation in CHOOSING or operation in ('sum', 'min_of', 'max_of', 'math_trunc'):
                return NOTHING.union(*operands)
            return PYTHON
        if isinstance(kind, types.Array):
            return NUMPY
        if operation in ('range', 'len', 'bool'):
            return PYTHON
        # Other candidates, and iterators: of NumPy's arguments they can return both.
        together = NOTHING.union(*operands)
        if isinstance(self.types[value.func.name], types.Dispatcher) and 'numpy' in together:
            return EITHER
        return together or PYTHON


# NumPy's where one operand surely is, either where one may be.
def carried(operands):
    if NOTHING in operands:
        return NOTHING  # not known yet
    return NUMPY if NUMPY in operands else NOTHING.union(*operands)


# Of an argument or a constant.
def origin_of_type(kind):
    if isinstance(kind, types.Array):
        return NUMPY
    if isinstance(kind, types.BaseTuple):
        return NOTHING.union(*map(origin_of_type, kind.types)) or PYTHON
    return PYTHON
