# The first of our Python to run: makes what the host carries importable, and starts
# the install. Its file names begin with "<fwrun>", by which stack traces know them.
import importlib.util
import sys

import _fwrun

OURS = frozenset(('functions_framework', 'fwrun', 'fwrun_annotate', 'fwrun_host',
                  'snapshot_restore_py'))


class Carried:
    """Finds and loads the modules that the host carries."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.partition('.')[0] not in OURS:
            return None
        base = name.replace('.', '/')
        for file, is_package in ((base + '/__init__.py', True), (base + '.py', False)):
            source = _fwrun.source(file)
            if source is not None:
                spec = importlib.util.spec_from_loader(name, Carried, is_package=is_package)
                spec.origin = '<fwrun>/' + file
                spec.loader_state = source
                return spec
        return None

    @staticmethod
    def create_module(spec):
        return None

    @staticmethod
    def exec_module(module):
        spec = module.__spec__
        source, spec.loader_state = spec.loader_state, None
        exec(compile(source, spec.origin, 'exec', dont_inherit=True), module.__dict__)


sys.meta_path.insert(0, Carried)

from fwrun_host import install  # noqa: E402: nothing of ours can be found before

install.run()
