# Does what it is asked to, which is not always good.
import os
import threading

calls = 0
kept = []


def handler(event, context):
    global calls
    calls += 1
    if event['do'] == 'throw':
        raise RuntimeError('as asked')
    if event['do'] == 'exit':
        os._exit(3)
    while event['do'] == 'hang':
        pass
    if event['do'] == 'leave':
        # Descriptors, a thread, memory and a folder, all to be gone with the next call.
        kept.extend(os.open('/dev/null', os.O_RDONLY) for _ in range(5))
        kept.append(bytearray(500_000))
        threading.Thread(target=threading.Event().wait, daemon=True).start()
        os.chdir('/')
    return {'id': event['id'], 'calls': calls, 'kept': len(kept)}


warmup = [{'do': 'work', 'id': 1}, {'do': 'work', 'id': 2}]
