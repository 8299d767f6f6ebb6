# Notes about objects that neither keep them alive nor need anything of them but that
# they can be referred to weakly: their own __eq__ and __hash__ are not asked.

from _weakref import ref


class Marks:
    def __init__(self):
        self.entries = {}

    def set(self, thing, mark):
        key = id(thing)
        entries = self.entries
        entries[key] = (ref(thing, lambda gone: entries.pop(key, None)), mark)

    def get(self, thing):
        """The mark of the object, None if it has none."""
        entry = self.entries.get(id(thing))
        return None if entry is None else entry[1]


def named_like(original, replacement):
    """Gives a function that stands for another its name and documentation."""
    for attribute in ('__name__', '__qualname__', '__doc__', '__module__'):
        try:
            setattr(replacement, attribute, getattr(original, attribute))
        except (AttributeError, TypeError):
            pass
    return replacement
