# What is to be done when a module is imported, without importing it: a function that
# never imports numpy must not pay for what numpy needs from us.
#
# A finder at the head of sys.meta_path answers for watched names only, and for those
# asks the finders behind it; every other import costs one look-up in a dictionary.
# The loader found keeps its identity: its exec_module is replaced on the instance for
# the one call, so that __spec__ and __loader__ look as they always do.

import sys
from importlib.machinery import ExtensionFileLoader, SourceFileLoader, SourcelessFileLoader

callbacks = {}

# One loader object per module, with attributes of its own.
OWN_LOADERS = (SourceFileLoader, SourcelessFileLoader, ExtensionFileLoader)


def when_imported(name, callback):
    """Runs callback(module) when the module has been imported, now if it is already,
    and again after each importlib.reload(). What the callback raises, the import raises."""
    watch()
    callbacks.setdefault(name, []).append(callback)
    module = sys.modules.get(name)
    if module is not None:
        callback(module)


def watch():
    if Finder not in sys.meta_path:
        sys.meta_path.insert(0, Finder)


def announce(name, module):
    # A module may put another object in its place while it runs.
    module = sys.modules.get(name, module)
    for callback in tuple(callbacks[name]):
        callback(module)


class Finder:
    @classmethod
    def find_spec(cls, name, path=None, target=None):
        if name not in callbacks:
            return None
        for finder in tuple(sys.meta_path):
            if finder is cls:
                continue
            find_spec = getattr(finder, 'find_spec', None)
            spec = None if find_spec is None else find_spec(name, path, target)
            if spec is not None:
                announce_after_loading(name, spec)
                return spec
        return None


def announce_after_loading(name, spec):
    loader = spec.loader
    if loader is None or not hasattr(loader, 'exec_module'):
        return
    if type(loader) not in OWN_LOADERS:
        spec.loader = AnnouncingLoader(name, loader)
        return

    def exec_module(module):
        del loader.exec_module
        loader.exec_module(module)
        announce(name, module)

    loader.exec_module = exec_module


class AnnouncingLoader:
    """Stands before a loader that is shared by several modules, or is a class."""

    def __init__(self, name, loader):
        self.name = name
        self.loader = loader

    def __getattr__(self, attribute):
        return getattr(self.loader, attribute)

    def create_module(self, spec):
        return self.loader.create_module(spec)

    def exec_module(self, module):
        spec = module.__spec__
        spec.loader = module.__loader__ = self.loader
        self.loader.exec_module(module)
        announce(self.name, module)
