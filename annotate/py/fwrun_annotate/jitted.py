# Finds the functions that the user marked for compilation, with fwrun's jit or
# with one of Numba's own decorators.

import ast

NUMBA = ('jit', 'njit', 'generated_jit', 'vectorize', 'guvectorize', 'stencil', 'cfunc')


# Whether `node` names one of them, or calls one to configure it.
def is_jit(node, scopes):
    if isinstance(node, ast.Call):
        node = node.func
    meaning = scopes.meaning(node)
    return meaning == ('fwrun', 'jit') or (
        meaning is not None and meaning[0] == 'numba' and meaning[1].split('.')[-1] in NUMBA)


# (name, line, definition) of each, in the file's order.
def find_jitted(tree, scopes):
    found = []
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if any(is_jit(d, scopes) for d in node.decorator_list):
                found.append((qualified(node, scopes), node.lineno, node))
        elif isinstance(node, ast.Call) and is_jit(node.func, scopes):
            # g = njit(f), or njit(...)(f): f itself stays as it is.
            given = node.args[0] if node.args else None
            if isinstance(given, ast.Name) and not decorates(node, scopes):
                found.append((given.id, node.lineno, None))
    return sorted(found, key=lambda one: one[1])


def decorates(node, scopes):
    return node in getattr(scopes.parents.get(node), 'decorator_list', [])


def qualified(node, scopes):
    outer = [n.name for n in scopes.around(node) if hasattr(n, 'name') and n.name]
    return '.'.join([*reversed(outer), node.name])
