# Modules of the function's own and its dependencies, imported in every way.
import thirdparty
from otherparty import triple

from . import settings
from .deep.er.leaf import LEAF
from .parts import join
from .parts.text import shout

import src.settings

warmup = [{'text': 'warm'}]


def handler(event, context):
    from . import late
    import later_at_root
    return {
        'joined': join('a', 'b'),
        'shout': shout(event['text']),
        'leaf': LEAF,
        'same': src.settings is settings,
        'third': thirdparty.VERSION,
        'triple': triple(3),
        'late': late.NAME,
        'root': later_at_root.NAME,
        'rare': rare(event),
        'name': __name__,
    }


def rare(event):
    # In no training event: imported in restored processes only.
    if not event.get('rare'):
        return None
    import colorsys
    import thirdparty.rare
    from .parts import rare as own
    return [thirdparty.rare.NAME, own.NAME, colorsys.rgb_to_hls(1, 1, 1)[1]]
