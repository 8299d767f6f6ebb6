# A user's module for the tests of fwrun_host.jit: annotated, loaded from a file of
# its own, watched, trained.

import pathlib
import sys
import tempfile
import types

ROOT = pathlib.Path(__file__).resolve().parents[3]
sys.path.insert(0, str(ROOT / 'annotate' / 'py'))
sys.dont_write_bytecode = True

# Without the host's own start-up, which needs the process that embeds it.
if 'fwrun_host' not in sys.modules:
    package = types.ModuleType('fwrun_host')
    package.__path__ = [str(ROOT / 'pyhost' / 'py' / 'fwrun_host')]
    sys.modules['fwrun_host'] = package

from fwrun_annotate import annotate  # noqa: E402
from fwrun_host.jit import AutoJit  # noqa: E402

HEAD = 'import math\nimport numpy as np\n'


class UserProgram:
    """`source` begins in line 3 of the file."""

    def __init__(self, test, source, tolerance=0.0):
        folder = tempfile.TemporaryDirectory()
        test.addCleanup(folder.cleanup)
        self.path = str(pathlib.Path(folder.name) / 'app.py')
        source = (HEAD + source).encode()
        pathlib.Path(self.path).write_bytes(source)
        annotated = annotate(source, self.path, entry=False)
        self.plan = annotated.plan
        self.module = types.ModuleType('app')
        self.module.__file__ = self.path
        exec(annotated.code, self.module.__dict__)
        self.auto = AutoJit(tolerance)

    def watch(self):
        self.auto.watch(self.module, self.plan.candidates, self.plan.excluded)
        return self.module

    def decide(self, seconds=60):
        self.auto.decide(seconds)
        return {entry['name']: entry for entry in self.auto.report()}


# Long enough that machine code is faster whatever the machine does meanwhile:
# appended to a function's body, it costs the interpreter milliseconds.
BUSY = '''
    waste = 0.0
    for count in range(3000):
        waste = waste + count * 0.5
    if waste < 0.0:
        raise ValueError('never')
'''
