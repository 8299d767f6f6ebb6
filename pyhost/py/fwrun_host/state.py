# What the parts of the host share about the moment.

# 'loading' user code, 'training' it, 'rehearsing' what comes after a restore, 'armed' (the
# snapshot point captures when it is reached), 'serving' an invocation in a restored
# process.
phase = 'loading'

# What the handler was called with last; after a restore, what the invocation brought.
event = None
context = None

# Of the entry: what the annotator found, its module, and the handler once it is known.
plan = None
module = None
handler = None
