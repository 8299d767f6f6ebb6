# What the parts of the host share about the moment.

# 'loading' user code, 'training' it, 'armed' (the snapshot point captures when it is
# reached), 'capturing', 'serving' an invocation in a restored process.
phase = 'loading'

# Of the entry: what the annotator found, its module, and the handler once it is known.
plan = None
module = None
handler = None
