# Puts other code into a function object that the user's program holds: the object
# stays the same, so names imported from the module, tables of functions and
# inspect go on as before. The new code has the header, name, file and first line
# of the user's; objects it needs are constants of the code, so no name appears in
# the user's module.

import ast
import types
import warnings

_ours = {}  # by identity: their constants need not be hashable
MARK = '\0fwrun '


# Source text in which objects can be written down.
class Constants:
    def __init__(self):
        self.objects = {}

    def __call__(self, value):
        for mark, known in self.objects.items():
            if known is value:
                return repr(mark)
        mark = f'{MARK}{len(self.objects)}'
        self.objects[mark] = value
        return repr(mark)


def parameters(code):
    return list(code.co_varnames[:code.co_argcount])


# A function with its original code, which nothing replaces.
def twin_of(function):
    twin = types.FunctionType(function.__code__, function.__globals__, function.__name__,
                              function.__defaults__)
    twin.__kwdefaults__ = function.__kwdefaults__
    twin.__qualname__ = function.__qualname__
    return twin


# Code for `function` with this body; `constants` were used to write it.
def code_for(original, body, constants):
    names = parameters(original)
    if original.co_posonlyargcount:
        names.insert(original.co_posonlyargcount, '/')
    tree = ast.parse(f'def trampoline({", ".join(names)}):\n{body}\n')
    for node in ast.walk(tree):
        if hasattr(node, 'lineno'):
            node.lineno = node.end_lineno = original.co_firstlineno
            node.col_offset = node.end_col_offset = 0
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')  # that a string is called, or compared by `is`
        module = compile(tree, original.co_filename, 'exec', dont_inherit=True)
    made = next(one for one in module.co_consts if isinstance(one, types.CodeType))
    consts = tuple(constants.objects.get(one, one) if type(one) is str else one
                   for one in made.co_consts)
    made = made.replace(co_consts=consts, co_name=original.co_name,
                        co_qualname=original.co_qualname)
    _ours[id(made)] = made
    return made


# Calls `hook` with the arguments.
def hook_code(original, hook):
    constants = Constants()
    call = f'{constants(hook)}({", ".join(parameters(original))})'
    return code_for(original, f' return {call}', constants)


# Whether a frame's code is a trampoline: its line shows nothing of the user's.
def is_trampoline(code):
    return id(code) in _ours
