# Waits for very long, with a thread and a child that do, too.
import subprocess
import threading
import time

threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
warmup = [{'seconds': 0}]


def handler(event, context):
    with subprocess.Popen(['/bin/sleep', str(event['seconds'])]) as child:
        time.sleep(event['seconds'])
        return child.wait()
