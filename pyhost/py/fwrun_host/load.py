# Loads the entry. Modules of the function's own folder pass the annotator on their way;
# dependencies do not.
import importlib.machinery
import importlib.util
import os
import sys

from fwrun_annotate import AnnotationError, annotate

from . import report, state
from .errors import InstallError, explain
from .finish import exit_error
from .handler import find_handler, split_path
from .job import DEPENDENCIES, below, entry, folder, is_user_file, job

handler_path = split_path(job['handler'], entry)
plans = []


class AnnotatingLoader(importlib.machinery.SourceFileLoader):
    def exec_module(self, module):
        if self.path == entry:
            state.module = module
        super().exec_module(module)

    def source_to_code(self, data, path, *, _optimize=-1):
        if not is_user_file(path):
            return super().source_to_code(data, path, _optimize=_optimize)
        is_entry = path == entry
        annotated = annotate(data, path, entry=is_entry, handler_path=handler_path)
        plans.append((self.name, annotated.plan))
        for text in annotated.plan.warnings:
            report.warn(text)
        if is_entry:
            state.plan = annotated.plan
        return annotated.code

    # Bytecode that plain Python left in __pycache__ is not annotated.
    def get_code(self, fullname):
        path = self.get_filename(fullname)
        if not is_user_file(path):
            return super().get_code(fullname)
        return self.source_to_code(self.get_data(path), path)


class FunctionFolder(importlib.machinery.FileFinder):
    # The entry may be called as a module of Python's own, which others must still get.
    def find_spec(self, fullname, target=None):
        spec = super().find_spec(fullname, target)
        if spec is not None and spec.origin == entry and fullname in sys.stdlib_module_names:
            return None
        return spec


def search_paths():
    """Also the function's own PYTHONPATH, which the isolated interpreter passes over."""
    asked = [path for path in os.environ.get('PYTHONPATH', '').split(os.pathsep) if path]
    return [folder, *(path for name in DEPENDENCIES
                      if os.path.isdir(path := os.path.join(folder, name))), *asked]


def hook_loader():
    sys.path[:0] = search_paths()
    machinery = importlib.machinery
    finder = FunctionFolder.path_hook(
        (machinery.ExtensionFileLoader, machinery.EXTENSION_SUFFIXES),
        (AnnotatingLoader, machinery.SOURCE_SUFFIXES),
        (machinery.SourcelessFileLoader, machinery.BYTECODE_SUFFIXES))

    def for_user_folders(path):
        if path != folder and not path.startswith(below):
            raise ImportError
        return finder(path)

    sys.path_hooks.insert(0, for_user_folders)
    sys.path_importer_cache.clear()


def import_entry():
    """As Lambda does, by its path below the function's folder, so that packages around it
    are imported first, and its relative imports find its neighbours."""
    path = entry[len(below):].removesuffix('.py').removesuffix('/__init__').split('/')
    name = '.'.join(path)
    taken = path[0] in sys.stdlib_module_names or path[0] in sys.modules
    if not taken and not any('.' in part for part in path):
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.origin == entry:
            __import__(name)
            return
    # No import can name it, or would get another.
    name = name.replace('.', '_') + '_handler'
    spec = importlib.util.spec_from_file_location(name, entry, loader=AnnotatingLoader(name, entry))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)


def load_entry():
    """Fills state.module and state.handler. A snapshot point at the top level returns
    from here in restored processes."""
    if not os.path.isfile(entry):
        raise InstallError('Load.MissingFile', f'there is no file {entry}')
    hook_loader()
    try:
        import_entry()
    except BaseException as thrown:
        if state.phase == 'serving':  # an invocation's error
            raise
        raise load_error(thrown) from None
    state.handler = find_handler(state.module, handler_path, entry)


def load_error(thrown):
    if isinstance(thrown, InstallError):
        return thrown
    if isinstance(thrown, AnnotationError):
        at = {'file': thrown.file, 'line': thrown.line, 'column': thrown.column}
        return InstallError('Annotation.Misplaced', thrown.message, at=at)
    if isinstance(thrown, SystemExit):
        return exit_error(thrown)
    if isinstance(thrown, SyntaxError):
        return explain('Load.SyntaxError', f'{entry} cannot be loaded', thrown)
    if isinstance(thrown, ModuleNotFoundError):
        looked = ', '.join(path for path in sys.path if path)
        return explain('Load.MissingModule',
                       f'{entry} needs the module {thrown.name}, which is not there (looked in '
                       f'{looked}): install it into {below}site-packages', thrown)
    return explain('Load.Exception', f'{entry} cannot be loaded', thrown)
