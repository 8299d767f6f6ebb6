# What multiprocessing makes at import for children that come later: locks, shared
# values, arrays, queues.
import multiprocessing

lock = multiprocessing.Lock()
value = multiprocessing.Value('i', 40)
array = multiprocessing.Array('d', [1.5, 2.5])
queue = multiprocessing.SimpleQueue()
warmup = [{'children': 0}]


def add(number):
    with lock, value.get_lock():
        value.value += number
        array[0] += number
    queue.put(number)


def handler(event, context):
    before = value.value
    children = [multiprocessing.Process(target=add, args=(number,))
                for number in range(1, event['children'] + 1)]
    for child in children:
        child.start()
    got = sorted(queue.get() for _ in children)
    for child in children:
        child.join()
    return {'before': before, 'value': value.value, 'array': list(array), 'got': got}
