import ctypes

libc = ctypes.CDLL(None)
watch = libc.inotify_init1(0)


def handler(event, context):
    return watch
