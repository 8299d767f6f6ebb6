# A child process that is still there when the process is captured.
import subprocess

child = subprocess.Popen(['/bin/sleep', '1000'])


def handler(event, context):
    return None
