# Replacing a method or property of a type that is written in C, whose attributes Python
# code cannot set: the dictionary behind its __dict__ is written to.
#
# Why this is sound: neither slots of the type nor its instances' layout are concerned,
# only what looking up the attribute finds; and the interpreter's cache of such look-ups
# is emptied. It is done when the module has just been loaded, before any code of the
# user's had the chance to keep the old one.

import gc
import sys


def replace(kind, name, value):
    if name.startswith('__') and name != '__reduce__':
        raise ValueError(f'{kind.__name__}.{name} is a slot: only plain attributes can be replaced')
    [attributes] = [one for one in gc.get_referents(kind.__dict__) if type(one) is dict]
    attributes[name] = value
    sys._clear_type_cache()
