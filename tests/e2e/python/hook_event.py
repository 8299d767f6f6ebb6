# An after-restore hook that fails when the invocation's environment says so.
import os

from fwrun import after_restore

path = os.environ['HOOK_FILE']


@after_restore
def reconnect():
    with open(path) as file:
        text = file.read()
    if text == 'fail':
        raise ConnectionError('cannot reconnect')
    if text == 'hang':
        while True:
            pass
    if text == 'exit':
        raise SystemExit(4)


def handler(event, context):
    return 'served'
