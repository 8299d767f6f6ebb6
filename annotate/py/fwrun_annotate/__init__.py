# Finds what a user marked in a Python file (the snapshot point, functions to
# compile, hooks), turns the point into code where that is needed, and lists the
# functions that could be compiled without being marked. Rules: RULES-python.md.

import ast

from .candidates import judge_functions
from .comments import comment_warnings
from .errors import AnnotationError
from .handler import find_handler
from .jitted import find_jitted
from .scopes import Scopes
from .snapshot import find_point

__all__ = ['Annotated', 'AnnotationError', 'Plan', 'annotate']


# What was found. `snapshot` is None or a Point; `jit` and `candidates` are lists
# of (name, line); `excluded` of (name, line, reason); `hooks` counts by name.
class Plan:
    def __init__(self):
        self.snapshot = None
        self.jit = []
        self.candidates = []
        self.excluded = []
        self.hooks = {'before_snapshot': 0, 'after_restore': 0}
        self.warnings = []


class Annotated:
    def __init__(self, code, plan):
        self.code = code
        self.plan = plan


# `source`: the file's bytes. `entry`: whether this file holds the handler, which
# `handler_path` names as a list of attributes; None tries the conventions.
# Raises AnnotationError, or the SyntaxError that the file itself contains.
def annotate(source, filename, *, entry, handler_path=None):
    tree = compile(source, filename, 'exec', ast.PyCF_ONLY_AST, dont_inherit=True)
    scopes = Scopes(tree)
    plan = Plan()
    handler = find_handler(tree, handler_path)
    plan.snapshot = find_point(tree, scopes, handler, filename, entry, plan.warnings)
    jitted = find_jitted(tree, scopes)
    plan.jit = [(name, line) for name, line, _ in jitted]
    plan.hooks = scopes.hooks()
    plan.candidates, plan.excluded = judge_functions(
        tree, {node for _, _, node in jitted}, handler.function if entry else None)
    plan.warnings += missing_imports(scopes, filename)
    plan.warnings += comment_warnings(source, filename)
    return Annotated(compile(tree, filename, 'exec', dont_inherit=True), plan)


def missing_imports(scopes, filename):
    return [f'{filename}:{node.lineno}: {name} is used here but is not imported, so it marks '
            f'nothing: add `from fwrun import {name}`' for name, node in scopes.missing()]
