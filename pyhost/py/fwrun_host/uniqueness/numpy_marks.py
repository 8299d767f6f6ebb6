# What numpy's generators are seeded with and what their states look like, if it came from
# the operating system: the same as ever but for the type. Copies keep the type, pickles do
# not: elsewhere this module may not exist.


class SystemEntropy(int):
    """A number that the operating system drew, for a SeedSequence without a seed."""

    __slots__ = ()

    def __reduce_ex__(self, protocol):
        return int, (int(self),)

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        return self


class SystemState(dict):
    """The state of a bit generator that nobody seeded."""

    def __reduce_ex__(self, protocol):
        return dict, (dict(self),)

    def __copy__(self):
        return SystemState(self)

    def __deepcopy__(self, memo):
        from copy import deepcopy
        return SystemState(deepcopy(dict(self), memo))


class SystemTuple(tuple):
    """The same as np.random.get_state() gives it."""

    __slots__ = ()

    def __reduce_ex__(self, protocol):
        return tuple, (tuple(self),)

    def __copy__(self):
        return self

    def __deepcopy__(self, memo):
        from copy import deepcopy
        return SystemTuple(deepcopy(tuple(self), memo))
