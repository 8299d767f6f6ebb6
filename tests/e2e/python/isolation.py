# What an invocation leaves behind must not reach the next one.
import functools
import os
import sys
import threading

import numpy

calls = 0
seen = []
opened = []
table = numpy.zeros(4)
warmup = [{'mark': 'warm'}]


class Cache:
    entries = {}


@functools.lru_cache
def remembered(mark):
    return mark


def handler(event, context):
    global calls
    calls += 1
    found = {'seen': list(seen), 'cache': dict(Cache.entries), 'table': table.tolist(),
             'variable': os.environ.get('LEFT'), 'cwd': os.getcwd(),
             'recursion': sys.getrecursionlimit(), 'module': hasattr(sys, 'left'),
             'lru': remembered.cache_info().currsize, 'opened': len(opened),
             'threads': threading.active_count(), 'file': os.path.exists(event.get('file', '/'))}
    if event['mark'] == 'warm':
        return None
    seen.append(event['mark'])
    Cache.entries[event['mark']] = True
    table[:] = 7
    os.environ['LEFT'] = event['mark']
    os.chdir('/')
    sys.setrecursionlimit(5000)
    sys.left = event['mark']
    remembered(event['mark'])
    opened.append(open('/dev/null'))
    threading.Thread(target=threading.Event().wait, daemon=True).start()
    with open(event['file'], 'w') as file:
        file.write(event['mark'])
    return {'calls': calls, 'found': found}
