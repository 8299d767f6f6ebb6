# What a function finds around it.
import os
import sys

loaded = {'name': __name__, 'file': __file__, 'argv': list(sys.argv), 'cwd': os.getcwd()}


def handler(event, context):
    return {**loaded, 'environment': dict(os.environ), 'argv_now': sys.argv,
            'package': __package__, 'spec': __spec__.name, 'main': sys.modules['__main__'].__name__,
            'path': sys.path, 'executable': sys.executable, 'stdin': sys.stdin.read(),
            'flags': [sys.flags.isolated, sys.flags.utf8_mode, sys.flags.dont_write_bytecode],
            'pid': os.getpid(), 'byte': os.fsencode('\udcff').hex(),
            'encoding': [sys.getdefaultencoding(), sys.getfilesystemencoding()],
            'own': 'fwrun' in sys.modules}
