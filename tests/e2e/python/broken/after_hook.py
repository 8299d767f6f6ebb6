from snapshot_restore_py import register_after_restore


def reconnect():
    return {}['gone']


register_after_restore(reconnect)


def handler(event, context):
    return None
