# A child that is alive at the capture.
import multiprocessing
import subprocess

child = subprocess.Popen(['/bin/sleep', '600'])
warmup = [{}]


def handler(event, context):
    return child.poll()
