# faulthandler's own thread, which waits to tell where the process hangs.
import faulthandler

faulthandler.enable()
faulthandler.dump_traceback_later(3600)
warmup = [{}]


def handler(event, context):
    faulthandler.cancel_dump_traceback_later()
    faulthandler.dump_traceback_later(3600)
    return faulthandler.is_enabled()
