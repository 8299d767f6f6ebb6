import io
import os
import subprocess
import sys
import threading
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.join(HERE, '..', '..', '..', 'pyhost', 'py')
sys.path.insert(0, SOURCE)
sys.dont_write_bytecode = True

from fwrun_host import output  # noqa: E402


class Core:
    def __init__(self):
        self.entries = []

    def log(self, stream, data):
        self.entries.append((stream, data))

    def request_id(self):
        return 'request-1'

    def text(self, stream):
        return b''.join(data if isinstance(data, bytes) else data.encode()
                        for number, data in self.entries if number == stream).decode()


class WithStreams(unittest.TestCase):
    def setUp(self):
        for name in ('stdout', 'stderr', '__stdout__', '__stderr__'):
            self.addCleanup(setattr, sys, name, getattr(sys, name))
        self.core = Core()
        output.install(self.core)


class Streams(WithStreams):
    def test_write_to_the_log_at_once_and_in_order(self):
        print('one', 2, flush=True)
        print('three', file=sys.stderr)
        sys.stdout.write('four')
        self.assertEqual(''.join(f'{number}{data}' for number, data in self.core.entries),
                         '1one1 121\n2three2\n1four')
        self.assertEqual(self.core.text(1), 'one 2\nfour')

    def test_stand_for_pythons_own_as_well(self):
        self.assertIs(sys.__stdout__, sys.stdout)
        self.assertIs(sys.__stderr__, sys.stderr)
        self.assertIsInstance(sys.stdout, io.TextIOBase)
        self.assertIsInstance(sys.stdout.buffer, io.BufferedIOBase)

    def test_describe_themselves_as_pythons_own_do(self):
        for stream, number, name in ((sys.stdout, 1, '<stdout>'), (sys.stderr, 2, '<stderr>')):
            self.assertEqual((stream.fileno(), stream.name, stream.encoding, stream.mode),
                             (number, name, 'utf-8', 'w'))
            self.assertEqual((stream.isatty(), stream.writable(), stream.readable(),
                              stream.seekable(), stream.closed),
                             (False, True, False, False, False))
            self.assertEqual(stream.buffer.fileno(), number)

    def test_take_text_that_utf_8_cannot_hold(self):
        self.assertEqual(sys.stdout.write('a\udc80é\n'), 4)
        self.assertEqual(self.core.text(1), 'a\\udc80é\n')

    def test_take_text_of_derived_classes(self):
        class Text(str):
            def encode(self, *arguments):
                raise ValueError

        print(Text('mine'), end='')
        self.assertEqual(self.core.text(1), 'mine')

    def test_refuse_what_is_no_text(self):
        with self.assertRaisesRegex(TypeError, r'write\(\) argument must be str, not bytes'):
            sys.stdout.write(b'x')
        with self.assertRaises(TypeError):
            sys.stdout.buffer.write('x')

    def test_take_bytes_through_their_buffers(self):
        self.assertEqual(sys.stdout.buffer.write(b'\xff\x00'), 2)
        sys.stderr.buffer.raw.write(bytearray(b'y'))
        sys.stdout.buffer.writelines([b'1', memoryview(b'2')])
        self.assertEqual(self.core.entries, [(1, b'\xff\x00'), (2, b'y'), (1, b'1'), (1, b'2')])

    def test_take_lines_and_nothing(self):
        sys.stdout.writelines(['a\n', '', 'b\n'])
        sys.stdout.write('')
        sys.stdout.flush()
        self.assertEqual(self.core.entries, [(1, 'a\n'), (1, 'b\n')])

    def test_outlive_being_closed_and_detached(self):
        sys.stdout.close()
        with sys.stdout:
            pass
        self.assertIs(sys.stdout.detach(), sys.stdout.buffer)
        sys.stdout.buffer.close()
        sys.stdout.reconfigure(line_buffering=False, encoding='latin-1')
        print('still', end='')
        self.assertEqual(self.core.text(1), 'still')

    def test_can_be_wrapped_and_redirected(self):
        import contextlib
        wrapped = io.TextIOWrapper(sys.stdout.buffer, encoding='utf-8', write_through=True)
        wrapped.write('wrapped')
        wrapped.detach()
        with contextlib.redirect_stdout(io.StringIO()) as elsewhere:
            print('elsewhere')
        self.assertEqual((self.core.text(1), elsewhere.getvalue()), ('wrapped', 'elsewhere\n'))

    def test_lose_nothing_of_several_threads(self):
        def write():
            for _ in range(500):
                sys.stdout.write('line\n')

        threads = [threading.Thread(target=write) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(self.core.entries, [(1, 'line\n')] * 2000)

    def test_show_tracebacks_and_warnings(self):
        import warnings
        try:
            1 / 0
        except ZeroDivisionError:
            sys.excepthook(*sys.exc_info())
        with warnings.catch_warnings():
            warnings.simplefilter('always')
            warnings.warn('careful', stacklevel=1)
        self.assertIn('ZeroDivisionError: division by zero\n', self.core.text(2))
        self.assertIn('UserWarning: careful\n', self.core.text(2))


LOGGING = f'''
import sys
sys.path.insert(0, {SOURCE!r})
sys.dont_write_bytecode = True
real = sys.stdout
log = []
class Core:
    def log(self, stream, data):
        log.append((stream, data if isinstance(data, str) else data.decode()))
    def request_id(self): return 'request-1'
from fwrun_host import output
output.install(Core())
assert 'logging' not in sys.modules
import logging
'''


def logged(code):
    """What a process of its own writes by logging, as logging keeps its configuration."""
    show = '\nfor stream, text in log: real.write(f"{stream} {text}")\n'
    return subprocess.run(['/usr/bin/python3.11', '-I', '-c', LOGGING + code + show],
                          capture_output=True, text=True, check=True).stdout


class Logging(unittest.TestCase):
    def test_writes_as_lambda_does_without_a_configuration(self):
        text = logged("logging.getLogger().setLevel('INFO')\n"
                      "logging.getLogger('mine').info('x %d', 1)\n"
                      "logging.getLogger('mine').debug('not this')\n")
        self.assertRegex(text, r'^2 \[INFO\]\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\trequest-1'
                               r'\tx 1\n$')

    def test_tells_the_time_in_utc(self):
        text = logged("import os, time\nos.environ['TZ'] = 'Asia/Tokyo'; time.tzset()\n"
                      "record = logging.makeLogRecord({'levelname': 'INFO', 'msg': 'm',\n"
                      "    'created': 1767268800.5, 'msecs': 7.0, 'levelno': 20})\n"
                      "logging.getLogger().handle(record)\n")
        self.assertEqual(text, '2 [INFO]\t2026-01-01T12:00:00.007Z\trequest-1\tm\n')

    def test_keeps_pythons_level_until_it_is_changed(self):
        text = logged("logging.getLogger('a').info('no')\nlogging.getLogger('a').warning('yes')\n")
        self.assertEqual(text.count('\n'), 1)
        self.assertIn('[WARNING]', text)

    def test_the_functions_of_the_module_write_so_too(self):
        text = logged("logging.getLogger().setLevel(logging.DEBUG)\n"
                      "for name in ('debug', 'info', 'warning', 'error', 'critical'):\n"
                      "    getattr(logging, name)('%s', name)\n"
                      "logging.log(logging.INFO, 'log')\n"
                      "assert not logging.getLogger().handlers\n")
        self.assertEqual([line.split('\t')[3] for line in text.splitlines()],
                         ['debug', 'info', 'warning', 'error', 'critical', 'log'])

    def test_shows_exceptions(self):
        text = logged("try: 1 / 0\nexcept ZeroDivisionError: logging.exception('caught')\n")
        self.assertRegex(text, r'(?s)^2 \[ERROR\]\t.*\tcaught\nTraceback .*ZeroDivisionError')

    def test_obeys_a_configuration_of_the_users(self):
        text = logged("logging.basicConfig(level='INFO', format='%(levelname)s:%(message)s')\n"
                      "logging.info('mine')\nlogging.getLogger('a').debug('no')\n")
        self.assertEqual(text, '2 INFO:mine\n')

    def test_obeys_handlers_of_the_users(self):
        text = logged("handler = logging.StreamHandler(sys.stdout)\n"
                      "logging.getLogger('a').addHandler(handler)\n"
                      "logging.getLogger('a').warning('mine')\n")
        self.assertEqual(text, '1 mine\n')

    def test_survives_a_record_that_cannot_be_formatted(self):
        text = logged("logging.getLogger('a').warning('%d', 'x')\n")
        self.assertIn('--- Logging error ---', text)

    def test_leaves_records_as_they_were(self):
        text = logged("record = logging.makeLogRecord({'levelno': 40, 'msg': 'm'})\n"
                      "before = set(vars(record)) | {'message', 'asctime'}\n"
                      "logging.getLogger().handle(record)\n"
                      "assert set(vars(record)) == before, vars(record)\n")
        self.assertIn('\tm\n', text)


if __name__ == '__main__':
    unittest.main()
