# Reads what Numba inferred for a function, and refuses where its types hide a
# difference: where a variable is an integer on one path and a float on another,
# Numba makes it a float on both; Python does not.

from numba.core import ir, types
from numba.core.types import boolean, int64, none, unicode_type

from .origin import EITHER, Origins


class Difference(Exception):
    """Says what would not be as in Python, and where."""


# `result` is Numba's CompileResult.
def audit(result):
    Audit(result).run()


# Without what is no difference: literal values, and how a list was written down.
def plain(kind):
    kind = types.unliteral(kind)
    if isinstance(kind, types.BaseTuple):
        return ('tuple', *map(plain, kind.types))
    if isinstance(kind, types.List):
        return ('list', plain(kind.dtype))
    return kind


class Audit:
    def __init__(self, result):
        notes = result.type_annotation
        self.blocks = notes.blocks
        self.types = notes.typemap
        self.calls = notes.calltypes
        self.returns = result.signature.return_type
        self.origins = Origins(self.blocks, self.types)

    def run(self):
        for block in self.blocks.values():
            for statement in block.body:
                if isinstance(statement, ir.Assign):
                    self.assign(statement)
                elif isinstance(statement, (ir.SetItem, ir.StaticSetItem)):
                    self.set_item(statement)
        self.returned(self.returns, top=True)

    def refuse(self, statement, what):
        raise Difference(f'{what} (line {statement.loc.line})')

    def type_of(self, variable):
        return self.types[variable.name]

    # Whether storing `value` where `target` is keeps its type.
    def same(self, statement, target, value, name):
        if plain(target) != plain(value):
            what = name.split('.')[0]
            what = 'a value' if what.startswith('$') or not what else what
            self.refuse(statement, f'{what} is {short(value)} here and {short(target)} elsewhere')

    def assign(self, statement):
        target, value = self.type_of(statement.target), statement.value
        name = statement.target.name
        if isinstance(target, types.Optional):
            self.refuse(statement, 'a value is None on some path only')
        if isinstance(value, ir.Var):
            self.same(statement, target, self.type_of(value), name)
        elif isinstance(value, ir.Expr):
            self.expression(statement, value, target)

    def expression(self, statement, value, target):
        check = getattr(self, f'{value.op}_', None)
        if check is not None:
            check(statement, value, target)
        elif value.op not in ('getattr', 'exhaust_iter', 'getiter', 'iternext',
                              'pair_first', 'pair_second', 'build_slice'):
            self.refuse(statement, f'{value.op}, which was not expected,')

    def cast_(self, statement, value, target):
        self.same(statement, self.returns, self.type_of(value.value), 'the result')
        self.one_origin(statement, value.value)

    # Of what leaves the function.
    def one_origin(self, statement, variable):
        kind = self.type_of(variable)
        if isinstance(kind, (types.Integer, types.Boolean, types.IntegerLiteral)):
            if self.origins.of(variable) == EITHER:
                self.refuse(statement, "its result is an integer or bool of NumPy's on some paths "
                            "only: int() or bool() would make it Python's")

    def build_tuple_(self, statement, value, target):
        for item in value.items:
            self.one_origin(statement, item)

    def unary_(self, statement, value, target):
        kind = self.type_of(value.value)
        if isinstance(kind, types.Array):
            self.refuse(statement, 'the truth of an array')

    # Arithmetic was replaced; what is left are comparisons with None.
    def binop_(self, statement, value, target):
        if self.type_of(value.rhs) != none and self.type_of(value.lhs) != none:
            self.refuse(statement, f'{value.fn.__name__} of {short(self.type_of(value.lhs))}')

    def build_list_(self, statement, value, target):
        for item in value.items:
            self.same(statement, target.dtype, self.type_of(item), 'an element')
            self.element(statement, item)

    def getitem_(self, statement, value, target):
        self.index(statement, self.type_of(value.value), self.type_of(value.index))

    def static_getitem_(self, statement, value, target):
        if value.index_var is not None and not isinstance(value.index, (int, slice)):
            self.index(statement, self.type_of(value.value), self.type_of(value.index_var))

    def typed_getitem_(self, statement, value, target):
        self.index(statement, self.type_of(value.value), self.type_of(value.index))

    def index(self, statement, container, index):
        if not isinstance(container, (types.Array, types.List, types.BaseTuple,
                                      types.UnicodeType)):
            self.refuse(statement, f'an element of {short(container)}')
        parts = index.types if isinstance(index, types.BaseTuple) else [index]
        for one in parts:
            if types.unliteral(one) != int64 and not isinstance(one, types.SliceType):
                self.refuse(statement, f'an index of type {short(one)}')

    def set_item(self, statement):
        container, value = self.type_of(statement.target), self.type_of(statement.value)
        element = container.dtype
        if isinstance(container, types.Array):
            if container.ndim > 1 and not isinstance(
                    statement.index if isinstance(statement, ir.StaticSetItem)
                    else self.type_of(statement.index), (tuple, types.BaseTuple)):
                self.refuse(statement, 'a whole row is assigned')
            if plain(value) == int64 and element == types.float64:
                return
        if not isinstance(element, (types.Number, types.Boolean, types.UnicodeType)):
            self.refuse(statement, f'an element of type {short(element)}')
        self.same(statement, element, value, 'an element')
        if isinstance(container, types.List):
            self.element(statement, statement.value)

    # Of a list that may be the result.
    def element(self, statement, variable):
        if isinstance(self.returns, types.List) and 'numpy' in self.origins.of(variable):
            self.refuse(statement, "it returns a list with NumPy's scalars")

    def call_(self, statement, value, target):
        function = self.type_of(value.func)
        signature = self.calls[value]
        if isinstance(function, types.BoundFunction):  # append
            for one in value.args:
                self.element(statement, one)
        given = [self.type_of(one) for one in value.args]
        if any(isinstance(one, types.Array) for one in given) and self.is_bool(function):
            self.refuse(statement, 'the truth of an array')
        if isinstance(function, types.Dispatcher) or is_ours(function):
            return
        if signature is None or self.is_bool(function):
            return
        for expected, one in zip(signature.args, given):
            self.same(statement, expected, one, 'an argument')

    @staticmethod
    def is_bool(function):
        return getattr(function, 'typing_key', None) is bool

    # A list of lists or a tuple with lists could be known under other names.
    def returned(self, kind, top):
        if isinstance(kind, types.BaseTuple):
            for one in kind.types:
                self.returned(one, False)
        elif isinstance(kind, types.List) and top:
            self.returned(kind.dtype, False)
        elif isinstance(kind, types.Array) and top:
            return
        elif types.unliteral(kind) not in (boolean, unicode_type, none) and not isinstance(
                kind, types.Number):
            raise Difference(f'it returns {short(kind)}')


# Checked operations convert their operands on purpose.
def is_ours(function):
    return type(getattr(function, 'typing_key', None)).__name__ == '_Intrinsic'


def short(kind):
    kind = types.unliteral(kind)
    names = {int64: 'an int', types.float64: 'a float', boolean: 'a bool', none: 'None',
             unicode_type: 'a str', types.complex128: 'a complex'}
    return names.get(kind, str(kind))
