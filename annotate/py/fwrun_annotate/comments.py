# In Python a comment marks nothing, but who comes from the JavaScript rules may
# write one: say what to write instead.

import io
import re
import tokenize

MARK = re.compile(r'#\s*@(snapshot_here|jit)\s*$')
ADVICE = {'snapshot_here': 'write `snapshot_here()` as a statement, or `@snapshot_here` '
                           'before the handler, after `from fwrun import snapshot_here`',
          'jit': 'write `@jit` before the function, after `from fwrun import jit`'}


def comment_warnings(source, filename):
    warnings = []
    for token in tokenize.tokenize(io.BytesIO(source).readline):
        mark = MARK.match(token.string) if token.type == tokenize.COMMENT else None
        if mark:
            warnings.append(f'{filename}:{token.start[0]}: the comment `{token.string.strip()}` '
                            f'is not an annotation in Python: {ADVICE[mark[1]]}')
    return warnings
