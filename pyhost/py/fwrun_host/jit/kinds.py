# What compiled code can take: the kind of a value is everything about it that
# machine code depends on. Kinds are tuples, so they can be compared and hashed:
#   ('int',), ('array', dtype, dimensions, 'C' | 'F' | 'A', writable),
#   ('list', 'int'), ('tuple', kinds)
# A list or array without elements has no kind: what a sum of nothing is depends on
# how it was written.

import sys

SCALARS = {int: 'int', float: 'float', bool: 'bool', complex: 'complex', str: 'str'}
SCALAR_NAMES = {name: kind for kind, name in SCALARS.items()}
MOST_TUPLE_ELEMENTS = 16
ALIGNED, WRITABLE = 0x100, 0x400


class Unsupported(Exception):
    """Names the type of a value that compiled code does not take."""


def kind_of(value, depth=4):
    scalar = SCALARS.get(type(value))
    if scalar:
        return (scalar,)
    if type(value) is tuple:
        if depth == 0 or not 0 < len(value) <= MOST_TUPLE_ELEMENTS:
            raise Unsupported(f'a tuple of {len(value)} elements')
        return ('tuple', tuple(kind_of(one, depth - 1) for one in value))
    if type(value) is list:
        kinds = set(map(type, value))
        if len(kinds) != 1:
            raise Unsupported('an empty list' if not value else 'a list of several types')
        scalar = SCALARS.get(kinds.pop())
        if scalar is None:
            raise Unsupported(f'a list of {type(value[0]).__name__}')
        return ('list', scalar)
    numpy = sys.modules.get('numpy')
    if numpy is not None and type(value) is numpy.ndarray:
        return array_kind(value, numpy)
    raise Unsupported(type(value).__name__)


def array_kind(array, numpy):
    dtype = array.dtype
    if dtype.kind not in 'biufc' or dtype is not numpy.dtype(dtype.type) or dtype.itemsize > 16:
        raise Unsupported(f'an array of {dtype}')
    flags = array.flags.num
    if array.size == 0 or array.ndim == 0 or not flags & ALIGNED:
        raise Unsupported('an empty array' if array.size == 0 else 'an array of this layout')
    layout = 'C' if flags & 1 else 'F' if flags & 2 else 'A'
    return ('array', dtype.name, array.ndim, layout, bool(flags & WRITABLE))


# As a reader writes it: int, list[float], array(float64, 2d, C).
def text_of(kind):
    if kind[0] == 'tuple':
        return f'({", ".join(map(text_of, kind[1]))})'
    if kind[0] == 'list':
        return f'list[{kind[1]}]'
    if kind[0] == 'array':
        return f'array({kind[1]}, {kind[2]}d, {kind[3]}{"" if kind[4] else ", readonly"})'
    return kind[0]


# What values were given, as far as they have a kind.
def describe(values):
    texts = []
    for one in values:
        try:
            texts.append(text_of(kind_of(one)))
        except Unsupported as error:
            texts.append(str(error))
    return f'({", ".join(texts)}{"," if len(texts) == 1 else ""})'


# The source of a test whether `name` is of the kind; `constant` turns an object
# into source that stands for it.
def test_source(kind, name, constant):
    if kind[0] in SCALAR_NAMES:
        return f'{constant(type)}({name}) is {constant(SCALAR_NAMES[kind[0]])}'
    if kind[0] == 'tuple':
        parts = [f'{constant(type)}({name}) is {constant(tuple)}',
                 f'{constant(len)}({name}) == {len(kind[1])}']
        parts += [test_source(one, f'{name}[{i}]', constant) for i, one in enumerate(kind[1])]
        return ' and '.join(parts)
    if kind[0] == 'list':
        element = SCALAR_NAMES[kind[1]]
        return (f'{constant(type)}({name}) is {constant(list)} and '
                f'{constant(set)}({constant(map)}({constant(type)}, {name})) == '
                f'{constant(frozenset([element]))}')
    import numpy
    _, dtype, dimensions, layout, writable = kind
    # A contiguous array of one dimension has both bits; C stands for it.
    mask, bits = {'C': (0x501, 0x101), 'F': (0x503, 0x102), 'A': (0x503, 0x100)}[layout]
    bits |= WRITABLE if writable else 0
    return (f'{constant(type)}({name}) is {constant(numpy.ndarray)} and '
            f'{name}.dtype is {constant(numpy.dtype(dtype))} and {name}.ndim == {dimensions} and '
            f'{name}.flags.num & {mask} == {bits} and {name}.size')


# Numba's type for a kind.
def numba_type(kind):
    import numpy
    from numba import from_dtype, types
    if kind[0] == 'tuple':
        return types.BaseTuple.from_types([numba_type(one) for one in kind[1]])
    if kind[0] == 'list':
        return types.List(numba_type((kind[1],)), reflected=True)
    if kind[0] == 'array':
        _, dtype, dimensions, layout, writable = kind
        return types.Array(from_dtype(numpy.dtype(dtype)), dimensions, layout,
                           readonly=not writable)
    return {'int': types.int64, 'float': types.float64, 'bool': types.boolean,
            'complex': types.complex128, 'str': types.unicode_type}[kind[0]]
