# Does next to nothing, so that all the time it takes is fwrun's own: what
# `make bench` measures restores of Python with.


def handler(event, context):
    return {'ok': 1, 'id': event['id']}


warmup = [{'id': 1}, {'id': 2}]
