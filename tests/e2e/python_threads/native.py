# A thread that Python did not make: it waits in C and calls back into Python.
import ctypes
import threading

libc = ctypes.CDLL(None, use_errno=True)
ROUTINE = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)
semaphores = ctypes.create_string_buffer(64)
asked = ctypes.addressof(semaphores)
told = asked + 32
libc.sem_init(ctypes.c_void_p(asked), 0, 0)
libc.sem_init(ctypes.c_void_p(told), 0, 0)
seen = []


# Runs from C: the GIL is taken at its start, and given up while it waits.
@ROUTINE
def routine(argument):
    while True:
        while libc.sem_wait(ctypes.c_void_p(asked)) != 0:
            pass
        seen.append((threading.current_thread().name.startswith('Dummy'), argument))
        libc.sem_post(ctypes.c_void_p(told))


thread = ctypes.c_ulong()
assert libc.pthread_create(ctypes.byref(thread), None, routine, ctypes.c_void_p(4711)) == 0

# Threads of each call's own, which enter Python for the first time.
entered = []
enter = ROUTINE(lambda argument: entered.append(argument))

# The same with the loop in C: Python is entered anew for each comparison.
COMPARE = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_int), ctypes.POINTER(ctypes.c_int))
compare = COMPARE(lambda a, b: a[0] - b[0])
warmup = [{}]


def handler(event, context):
    seen.clear()
    libc.sem_post(ctypes.c_void_p(asked))
    while libc.sem_wait(ctypes.c_void_p(told)) != 0:
        pass
    entered.clear()
    for number in (1, 2):
        new = ctypes.c_ulong()
        assert libc.pthread_create(ctypes.byref(new), None, enter, ctypes.c_void_p(number)) == 0
        assert libc.pthread_join(new, None) == 0
    numbers = (ctypes.c_int * 5)(5, 1, 4, 2, 3)
    libc.qsort(numbers, 5, ctypes.sizeof(ctypes.c_int), compare)
    return {'seen': seen, 'entered': entered, 'sorted': list(numbers)}
