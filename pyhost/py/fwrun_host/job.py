# The job of this install (embed/job.h).
import json

import _fwrun

job = json.loads(_fwrun.job)

entry = job['entry']
folder = entry.rpartition('/')[0] or '/'
