# Identifiers that the standard library makes, and what it keeps to make them.
#
# Most are brought back, before the capture, to what they are before their first use,
# and make themselves anew in each restored process that needs them: names of temporary
# files, the node of uuid1(), SQLite's random(). uuid4(), secrets, SystemRandom and
# os.urandom() keep nothing.

import sys
from os import urandom

from ..imports import when_imported
from .marks import named_like

uuid_node = None
first_authkey = None


def install(core):
    when_imported('uuid', replace_uuid1)
    when_imported('multiprocessing.process', note_authkey)


# uuid1() is the time, a sequence number and the network address. libuuid keeps all
# three within itself, so that restored processes would continue the same sequence; what
# sets them apart must be the node: 47 random bits, marked as RFC 4122, 4.5 wants them.
def replace_uuid1(uuid):
    original = getattr(uuid, 'uuid1', None)
    if original is None:  # a file of the user's own that is called so
        return

    def uuid1(node=None, clock_seq=None):
        if node is None:
            node = node_of_this_process()
        if clock_seq is None:
            clock_seq = int.from_bytes(urandom(2), 'little') & 0x3fff
        return original(node, clock_seq)

    uuid.uuid1 = named_like(original, uuid1)


def node_of_this_process():
    global uuid_node
    if uuid_node is None:
        uuid_node = int.from_bytes(urandom(6), 'little') | 1 << 40
    return uuid_node


def note_authkey(process):
    global first_authkey
    first_authkey = process.current_process().authkey


def kinds():
    return ()


# Before the generators are looked for: a sequence of names has one of its own, and makes
# a new one if the process id is not the one remembered.
def forget():
    global uuid_node
    uuid_node = None
    tempfile = sys.modules.get('tempfile')
    synchronize = sys.modules.get('multiprocessing.synchronize')
    for sequence in (getattr(tempfile, '_name_sequence', None),
                     getattr(getattr(synchronize, 'SemLock', None), '_rand', None)):
        if sequence is not None:
            for name in ('_rng', '_rng_pid'):
                vars(sequence).pop(name, None)
    reset_sqlite()
    reset_logging()


def prepare(found):
    return list(authkey_steps())


# SQLite seeds its generator, hence random() in SQL, once; this makes it do so again.
def reset_sqlite():
    if '_sqlite3' not in sys.modules:
        return
    import ctypes
    import os
    try:
        sqlite = ctypes.CDLL('libsqlite3.so.0', mode=os.RTLD_NOLOAD | os.RTLD_NOW)
    except OSError as error:
        raise RuntimeError(f'the generator of SQLite cannot be reset: {error}') from error
    sqlite.sqlite3_randomness(ctypes.c_int(0), None)


# The key that multiprocessing's processes know each other by, unless the user set it.
def authkey_steps():
    process = sys.modules.get('multiprocessing.process')
    if first_authkey is None or process is None:
        return
    config = process.current_process()._config
    if config.get('authkey') is not first_authkey:
        return
    kind = type(first_authkey)

    def renew_authkey():
        global first_authkey
        first_authkey = config['authkey'] = kind(urandom(32))

    yield renew_authkey


# Log records tell how long after logging was loaded they were made; in a restored process,
# how long after its first record: nothing has to be done there until then.
class SinceFirstRecord:
    def __rsub__(self, created):
        sys.modules['logging']._startTime = created
        return 0.0


def reset_logging():
    logging = sys.modules.get('logging')
    if hasattr(logging, '_startTime'):
        logging._startTime = SinceFirstRecord()
