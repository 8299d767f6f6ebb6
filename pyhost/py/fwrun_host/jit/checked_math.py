# The built-in functions and those of math, in the manner of checked.py. CPython
# calls the C library's functions; compiled code calls the same ones, at their
# addresses, so that no compiler replaces them by something almost equal.

import ctypes
import math

from llvmlite import ir
from numba.core import types
from numba.core.types import boolean, complex128, float64, int64, unicode_type

from .checked import (DOUBLE, LONG, OPERATIONS, beyond_exact, binary, give_up, is_integer,
                      is_number, not_finite, reals, unary)

LIBM = ctypes.CDLL('libm.so.6')


def libm_call(builder, name, args):
    address = ctypes.cast(getattr(LIBM, name), ctypes.c_void_p).value
    kind = ir.FunctionType(DOUBLE, [DOUBLE] * len(args)).as_pointer()
    return builder.call(builder.inttoptr(LONG(address), kind), args)


def llvm_call(builder, name, args):
    function = builder.module.declare_intrinsic(f'llvm.{name}', [DOUBLE])
    return builder.call(function, args)


# A function of floats that raises wherever something is not finite.
def finite(call, name):
    def emit(context, builder, signature, args):
        for one in args:
            give_up(context, builder, not_finite(builder, one))
        result = call(builder, name, args)
        give_up(context, builder, not_finite(builder, result))
        return result
    return emit


def to_integer(context, builder, value):
    inside = builder.and_(builder.fcmp_ordered('>=', value, DOUBLE(-2.0 ** 63)),
                          builder.fcmp_ordered('<', value, DOUBLE(2.0 ** 63)))
    give_up(context, builder, builder.not_(inside))
    return builder.fptosi(value, LONG)


def as_is(context, builder, signature, args):
    return args[0]


# Of NumPy's integers Python's functions see the float.
def exact_integer(context, builder, signature, args):
    give_up(context, builder, beyond_exact(builder, args[0]))
    return args[0]


def define_unary(name, emit, result=float64):
    @unary(f'math.{name}')
    def rule(typing, a):
        return (result, (float64,), emit) if reals(a) else None


def define_binary(name, emit):
    @binary(f'math.{name}')
    def rule(typing, a, b):
        return (float64, (float64, float64), emit) if reals(a, b) else None


for _name in ('exp', 'log', 'log2', 'log10', 'log1p', 'expm1', 'sin', 'cos', 'tan', 'asin',
              'acos', 'atan', 'sinh', 'cosh', 'tanh'):
    define_unary(_name, finite(libm_call, _name))
define_unary('sqrt', finite(llvm_call, 'sqrt'))
define_unary('fabs', lambda context, builder, signature, args: llvm_call(builder, 'fabs', args))
for _name, _factor in (('radians', math.pi / 180), ('degrees', 180 / math.pi)):
    define_unary(_name, lambda context, builder, signature, args, by=_factor:
                 builder.fmul(args[0], DOUBLE(by)))
define_unary('isfinite', lambda context, builder, signature, args:
             builder.not_(not_finite(builder, args[0])), boolean)
define_unary('isnan', lambda context, builder, signature, args:
             builder.fcmp_unordered('uno', args[0], args[0]), boolean)
define_unary('isinf', lambda context, builder, signature, args:
             builder.fcmp_ordered('==', llvm_call(builder, 'fabs', args), DOUBLE(math.inf)),
             boolean)
for _name in ('atan2', 'fmod', 'pow'):
    define_binary(_name, finite(libm_call, _name))
define_binary('copysign', lambda context, builder, signature, args:
              libm_call(builder, 'copysign', args))


def rounding(name, instruction):
    @unary(name)
    def rule(typing, a):
        if a == int64:
            return int64, (int64,), exact_integer
        if a != float64:
            return None

        def emit(context, builder, signature, args):
            rounded = llvm_call(builder, instruction, args) if instruction else args[0]
            return to_integer(context, builder, rounded)
        return int64, (float64,), emit


rounding('math.floor', 'floor')
rounding('math.ceil', 'ceil')
rounding('math.trunc', None)
rounding('round', 'rint')


@unary('int')
def int_(typing, a):
    if is_integer(a) or a == boolean:
        return int64, (int64,), as_is
    if a == float64:
        return int64, (a,), lambda context, builder, signature, args: to_integer(
            context, builder, args[0])
    return None


@unary('float')
def float_(typing, a):
    known = is_integer(a) or a in (boolean, float64, types.float32)
    return (float64, (float64,), as_is) if known else None


@unary('bool')
def bool_(typing, a):
    return (boolean, (boolean,), as_is) if a in (boolean, int64, float64) else None


@unary('complex')
def complex_(typing, a):
    return (complex128, (complex128,), as_is) if is_number(a) else None


@binary('complex2')
def complex_of_two(typing, a, b):
    if not reals(a, b):
        return None

    def emit(context, builder, signature, args):
        made = context.make_complex(builder, complex128)
        made.real, made.imag = args
        return made._getvalue()
    return complex128, (float64, float64), emit


@unary('abs')
def abs_(typing, a):
    if a == int64:
        def emit(context, builder, signature, args):
            value = args[0]
            give_up(context, builder, builder.icmp_signed('==', value, LONG(-2 ** 63)))
            negative = builder.icmp_signed('<', value, LONG(0))
            return builder.select(negative, builder.neg(value), value)
        return int64, (int64,), emit
    if a == float64:
        return float64, (a,), lambda context, builder, signature, args: llvm_call(
            builder, 'fabs', args)
    if a == complex128:
        def emit_complex(context, builder, signature, args):
            parts = context.make_complex(builder, complex128, value=args[0])
            return finite(libm_call, 'hypot')(
                context, builder, signature, [parts.real, parts.imag])
        return float64, (a,), emit_complex
    return None


# Python returns one of the operands, the first of equal ones.
def choosing(name, sign):
    @binary(name)
    def rule(typing, a, b):
        if not (a == b and reals(a)):
            return None

        def emit(context, builder, signature, args):
            first, second = args
            if a == int64:
                better = builder.icmp_signed(sign, second, first)
            else:
                better = builder.fcmp_ordered(sign, second, first)
            return builder.select(better, second, first)
        return a, (a, a), emit

    @unary(f'{name}_of')
    def rule_of(typing, a):
        return over_elements(a, a.dtype, choose_first) if is_sequence(a) else None

    pick = OPERATIONS[name]

    def choose_first(values):
        best = first_of(values)
        for one in values:
            best = pick(best, one)
        return best


def is_sequence(a):
    return isinstance(a, (types.List, types.UniTuple)) and a.dtype in (int64, float64)


def over_elements(a, result, function):
    def emit(context, builder, signature, args):
        return context.compile_internal(builder, function, signature, args)
    return result, (a,), emit


@unary('first_of')
def first_of_rule(typing, a):
    def take(values):
        if len(values) == 0:
            raise ValueError
        return values[0]
    return over_elements(a, a.dtype, take)


first_of = OPERATIONS['first_of']
choosing('min', '<')
choosing('max', '>')
plus = OPERATIONS['add']


# Python's begins with the integer 0, so an empty sum is one: not known here.
@unary('sum')
def sum_(typing, a):
    def add_floats(values):
        first_of(values)
        total = 0.0
        for one in values:
            total = plus(total, one)
        return total

    def add_integers(values):
        first_of(values)
        total = 0
        for one in values:
            total = plus(total, one)
        return total
    if not is_sequence(a):
        return None
    return over_elements(a, a.dtype, add_integers if a.dtype == int64 else add_floats)


times = OPERATIONS['mul']


def integer_power(base, exponent):
    if exponent < 0:
        raise ArithmeticError
    result = 1
    while exponent:
        if exponent & 1:
            result = times(result, base)
        exponent >>= 1
        if exponent:
            base = times(base, base)
    return result


@binary('pow')
def pow_(typing, a, b):
    if a == b == int64:
        def emit(context, builder, signature, args):
            return context.compile_internal(builder, integer_power, signature, args)
        return int64, (a, b), emit
    return (float64, (float64, float64), finite(libm_call, 'pow')) if reals(a, b) else None


@unary('ord')
def ord_(typing, a):
    def code(character):
        return ord(character)
    return over_elements(a, int64, code) if a == unicode_type else None


@unary('chr')
def chr_(typing, a):
    def character(code):
        return chr(code)
    return over_elements(a, unicode_type, character) if a == int64 else None
