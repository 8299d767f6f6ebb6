# Arithmetic for machine code that is Python's or nothing. Python's integers do not
# overflow and its math raises; Numba's wrap and return nan. Each operation here
# either computes exactly what Python computes for these types, or raises, and then
# the interpreter runs the function again. Operands of other types (NumPy's small
# integers, whole arrays) are refused when the function is compiled.
#
# Imports numba: only imported when something is compiled.

import operator

from llvmlite import ir
from numba.core import errors, types
from numba.core.types import boolean, complex128, float64, int64, unicode_type
from numba.extending import intrinsic

EXACT = 2 ** 53  # the largest integers up to which every one is a float
SCALARS = (int64, float64, complex128)
DOUBLE, LONG = ir.DoubleType(), ir.IntType(64)


class GaveUp(ArithmeticError):
    """Raised by compiled code where Python would not compute what it computes."""


def give_up(context, builder, condition):
    with builder.if_then(condition, likely=False):
        context.call_conv.return_user_exc(
            builder, GaveUp, ('a result that machine arithmetic cannot represent',))


def refused(name, *operands):
    kinds = ' and '.join(str(one) for one in operands)
    return errors.TypingError(f'{name} of {kinds} is left to the interpreter')


# What Numba itself does for the operation: (result, arguments, emitter).
def native(typing, operation, *operands):
    function = typing.resolve_value_type(operation)
    found = function.get_call_type(typing, operands, {})

    def emit(context, builder, signature, args):
        return context.get_function(function, found)(builder, args)
    return found.return_type, found.args, emit


def is_number(*operands):
    return all(one in SCALARS for one in operands)


def reals(*operands):
    return all(one in (int64, float64) for one in operands)


# An integer of any width, for uses that NumPy's small ones do not change.
def is_integer(one):
    return isinstance(one, types.Integer) and one != types.uint64


# name -> intrinsic. A rule takes the typing context and the operands' types, and
# returns (result, arguments, emitter), or None to refuse.
OPERATIONS = {}


def unary(name):
    def make(rule):
        @intrinsic
        def operation(typing, a):
            a = types.unliteral(a)
            found = rule(typing, a)
            if found is None:
                raise refused(name, a)
            return found[0](*found[1]), found[2]
        OPERATIONS[name] = operation
        return rule
    return make


def binary(name):
    def make(rule):
        @intrinsic
        def operation(typing, a, b):
            a, b = types.unliteral(a), types.unliteral(b)
            found = rule(typing, a, b)
            if found is None:
                raise refused(name, a, b)
            return found[0](*found[1]), found[2]
        OPERATIONS[name] = operation
        return rule
    return make


# The float or complex form of an operation, where Numba's is Python's.
def inexact(typing, operation, a, b):
    if reals(a, b):
        return native(typing, operation, float64, float64)
    if is_number(a, b) and operation in (operator.add, operator.sub, operator.mul):
        return native(typing, operation, complex128, complex128)
    return None


# [0] * n: the size of a list that fits no memory must not overflow to one that does.
def repeated(typing, a):
    result, arguments, repeat = native(typing, operator.mul, a, int64)

    def emit(context, builder, signature, args):
        give_up(context, builder, builder.icmp_signed('>', args[1], LONG(2 ** 32)))
        return repeat(context, builder, signature, args)
    return result, arguments, emit


def overflowing(name, operation, instruction):
    @binary(name)
    def rule(typing, a, b):
        if a == b == int64:
            def emit(context, builder, signature, args):
                both = getattr(builder, instruction)(*args)
                give_up(context, builder, builder.extract_value(both, 1))
                return builder.extract_value(both, 0)
            return int64, (int64, int64), emit
        if operation is operator.add and a == b == unicode_type:
            return native(typing, operation, a, b)
        if operation is operator.mul and isinstance(a, types.List) and b == int64:
            return repeated(typing, a)
        return inexact(typing, operation, a, b)
    return rule


overflowing('add', operator.add, 'sadd_with_overflow')
overflowing('sub', operator.sub, 'ssub_with_overflow')
times = overflowing('mul', operator.mul, 'smul_with_overflow')


# Of `a *= b`, which changes a list in place instead of making a new one.
@binary('scalar_mul')
def scalar_mul(typing, a, b):
    return times(typing, a, b) if is_number(a, b) else None


def beyond_exact(builder, value):
    moved = builder.add(value, LONG(EXACT))
    return builder.icmp_unsigned('>', moved, LONG(2 * EXACT))


@binary('div')
def div(typing, a, b):
    if not reals(a, b):
        return None
    divide = native(typing, operator.truediv, float64, float64)
    if not a == b == int64:
        return divide

    def emit(context, builder, signature, args):
        for one in args:
            give_up(context, builder, beyond_exact(builder, one))
        floats = [builder.sitofp(one, DOUBLE) for one in args]
        return divide[2](context, builder, float64(float64, float64), floats)
    return float64, (int64, int64), emit


def not_finite(builder, value):
    zero = builder.fsub(value, value)  # nan for inf and nan
    return builder.fcmp_unordered('uno', zero, zero)


# With -1 an integer division can overflow, which is a trap of the processor.
def dividing(name, operation):
    @binary(name)
    def rule(typing, a, b):
        if not reals(a, b):
            return None
        result, arguments, divide = native(typing, operation, *(
            (int64, int64) if a == b == int64 else (float64, float64)))

        def emit(context, builder, signature, args):
            if result == int64:
                give_up(context, builder, builder.icmp_signed('==', args[1], LONG(-1)))
            else:
                for one in args:
                    give_up(context, builder, not_finite(builder, one))
            return divide(context, builder, signature, args)
        return result, arguments, emit


dividing('floordiv', operator.floordiv)
dividing('mod', operator.mod)


@binary('lshift')
def lshift(typing, a, b):
    if not a == b == int64:
        return None

    def emit(context, builder, signature, args):
        value, bits = args
        give_up(context, builder, builder.icmp_unsigned('>=', bits, LONG(63)))
        result = builder.shl(value, bits)
        give_up(context, builder, builder.icmp_signed('!=', builder.ashr(result, bits), value))
        return result
    return int64, (int64, int64), emit


@binary('rshift')
def rshift(typing, a, b):
    if not a == b == int64:
        return None

    def emit(context, builder, signature, args):
        value, bits = args
        give_up(context, builder, builder.icmp_unsigned('>=', bits, LONG(63)))
        return builder.ashr(value, bits)
    return int64, (int64, int64), emit


def bitwise(name, operation):
    @binary(name)
    def rule(typing, a, b):
        return native(typing, operation, a, b) if a == b and a in (int64, boolean) else None


bitwise('bitand', operator.and_)
bitwise('bitor', operator.or_)
bitwise('bitxor', operator.xor)


# An argument of range(), whose length must not overflow either.
@unary('bound')
def bound(typing, a):
    if a != int64:
        return None

    def emit(context, builder, signature, args):
        moved = builder.add(args[0], LONG(2 ** 61))
        give_up(context, builder, builder.icmp_unsigned('>', moved, LONG(2 ** 62)))
        return args[0]
    return int64, (int64,), emit


@unary('invert')
def invert(typing, a):
    return native(typing, operator.invert, a) if a == int64 else None


@unary('pos')
def pos(typing, a):
    return (a, (a,), lambda context, builder, signature, args: args[0]) if is_number(a) else None


@unary('neg')
def neg(typing, a):
    if a == int64:
        def emit(context, builder, signature, args):
            both = builder.ssub_with_overflow(LONG(0), args[0])
            give_up(context, builder, builder.extract_value(both, 1))
            return builder.extract_value(both, 0)
        return int64, (int64,), emit
    return native(typing, operator.neg, a) if is_number(a) else None


# Python compares integers with floats exactly; above 2**53 a float cannot.
def comparing(name, operation):
    @binary(name)
    def rule(typing, a, b):
        if is_integer(a) and is_integer(b):
            return native(typing, operation, int64, int64)
        if a == b == float64 or a == b == unicode_type:
            return native(typing, operation, a, b)
        if a == b and a in (boolean, complex128) and operation in (operator.eq, operator.ne):
            return native(typing, operation, a, b)
        if not reals(a, b):
            return None
        compare = native(typing, operation, float64, float64)

        def emit(context, builder, signature, args):
            floats = []
            for kind, one in zip(signature.args, args):
                if kind == int64:
                    give_up(context, builder, beyond_exact(builder, one))
                    one = builder.sitofp(one, DOUBLE)
                floats.append(one)
            return compare[2](context, builder, compare[0](float64, float64), floats)
        return boolean, (a, b), emit


for _name in ('lt', 'le', 'gt', 'ge', 'eq', 'ne'):
    comparing(_name, getattr(operator, _name))
