# The functions of a file that could be compiled although nobody marked them, and
# for every other one the reason why not. A function that calls others is as pure
# as they are.

import ast

from .module_names import ModuleNames
from .purity import judge


# ([(name, line)], [(name, line, reason)]). Marked functions and the handler are in
# neither: the first are compiled anyway, the second is what the training calls.
def judge_functions(tree, marked, handler):
    module = ModuleNames(tree)
    tops = [n for n in tree.body if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
    functions = {n.name: n for n in tops}
    verdicts, reasons = {}, {}
    for name, node in functions.items():
        if node in marked or node is handler:
            continue
        unsteady = module.unsteady(name)
        if unsteady:
            reasons[name] = unsteady
            continue
        verdicts[name] = judge(node, module, functions)
        if verdicts[name].reason:
            reasons[name] = verdicts[name].reason
    spread(verdicts, reasons)
    candidates = [(name, functions[name].lineno) for name in verdicts if name not in reasons]
    excluded = [(name, functions[name].lineno, reason) for name, reason in reasons.items()]
    return sorted(candidates, key=line_of), sorted(excluded, key=line_of)


def line_of(entry):
    return entry[1]


# Excludes who calls an excluded function, until nothing changes.
def spread(verdicts, reasons):
    changed = True
    while changed:
        changed = False
        for name, verdict in verdicts.items():
            if name in reasons:
                continue
            for callee, line in verdict.calls.items():
                if callee in reasons or callee not in verdicts:
                    why = reasons.get(callee, 'it is annotated or the handler')
                    reasons[name] = f'it calls {callee}() (line {line}), excluded itself: {why}'
                    changed = True
                    break
