import linecache
import os
import sys
import tempfile
import traceback
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', '..', '..', 'pyhost', 'py'))
sys.dont_write_bytecode = True

from fwrun_host import errors  # noqa: E402
from fwrun_host.errors import InstallError, describe, explain, place_of  # noqa: E402


class InFolder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def is_user_file(self, file):
        return file.startswith(self.folder)

    def file(self, source, name='app.py'):
        path = os.path.join(self.folder, name)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(source)
        linecache.checkcache(path)
        return path

    def raised_by(self, source, name='app.py', call='handler'):
        """What the function raises, called by a frame of the host's."""
        path = self.file(source, name)
        user = {}
        try:
            exec(compile(source, path, 'exec'), user)
            ours = compile('run()', '<fwrun>/fwrun_host/invoke.py', 'exec')
            exec(ours, {'run': user[call]})
        except BaseException as thrown:
            # As the host, which begins where its own frames do.
            return thrown.with_traceback(thrown.__traceback__.tb_next)
        raise AssertionError('nothing was raised')


class Describe(InFolder):
    def test_gives_type_message_and_the_users_frames_as_lambda_does(self):
        thrown = self.raised_by('def inner():\n    raise KeyError("x")\n'
                                'def handler():\n    inner()\n')
        path = os.path.join(self.folder, 'app.py')
        self.assertEqual(describe(thrown), {
            'errorType': 'KeyError',
            'errorMessage': "'x'",
            'stackTrace': [f'  File "{path}", line 4, in handler\n    inner()\n',
                           f'  File "{path}", line 2, in inner\n    raise KeyError("x")\n'],
        })

    def test_writes_frames_as_lambdas_runtime_formats_them(self):
        thrown = self.raised_by('def handler():\n    [1][5] + (2 *\n      3)\n')
        frames = [(one.filename, one.lineno, one.name, one.line)
                  for one in traceback.extract_tb(thrown.__traceback__)
                  if not one.filename.startswith('<fwrun')]
        self.assertEqual(describe(thrown)['stackTrace'], traceback.format_list(frames))

    def test_shows_the_outermost_of_several_causes(self):
        thrown = self.raised_by('def handler():\n    try:\n        1 / 0\n'
                                '    except ZeroDivisionError as cause:\n'
                                '        raise RuntimeError("outer") from cause\n')
        told = describe(thrown)
        self.assertEqual((told['errorType'], told['errorMessage']), ('RuntimeError', 'outer'))
        self.assertEqual(len(told['stackTrace']), 1)

    def test_knows_exceptions_by_their_plain_name(self):
        thrown = self.raised_by('class Mine(Exception): pass\n'
                                'def handler():\n    raise Mine(1, 2)\n')
        self.assertEqual(describe(thrown)['errorType'], 'Mine')
        self.assertEqual(describe(thrown)['errorMessage'], '(1, 2)')

    def test_lets_our_own_exceptions_name_their_type(self):
        class Ours(Exception):
            fwrun_type = 'Runtime.Ours'

        self.assertEqual(describe(Ours('x'))['errorType'], 'Runtime.Ours')
        self.assertEqual(describe(InstallError('Load.X', 'm'))['errorType'], 'Load.X')

    def test_never_raises_whatever_the_exception_does(self):
        class Nasty(Exception):
            fwrun_type = property(lambda self: 1 / 0)
            __class__ = property(lambda self: 1 / 0)
            __traceback__ = property(lambda self: 1 / 0)

            def __str__(self):
                raise KeyboardInterrupt

            __repr__ = __str__

        told = describe(Nasty())
        self.assertEqual(told['errorType'], 'Nasty')
        self.assertEqual(told['errorMessage'],
                         '<the message cannot be read: __str__ raised KeyboardInterrupt>')
        self.assertEqual(told['stackTrace'], [])

    def test_gives_a_plain_string_for_a_message_of_another_type(self):
        class Text(str):
            def __str__(self):
                raise ValueError

        class Odd(Exception):
            def __str__(self):
                return Text('plain')

        message = describe(Odd())['errorMessage']
        self.assertEqual((type(message), message), (str, 'plain'))

    def test_survives_a_str_that_gives_no_string(self):
        class Odd(Exception):
            def __str__(self):
                return 5

        self.assertIn('TypeError', describe(Odd())['errorMessage'])

    def test_is_sane_about_groups_exits_and_exhaustion(self):
        group = ExceptionGroup('several', [ValueError('a'), TypeError('b')])
        self.assertEqual(describe(group)['errorMessage'], 'several (2 sub-exceptions)')
        self.assertEqual(describe(group)['errorType'], 'ExceptionGroup')
        self.assertEqual(describe(KeyboardInterrupt())['errorType'], 'KeyboardInterrupt')
        self.assertEqual(describe(SystemExit(3))['errorMessage'], '3')
        self.assertEqual(describe(MemoryError())['errorType'], 'MemoryError')

    def test_shortens_a_recursion_as_python_does(self):
        thrown = self.raised_by('def handler(n=0):\n    return handler(n + 1)\n')
        told = describe(thrown)
        self.assertEqual(told['errorType'], 'RecursionError')
        self.assertRegex(told['stackTrace'][-1], r'\[Previous line repeated \d+ more times\]')
        self.assertLess(len(told['stackTrace']), 10)

    def test_keeps_both_ends_of_a_recursion_without_bounds(self):
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(5000)
        self.addCleanup(sys.setrecursionlimit, limit)
        thrown = self.raised_by('def a(n):\n    b(n)\ndef b(n):\n    if n == 0: raise ValueError\n'
                                '    a(n - 1)\ndef handler():\n    a(1500)\n')
        trace = describe(thrown)['stackTrace']
        self.assertEqual(len(trace), 2 * errors.SHOWN_FRAMES)
        self.assertIn('in handler', trace[0])
        self.assertIn('raise ValueError', trace[-1])

    def test_finds_sources_in_memory_once_prepared(self):
        thrown = self.raised_by('def handler():\n    raise ValueError\n')
        path = os.path.join(self.folder, 'app.py')
        module = type(sys)('app_of_errors_test')
        module.__file__ = path
        sys.modules[module.__name__] = module
        self.addCleanup(sys.modules.pop, module.__name__)
        errors.prepare(self.is_user_file)
        os.unlink(path)
        self.assertIn('raise ValueError', describe(thrown)['stackTrace'][0])


class PlaceOf(InFolder):
    def place(self, thrown):
        return place_of(thrown, self.is_user_file)

    def test_is_the_innermost_frame_in_a_file_of_the_users(self):
        thrown = self.raised_by('import json\ndef handler():\n    x = 1; json.loads("{")\n')
        self.assertEqual(self.place(thrown), {
            'file': os.path.join(self.folder, 'app.py'), 'line': 3, 'column': 12})

    def test_counts_columns_in_characters(self):
        thrown = self.raised_by('def handler():\n    "äöü€"; None.x\n')
        self.assertEqual(self.place(thrown)['column'], 13)

    def test_of_a_syntax_error_is_where_the_parser_stopped(self):
        path = self.file('x = 1\ny = = 2\n', 'bad.py')
        with self.assertRaises(SyntaxError) as caught:
            compile('x = 1\ny = = 2\n', path, 'exec')
        self.assertEqual(self.place(caught.exception), {'file': path, 'line': 2, 'column': 5})

    def test_of_a_syntax_error_in_text_is_the_frame_that_parsed_it(self):
        thrown = self.raised_by('def handler():\n    eval("1 +")\n')
        self.assertEqual(self.place(thrown)['line'], 2)

    def test_is_none_when_no_file_of_the_users_took_part(self):
        self.assertIsNone(self.place(ValueError('never raised')))
        thrown = self.raised_by('def handler():\n    1 / 0\n')
        self.assertIsNone(place_of(thrown, lambda file: False))

    def test_is_none_rather_than_an_error(self):
        thrown = self.raised_by('def handler():\n    1 / 0\n')
        self.assertIsNone(place_of(thrown, lambda file: 1 / 0))


class Explain(InFolder):
    def test_tells_circumstances_error_place_and_output(self):
        thrown = self.raised_by('def handler():\n    raise ValueError("odd")\n')
        path = os.path.join(self.folder, 'app.py')
        told = explain('Training.Exception', 'the handler failed', thrown, 'one\ntwo\n\n',
                       is_user_file=self.is_user_file)
        self.assertIsInstance(told, InstallError)
        self.assertEqual(told.type, 'Training.Exception')
        self.assertEqual(str(told), f'the handler failed: ValueError: odd ({path}:2:5)\n'
                                    'its output was:\none\ntwo')
        self.assertEqual(told.at, {'file': path, 'line': 2, 'column': 5})
        self.assertIs(told.cause, thrown)
        self.assertFalse(told.retry)

    def test_says_no_more_than_there_is(self):
        told = explain('Load.Exception', 'it failed', AssertionError(), ' \n',
                       is_user_file=self.is_user_file)
        self.assertEqual(str(told), 'it failed: AssertionError')
        self.assertIsNone(told.at)


if __name__ == '__main__':
    unittest.main()
