import datetime
import decimal
import enum
import json
import os
import sys
import unittest
import uuid
from collections import OrderedDict, defaultdict, namedtuple

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', '..', '..', 'pyhost', 'py'))
sys.dont_write_bytecode = True

from fwrun_host.errors import describe  # noqa: E402
from fwrun_host.result import NotSerialisable, serialise  # noqa: E402


class Writes(unittest.TestCase):
    def test_compact_json_in_utf_8(self):
        self.assertEqual(serialise({'a': [1, 2.5, None, True], 'ü': 'é😀'}),
                         '{"a":[1,2.5,null,true],"ü":"é😀"}')

    def test_everything_that_json_has(self):
        for value in (None, True, 0, -1.5, 10**30, '', 'x', [], {}, [[[]]], {'a': {'b': []}},
                      'quotes " and \\ and \n and \x00', 1e300, -0.0):
            self.assertEqual(json.loads(serialise(value)), value)

    def test_what_python_writes_as_json_has_it(self):
        class Colour(enum.IntEnum):
            RED = 1

        pair = namedtuple('pair', 'a b')
        self.assertEqual(serialise((1, pair(2, 3))), '[1,[2,3]]')
        self.assertEqual(serialise(OrderedDict(a=1)), '{"a":1}')
        self.assertEqual(serialise(defaultdict(list, a=[1])), '{"a":[1]}')
        self.assertEqual(serialise({1: 'a', None: 'b', True: 'c', 2.5: 'd'}),
                         '{"1":"c","null":"b","2.5":"d"}')
        self.assertEqual(serialise([Colour.RED]), '[1]')

    def test_the_same_part_twice(self):
        part = [1]
        self.assertEqual(serialise([part, part]), '[[1],[1]]')

    def test_numpys_float64_which_is_a_float(self):
        import numpy
        self.assertEqual(serialise([numpy.float64(1.5)]), '[1.5]')


class Refuses(unittest.TestCase):
    def refused(self, value):
        with self.assertRaises(NotSerialisable) as caught:
            serialise(value)
        self.assertIsNone(caught.exception.__context__)
        self.assertEqual(describe(caught.exception)['errorType'], 'Runtime.ResultNotSerialisable')
        return str(caught.exception)

    def test_numbers_that_are_none_naming_the_path(self):
        items = [{'price': 1}] * 3 + [{'price': float('nan')}]
        self.assertEqual(self.refused({'items': items}),
                         'result.items[3].price is NaN, which JSON cannot hold: return None or a '
                         'string instead')
        self.assertIn('result is Infinity,', self.refused(float('inf')))
        self.assertIn('result[1] is -Infinity,', self.refused([0, -float('inf')]))
        self.assertIn('result has the key NaN,', self.refused({float('nan'): 1}))

    def test_types_with_advice_for_each(self):
        for value, what, advice in (
                ({1}, 'a set', 'sorted()'), (frozenset(), 'a frozenset', 'sorted()'),
                (b'x', 'bytes', '.decode()'), (bytearray(), 'a bytearray', '.decode()'),
                (decimal.Decimal(1), 'a Decimal', 'str()'),
                (datetime.datetime.now(), 'a datetime', '.isoformat()'),
                (datetime.date.today(), 'a date', '.isoformat()'),
                (datetime.timedelta(1), 'a timedelta', '.total_seconds()'),
                (uuid.uuid4(), 'a UUID', 'str()'), (1j, 'a complex', 'real and imaginary'),
                (range(3), 'a range', 'list()'), ((one for one in ()), 'a generator', 'list()'),
                ({}.keys(), 'dict_keys', 'list()'), (lambda: 1, 'a function', 'dictionary'),
                (object(), 'an object', 'dictionary'), (ValueError(), 'a ValueError', 'raise it')):
            told = self.refused({'a b': [value]})
            self.assertIn(f"result['a b'][0] is {what}, which JSON cannot hold: ", told)
            self.assertIn(advice, told)

    def test_a_coroutine_that_was_not_awaited(self):
        async def forgotten():
            return 1

        coroutine = forgotten()
        self.addCleanup(coroutine.close)
        self.assertIn('await it', self.refused(coroutine))

    def test_numpys_values_and_arrays(self):
        import numpy
        self.assertEqual(self.refused({'n': numpy.int64(3)}),
                         'result.n is a numpy value (int64), which JSON cannot hold: convert it, '
                         'for example with .item()')
        self.assertIn('result is a numpy array (ndarray), which JSON cannot hold: convert it, for '
                      'example with .tolist()', self.refused(numpy.zeros(3)))
        self.assertIn('.item()', self.refused([numpy.bool_(True)]))
        self.assertIn('result[0] is NaN', self.refused([numpy.float64('nan')]))

    def test_keys_that_are_no_strings(self):
        self.assertEqual(self.refused({'a': {(1, 2): 3}}),
                         'result.a has a key that is a tuple: keys in JSON are strings: convert '
                         'it, for example with str()')
        self.assertIn('a key that is bytes', self.refused({b'x': 1}))

    def test_circles_naming_both_ends(self):
        value = {'a': [1]}
        value['a'].append(value['a'])
        self.assertIn('result.a[1] refers back to result.a: JSON cannot hold a circle',
                      self.refused(value))
        value['a'] = value
        self.assertIn('result.a refers back to result:', self.refused(value))

    def test_text_that_utf_8_cannot_hold(self):
        self.assertIn('result.a holds the lone surrogate \\ud800, which UTF-8 cannot hold',
                      self.refused({'a': 'x\ud800'}))
        self.assertIn('result has a key with the lone surrogate \\udfff',
                      self.refused({'\udfff': 1}))

    def test_nesting_without_end(self):
        value = []
        for _ in range(100_000):
            value = [value]
        self.assertIn('nested too deeply', self.refused(value))

    def test_integers_too_long_to_write(self):
        self.assertIn('result[0] is an integer of more digits', self.refused([10**5000]))

    def test_the_first_thing_in_the_way_in_the_order_of_writing(self):
        self.assertIn('result[0].a[0]', self.refused([{'a': [{1}], 'b': b''}, {2}]))


class LetsThrough(unittest.TestCase):
    def test_errors_of_the_users_own_containers(self):
        class Broken(dict):
            def items(self):
                raise LookupError('mine')

        with self.assertRaisesRegex(LookupError, 'mine'):
            serialise({'a': Broken(b=1)})

    def test_errors_of_the_users_own_classes_as_the_reason(self):
        class Liar:
            def __getattribute__(self, name):
                raise ValueError('no attributes')

        with self.assertRaisesRegex(NotSerialisable, 'written as JSON: ValueError: no attributes'):
            serialise(Liar())


if __name__ == '__main__':
    unittest.main()
