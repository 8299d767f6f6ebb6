# Definite assignment: a variable that some path leaves unset raises in Python and
# holds garbage in machine code, so a function that reads one is not compiled.

import ast


class Unassigned(Exception):
    def __init__(self, name, line):
        super().__init__(name)
        self.name = name
        self.line = line


# Raises Unassigned for the first local that may be read before it is set.
def check_assigned(function, local_names):
    arguments = function.args
    known = {a.arg for a in arguments.posonlyargs + arguments.args}
    block(function.body, known, set(local_names))


# The names that are set behind a block, None when its end is never reached.
def block(body, known, names):
    known = set(known)
    for statement in body:
        known = after(statement, known, names)
        if known is None:
            return None
    return known


def after(statement, known, names):
    if isinstance(statement, ast.If):
        reads(statement.test, known, names)
        return both(block(statement.body, known, names), block(statement.orelse, known, names))
    if isinstance(statement, ast.While):
        reads(statement.test, known, names)
        block(statement.body, known, names)
        block(statement.orelse, known, names)
        return known
    if isinstance(statement, ast.For):
        reads(statement.iter, known, names)
        block(statement.body, known | stored(statement.target), names)
        block(statement.orelse, known, names)
        return known
    if isinstance(statement, ast.AugAssign) and isinstance(statement.target, ast.Name):
        read(statement.target, known, names)
    reads(statement, known, names)
    if isinstance(statement, (ast.Return, ast.Raise, ast.Break, ast.Continue)):
        return None
    if isinstance(statement, ast.Assign):
        return known.union(*(stored(target) for target in statement.targets))
    if isinstance(statement, ast.AnnAssign) and statement.value is not None:
        return known | stored(statement.target)
    return known


def both(one, other):
    if one is None or other is None:
        return other if one is None else one
    return one & other


def stored(target):
    return {n.id for n in ast.walk(target)
            if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}


def reads(node, known, names):
    if isinstance(node, ast.ListComp):
        known = set(known)
        for part in node.generators:
            reads(part.iter, known, names)
            known |= stored(part.target)
            for test in part.ifs:
                reads(test, known, names)
        reads(node.elt, known, names)
        return
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        read(node, known, names)
    for child in ast.iter_child_nodes(node):
        reads(child, known, names)


def read(node, known, names):
    if node.id in names and node.id not in known:
        raise Unassigned(node.id, node.lineno)
