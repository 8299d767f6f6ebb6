import json
import os
import sys
import types
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', '..', '..', 'pyhost', 'py'))
sys.dont_write_bytecode = True

readers = []
core = types.ModuleType('_fwrun')
core.on_call_context = readers.append
core.job = json.dumps({'entry': '/f/handler.py', 'function_name': 'f', 'function_version': '1',
                       'memory_mb': 128})
sys.modules['_fwrun'] = core

from fwrun_host.context import Context  # noqa: E402


def tell(told):
    readers[0]('' if told is None else json.dumps(told))


class CallContext(unittest.TestCase):
    def tearDown(self):
        tell(None)

    def test_there_is_none_unless_one_is_told(self):
        context = Context()
        self.assertIsNone(context.client_context)
        self.assertIsNone(context.traceparent)
        tell({'environment': {}})
        self.assertIsNone(Context().client_context)

    def test_it_has_lambdas_shape(self):
        tell({'client_context': {'custom': {'a': 1}, 'client': {'app_title': 'title'}}})
        client_context = Context().client_context
        self.assertEqual(client_context.custom, {'a': 1})
        self.assertIsNone(client_context.env)
        self.assertEqual(client_context.client.app_title, 'title')
        self.assertIsNone(client_context.client.installation_id)
        tell({'client_context': {'client': 'of another kind'}})
        self.assertIsNone(Context().client_context.client)

    def test_the_next_call_knows_nothing_of_it(self):
        tell({'client_context': {}, 'traceparent': '00-1', 'tracestate': 'a=b'})
        self.assertEqual(Context().traceparent, '00-1')
        self.assertEqual(Context().tracestate, 'a=b')
        tell(None)
        self.assertIsNone(Context().client_context)
        self.assertIsNone(Context().traceparent)
        self.assertIsNone(Context().tracestate)

    def test_the_environment_is_as_before_afterwards(self):
        os.environ['FW_KEPT'] = 'before'
        self.addCleanup(os.environ.pop, 'FW_KEPT')
        tell({'environment': {'FW_KEPT': 'during', 'FW_NEW': 'new'}})
        self.assertEqual((os.environ['FW_KEPT'], os.environ['FW_NEW']), ('during', 'new'))
        tell({'environment': {'FW_OTHER': 'other'}})
        self.assertEqual((os.environ['FW_KEPT'], os.environ.get('FW_NEW')), ('before', None))
        self.assertEqual(os.environ['FW_OTHER'], 'other')
        tell(None)
        self.assertNotIn('FW_OTHER', os.environ)


if __name__ == '__main__':
    unittest.main()
