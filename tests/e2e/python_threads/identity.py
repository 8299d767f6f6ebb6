# Who a thread is, right after the restore.
import os
import threading

main = threading.main_thread()
local = threading.local()
local.value = 'of the main thread'
at_import = {'ident': threading.get_ident(), 'native': threading.get_native_id()}
ask = threading.Semaphore(0)
told = threading.Semaphore(0)
said = {}


def other():
    local.value = 'of the other thread'
    ident = threading.get_ident()
    while True:
        ask.acquire()
        said.update(value=local.value, same=threading.get_ident() == ident,
                    current=threading.current_thread() is thread,
                    native=threading.get_native_id() == thread.native_id,
                    name=threading.current_thread().name)
        told.release()


thread = threading.Thread(target=other, daemon=True, name='the other')
thread.start()
warmup = [{}]


def handler(event, context):
    now = {'same': threading.get_ident() == at_import['ident'],
           'native': threading.get_native_id() == at_import['native'] == main.native_id,
           'pid': os.getpid() == threading.get_native_id(),
           'main': threading.current_thread() is main, 'value': local.value}
    ask.release()
    told.acquire(timeout=20)
    with open('/proc/self/comm') as file:
        now['comm'] = file.read().strip()
    return {'main': now, 'other': said, 'all': sorted(one.name for one in threading.enumerate())}
