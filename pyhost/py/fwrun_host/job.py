# The job of this install (embed/job.h).
import json
import os

import _fwrun

job = json.loads(_fwrun.job)

entry = job['entry']
# The function's, where the host was started: that of the entry or one above it.
folder = os.getcwd()
if not entry.startswith(folder.rstrip('/') + '/'):
    folder = entry.rpartition('/')[0] or '/'
