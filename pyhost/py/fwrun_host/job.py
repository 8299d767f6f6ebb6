# The job of this install (embed/job.h), and which files are the function's own.
import json
import os

import _fwrun

job = json.loads(_fwrun.job)

entry = job['entry']
# The function's, where the host was started: that of the entry or one above it.
folder = os.getcwd()
if not entry.startswith(folder.rstrip('/') + '/'):
    folder = entry.rpartition('/')[0] or '/'
below = folder.rstrip('/') + '/'

# Folders of the function that hold its dependencies.
DEPENDENCIES = ('site-packages', 'requirements')


def is_user_file(file):
    """Of the function's own, neither a dependency nor the host's."""
    if not file.startswith(below):
        return False
    inside = file[len(below):].split('/')
    return not any(part in DEPENDENCIES for part in inside[:-1])
