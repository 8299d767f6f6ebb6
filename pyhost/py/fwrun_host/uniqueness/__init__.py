# What would otherwise be the same in every process restored from one image: random
# numbers of Python, numpy and Numba, OpenSSL's, identifiers made from them. What the
# user seeded explicitly stays as the user left it.
#
# Three moments: install() at boot watches for the modules concerned and notes, from
# then on, which generators were seeded and by whom. prepare(), just before the capture,
# does there all that can be done once for all restores, and leaves a list of the few
# things that each has to do for itself. renew() does those.
#
# The seed of str hashes is part of the image: every restored process hashes alike, as
# its dictionaries and sets were built with that seed. Whoever feeds untrusted keys into
# dictionaries relies on the seed being secret, not on its being different each time.

import gc

from . import identifiers, numba_random, numpy_random, python_random
from .regions import Region, packed
from ..imports import when_imported

PARTS = (python_random, numpy_random, numba_random, identifiers)

refill = None
regions = b''
owners = ()
steps = ()


def install(core):
    """At boot, before any import of the user's."""
    # OpenSSL reseeds itself only when the process id changes, and clones share theirs.
    for name in ('_ssl', '_hashlib'):
        when_imported(name, lambda module: core.use_kernel_entropy())
    for part in PARTS:
        part.install(core)
    global refill
    refill = core.refill


def prepare():
    """Right before the capture, and before gc.freeze(). Nothing of the user's may run
    between this and the capture."""
    global regions, owners, steps
    identifiers.forget()
    wanted = {id(kind) for part in PARTS for root in part.kinds() for kind in family(root)}
    found = []
    if wanted:
        # gc.get_objects() does not list what is frozen.
        if gc.get_freeze_count():
            gc.unfreeze()
        found = [one for one in gc.get_objects() if id(type(one)) in wanted]
    needed = [one for part in PARTS for one in part.prepare(found)]
    owners = tuple(one for one in needed if type(one) is Region)
    regions = packed(owners)
    steps = tuple(one for one in needed if type(one) is not Region)


def renew():
    """In every restored process, before any code of the user's."""
    if regions:
        refill(regions)
    for step in steps:
        step()


def family(root):
    """The class and all classes derived from it."""
    yield root
    for kind in type.__subclasses__(root):
        yield from family(kind)
