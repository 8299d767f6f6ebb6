import importlib
import os
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', '..', '..', 'pyhost', 'py'))
sys.dont_write_bytecode = True

from fwrun_host.imports import when_imported  # noqa: E402


class WhenImported(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name
        sys.path.insert(0, self.folder)
        self.addCleanup(sys.path.remove, self.folder)
        self.seen = []

    def module(self, name, source):
        with open(os.path.join(self.folder, name + '.py'), 'w', encoding='utf-8') as file:
            file.write(source)
        importlib.invalidate_caches()
        self.addCleanup(sys.modules.pop, name, None)

    def note(self, module):
        self.seen.append((module.__name__, getattr(module, 'value', None)))

    def test_calls_back_once_the_module_has_run(self):
        self.module('watched_plain', 'value = 1')
        when_imported('watched_plain', self.note)
        self.assertEqual(self.seen, [])
        import watched_plain
        import watched_plain as again  # noqa: F401
        self.assertEqual(self.seen, [('watched_plain', 1)])
        self.assertNotIn('exec_module', vars(watched_plain.__loader__))
        self.assertIs(watched_plain.__spec__.loader, watched_plain.__loader__)

    def test_calls_back_at_once_for_a_module_that_is_there(self):
        when_imported('os', self.note)
        self.assertEqual(self.seen, [('os', None)])

    def test_does_not_import_the_module(self):
        self.module('watched_unused', 'value = 1')
        when_imported('watched_unused', self.note)
        self.assertNotIn('watched_unused', sys.modules)

    def test_calls_back_again_after_a_reload(self):
        self.module('watched_reloaded', 'value = 1')
        when_imported('watched_reloaded', self.note)
        import watched_reloaded
        importlib.reload(watched_reloaded)
        self.assertEqual(len(self.seen), 2)

    def test_does_not_call_back_for_a_module_that_fails(self):
        self.module('watched_failing', 'raise ValueError("no")')
        when_imported('watched_failing', self.note)
        for _ in range(2):
            with self.assertRaisesRegex(ValueError, 'no'):
                import watched_failing  # noqa: F401
        self.assertEqual(self.seen, [])
        self.module('watched_failing', 'value = 2  # repaired')
        import watched_failing  # noqa: F401, F811
        self.assertEqual(self.seen, [('watched_failing', 2)])

    def test_leaves_a_missing_module_missing(self):
        when_imported('watched_missing', self.note)
        with self.assertRaises(ModuleNotFoundError):
            import watched_missing  # noqa: F401
        self.assertEqual(self.seen, [])

    def test_works_for_imports_within_imports(self):
        self.module('watched_inner', 'value = 1')
        self.module('watched_outer', 'import watched_inner\nvalue = watched_inner.value + 1')
        when_imported('watched_outer', self.note)
        when_imported('watched_inner', self.note)
        import watched_outer  # noqa: F401
        self.assertEqual(self.seen, [('watched_inner', 1), ('watched_outer', 2)])

    def test_gives_what_the_module_put_in_its_place(self):
        self.module('watched_replaced', 'import sys, types\n'
                    'other = types.ModuleType("other")\nother.value = 3\n'
                    'sys.modules[__name__] = other')
        when_imported('watched_replaced', self.note)
        import watched_replaced  # noqa: F401
        self.assertEqual(self.seen, [('other', 3)])

    def test_works_for_modules_that_are_built_in(self):
        sys.modules.pop('_opcode', None)
        name = next(one for one in ('xxsubtype', '_symtable', '_tracemalloc')
                    if one in sys.builtin_module_names)
        module = sys.modules.pop(name, None)
        self.addCleanup(lambda: module and sys.modules.update({name: module}))
        when_imported(name, self.note)
        importlib.import_module(name)
        self.assertEqual(self.seen, [(name, None)])
        self.assertIs(sys.modules[name].__loader__, importlib.machinery.BuiltinImporter)

    def test_calls_all_that_wait_for_a_module_in_their_order(self):
        self.module('watched_twice', '')
        when_imported('watched_twice', lambda module: self.seen.append(1))
        when_imported('watched_twice', lambda module: self.seen.append(2))
        import watched_twice  # noqa: F401
        self.assertEqual(self.seen, [1, 2])


if __name__ == '__main__':
    unittest.main()
