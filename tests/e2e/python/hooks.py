# Hooks of both kinds, from both modules, in both forms.
import asyncio

import fwrun
from fwrun import after_restore
from snapshot_restore_py import register_after_restore, register_before_snapshot

log = []


@register_before_snapshot
def first():
    log.append('before 1')


@fwrun.before_snapshot
async def second():
    await asyncio.sleep(0)
    log.append('before 2')


def with_arguments(kind, *args, **kwargs):
    log.append([kind, list(args), kwargs])


register_before_snapshot(with_arguments, 'before 3', 1, two=2)
register_after_restore(with_arguments, 'after 1', 1, two=2)
register_after_restore(with_arguments, 'after 2')
register_after_restore(with_arguments, 'after 2')


@after_restore
async def last():
    await asyncio.sleep(0)
    log.append('after 3')


class Pool:
    def close(self):
        log.append('before 4: a method')

    def open(self):
        log.append('after 4: a method')


pool = Pool()
fwrun.before_snapshot(pool.close)
fwrun.after_restore(pool.open)


def handler(event, context):
    return [log, first.__name__, last.__name__]
