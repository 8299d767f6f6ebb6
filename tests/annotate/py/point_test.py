# Where the snapshot point may stand, and what becomes of it.

import inspect
import linecache
import os
import sys
import traceback
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import source_tree  # noqa: F401

from fwrun_annotate import AnnotationError, annotate

IMPORT = 'from fwrun import snapshot_here\n'


# A stand-in for fwrun's snapshot_here: hands out the "restored" parameters.
class Point:
    def __init__(self):
        self.asked = []

    def __call__(self):
        return 'value'

    def parameters(self, count):
        self.asked.append(count)
        restored = ('new event', 'new context')
        return restored[0] if count == 1 else restored[:count]


def plan_of(source, entry=True, path=None):
    return annotate(source.encode(), 'app.py', entry=entry, handler_path=path).plan


def run(source, **names):
    scope = {'__name__': 'app', **names}
    code = annotate(source.encode(), 'app.py', entry=True).code
    exec(code, scope)
    return scope


class Forms(unittest.TestCase):
    def test_a_statement_in_the_handler_sets_both_parameters_again(self):
        point = Point()
        scope = run('def handler(event, context):\n'
                    '    snapshot_here()\n'
                    '    return event, context\n', snapshot_here=point)
        self.assertEqual(scope['handler'](1, 2), (1, 2), 'not imported: nothing is rewritten')
        sys.modules['fwrun'] = type(sys)('fwrun')
        sys.modules['fwrun'].snapshot_here = point
        self.addCleanup(sys.modules.pop, 'fwrun')
        scope = run(IMPORT + 'def handler(event, context):\n'
                    '    snapshot_here()\n    return event, context\n')
        self.assertEqual(scope['handler'](1, 2), ('new event', 'new context'))
        scope = run('import fwrun as f\ndef main(params):\n'
                    '    f.snapshot_here()\n    return params\n')
        self.assertEqual(scope['main'](1), 'new event')
        self.assertEqual(point.asked, [2, 1])

    def test_every_way_to_import_it_is_understood(self):
        for head, call in (('from fwrun import snapshot_here', 'snapshot_here()'),
                           ('from fwrun import snapshot_here as here', 'here()'),
                           ('import fwrun', 'fwrun.snapshot_here()'),
                           ('import fwrun as y', 'y.snapshot_here()'),
                           ('from fwrun import *', 'snapshot_here()'),
                           ('try:\n from fwrun import snapshot_here\nexcept ImportError:\n'
                            ' def snapshot_here(): pass', 'snapshot_here()')):
            plan = plan_of(f'{head}\ndef handler(event, context):\n    {call}\n')
            self.assertEqual(plan.snapshot.kind, 'statement', head)
        plan = plan_of('def handler(event, context):\n'
                       '    from fwrun import snapshot_here\n    snapshot_here()\n')
        self.assertEqual(plan.snapshot.kind, 'statement')

    def test_the_kind_line_column_and_function_are_told(self):
        cases = (
            (IMPORT + '@snapshot_here\ndef handler(event, context): pass\n',
             ('function', 2, 2, 'handler')),
            (IMPORT + '@snapshot_here\nasync def main(params): pass\n', ('function', 2, 2, 'main')),
            (IMPORT + 'async def handler(event, context):\n  if event:\n    snapshot_here()\n',
             ('statement', 4, 5, 'handler')),
            (IMPORT + 'def handler(event, context):\n  event = snapshot_here()\n',
             ('call', 3, 11, 'handler')),
            (IMPORT + 'def prepare():\n  return snapshot_here()\ndef handler(e, c): prepare()\n',
             ('call', 3, 10, 'prepare')),
            (IMPORT + 'if True:\n  snapshot_here()\ndef handler(event, context): pass\n',
             ('toplevel', 3, 3, None)))
        for source, expected in cases:
            point = plan_of(source).snapshot
            self.assertEqual((point.kind, point.line, point.column, point.function), expected)
            self.assertEqual(point.file, 'app.py')

    def test_a_file_without_a_point_has_none(self):
        self.assertIsNone(plan_of('def handler(event, context): pass\n').snapshot)

    def test_a_variable_of_the_same_name_is_not_the_point(self):
        self.assertIsNone(plan_of(IMPORT + 'def handler(event, snapshot_here):\n'
                                  '  snapshot_here(1, 2)\n').snapshot)

    def test_lines_and_source_stay_right(self):
        sys.modules['fwrun'] = type(sys)('fwrun')
        sys.modules['fwrun'].snapshot_here = Point()
        self.addCleanup(sys.modules.pop, 'fwrun')
        source = IMPORT + 'def handler(event, context):\n\n    snapshot_here()\n    1 / 0\n'
        linecache.cache['app.py'] = (len(source), None, source.splitlines(True), 'app.py')
        self.addCleanup(linecache.clearcache)
        handler = run(source)['handler']
        try:
            handler(1, 2)
            self.fail('it divides by zero')
        except ZeroDivisionError as error:
            frame = traceback.extract_tb(error.__traceback__)[-1]
        self.assertEqual((frame.lineno, frame.line), (5, '1 / 0'))
        self.assertEqual(inspect.getsource(handler), ''.join(source.splitlines(True)[1:]))

    def test_the_handler_is_found_through_names_classes_and_instances(self):
        for tail, path in (('def work(e, c):\n  snapshot_here()\nhandler = work\n', None),
                           ('class Api:\n  def hello(self, e, c):\n    snapshot_here()\n'
                            'api = Api()\n', ['api', 'hello']),
                           ('class Api:\n  @staticmethod\n  def hello(e, c):\n'
                            '    snapshot_here()\n', ['Api', 'hello']),
                           ('def lambda_handler(e, c):\n  snapshot_here()\n', None)):
            plan = plan_of(IMPORT + tail, path=path)
            self.assertEqual(plan.snapshot.kind, 'statement', tail)
            self.assertEqual(plan.warnings, [])

    def test_a_method_keeps_its_self(self):
        point = Point()
        sys.modules['fwrun'] = type(sys)('fwrun')
        sys.modules['fwrun'].snapshot_here = point
        self.addCleanup(sys.modules.pop, 'fwrun')
        source = (IMPORT + 'class Api:\n  def hello(self, e, c):\n    snapshot_here()\n'
                  '    return self, e, c\napi = Api()\n')
        scope = {}
        exec(annotate(source.encode(), 'a', entry=True, handler_path=['api', 'hello']).code, scope)
        self.assertEqual(scope['api'].hello(1, 2), (scope['api'], 'new event', 'new context'))


class Refusals(unittest.TestCase):
    def refused(self, source, line, column, *words, entry=True, path=None):
        with self.assertRaises(AnnotationError) as caught:
            plan_of(IMPORT + source, entry=entry, path=path)
        error = caught.exception
        self.assertEqual((error.file, error.line, error.column), ('app.py', line, column), error)
        for word in words:
            self.assertIn(word, error.message)

    def test_two_points_are_refused(self):
        self.refused('@snapshot_here\ndef handler(event, context):\n  snapshot_here()\n', 4, 3,
                     'one snapshot point', 'line 2')

    def test_a_decorator_on_anything_but_the_handler_is_refused(self):
        self.refused('@snapshot_here\ndef other(): pass\ndef handler(e, c): pass\n', 2, 2,
                     'the handler, which is handler, not other')
        self.refused('@snapshot_here\nclass A: pass\n', 2, 2, 'class')
        self.refused('def handler(e, c):\n  @snapshot_here\n  def inner(): pass\n', 3, 4,
                     'inside another')
        self.refused('@snapshot_here\ndef work(e, c): pass\n', 2, 2, '--handler')
        self.refused('@snapshot_here\ndef work(e, c): pass\nhandler = wrap(work)\n', 2, 2,
                     'made from work by a call')
        self.refused('@snapshot_here()\ndef handler(e, c): pass\n', 2, 2, 'no parentheses')

    def test_places_that_cannot_work_are_refused(self):
        cases = (
            ('def handler(e, c):\n  def inner():\n    snapshot_here()\n', 4, 5, 'inside handler'),
            ('handler = lambda e, c: snapshot_here()\n', 2, 24, 'def'),
            ('def handler(e, c):\n  return [snapshot_here() for i in e]\n', 3, 11, 'comprehension'),
            ('class A:\n  snapshot_here()\n', 3, 3, 'class body'),
            ('def handler(e, c):\n  snapshot_here()\n  yield 1\n', 3, 3, 'generator'),
            ('@snapshot_here\ndef handler(e, c):\n  yield 1\n', 2, 2, 'generator'),
            ('def handler(e, c):\n  try: pass\n  finally:\n    snapshot_here()\n', 5, 5, 'finally'),
            ('def handler(e, c):\n  try: pass\n  except E:\n    snapshot_here()\n', 5, 5, 'except'),
            ('def handler(e=snapshot_here()): pass\n', 2, 15, 'default value'),
            ('async def handler(e, c):\n  await snapshot_here()\n', 3, 9, 'await'),
            ('def handler(*args):\n  snapshot_here()\n', 3, 3, '*args'))
        for source, line, column, word in cases:
            with self.subTest(source):
                self.refused(source, line, column, word)

    def test_what_is_not_a_call_or_not_a_plain_one_is_refused(self):
        self.refused('def handler(e, c):\n  snapshot_here\n', 3, 3, 'parentheses')
        self.refused('def handler(e, c):\n  snapshot_here(e)\n', 3, 3, 'no arguments')
        self.refused('here = snapshot_here\n', 2, 8, 'used as a value')

    def test_a_statement_outside_the_handler_says_to_use_the_value(self):
        self.refused('def help(): snapshot_here()\ndef handler(e, c): help()\n', 2, 13,
                     'not the handler', 'event = snapshot_here()')

    def test_a_module_that_is_not_the_entry_has_no_point(self):
        self.refused('snapshot_here()\n', 2, 1, 'does not hold the handler', entry=False)

    def test_a_syntax_error_passes_through_as_it_is(self):
        with self.assertRaises(SyntaxError) as caught:
            plan_of('def handler(:\n')
        self.assertEqual((caught.exception.filename, caught.exception.lineno), ('app.py', 1))
        self.assertIsNotNone(caught.exception.offset)


class Warnings(unittest.TestCase):
    def test_comments_mark_nothing_and_say_so(self):
        plan = plan_of('# @snapshot_here\n# @jit\n# about @jit in prose\ns = "# @jit"\n')
        self.assertEqual(len(plan.warnings), 2)
        self.assertIn('app.py:1:', plan.warnings[0])
        self.assertIn('snapshot_here()', plan.warnings[0])
        self.assertIn('app.py:2:', plan.warnings[1])

    def test_names_that_are_not_imported_are_told(self):
        plan = plan_of('@snapshot_here\ndef handler(e, c): pass\n@jit\ndef f(): pass\n')
        self.assertIsNone(plan.snapshot)
        self.assertEqual(len(plan.warnings), 2)
        self.assertIn('app.py:1: snapshot_here', plan.warnings[0])
        self.assertIn('from fwrun import jit', plan.warnings[1])

    def test_a_decorator_below_the_capture_is_fine_but_one_above_is_told(self):
        above = plan_of(IMPORT + '@log\n@snapshot_here\ndef handler(e, c): pass\n')
        below = plan_of(IMPORT + '@snapshot_here\n@log\ndef handler(e, c): pass\n')
        self.assertEqual((len(above.warnings), len(below.warnings)), (1, 0))
        self.assertIn('app.py:2', above.warnings[0])


if __name__ == '__main__':
    unittest.main()
