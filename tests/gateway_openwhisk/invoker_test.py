# Action containers, driven as OpenWhisk's invoker does it.
import http.client
import json
import os
import shutil
import subprocess
import tempfile
import time
import unittest

BIN = os.environ.get('FW_BIN_DIR', '/usr/bin')
SERVER = os.path.join(BIN, 'openwhisk_action_server')
SENTINEL = 'XXX_THE_END_OF_A_WHISK_ACTIVATION_XXX\n'

JAVASCRIPT = '''
let calls = 0;
function main(params) {
  console.log('out', params.delimiter);
  console.error('err');
  if (params.fail) throw new RangeError(params.fail);
  if (params.text) return 'no dictionary';
  if (params.exit) process.exit(1);
  while (params.loop);
  return { params, calls: ++calls, winter: `${params.delimiter} ☃ ${params.delimiter}`,
           env: Object.fromEntries(Object.entries(process.env)
               .filter(([name]) => name.startsWith('__OW_') || name === 'FROM_INIT')) };
}
'''

PYTHON = '''
import os
import sys

calls = 0


def main(params):
    global calls
    print('out', params.get('delimiter'))
    print('err', file=sys.stderr)
    if 'fail' in params:
        raise ValueError(params['fail'])
    if 'text' in params:
        return 'no dictionary'
    if 'exit' in params:
        os._exit(1)
    while 'loop' in params:
        pass
    calls += 1
    delimiter = params.get('delimiter')
    return {'params': params, 'calls': calls, 'winter': f'{delimiter} ☃ {delimiter}',
            'env': {name: value for name, value in os.environ.items()
                    if name.startswith('__OW_') or name == 'FROM_INIT'}}
'''

KINDS = {'nodejs': ('action.js', JAVASCRIPT), 'python': ('action.py', PYTHON)}


class Container:
    def __init__(self, *words):
        self.folder = tempfile.mkdtemp(prefix='fwrun-openwhisk-')
        self.home = os.path.join(self.folder, 'home')
        self.environment = {'PATH': '/usr/bin:/bin', 'HOME': self.folder, 'FWRUN_HOME': self.home}
        self.process = None
        self.words = words

    def start(self):
        words = [word or self.folder for word in self.words]
        self.err = open(os.path.join(self.folder, 'err'), 'w+')
        self.out = open(os.path.join(self.folder, 'out'), 'w+')
        self.process = subprocess.Popen([SERVER, self.home, *words], env=self.environment,
                                        stdin=subprocess.PIPE, stdout=self.out, stderr=self.err)
        deadline = time.monotonic() + 30
        while not (address := self.text(self.out)).endswith('\n'):
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f'no container: {self.text(self.err)}')
            time.sleep(0.01)
        self.first = len(address)
        self.connection = http.client.HTTPConnection(address.strip(), timeout=60)

    @staticmethod
    def text(file):
        with open(file.name) as again:
            return again.read()

    def post(self, path, body):
        text = body if isinstance(body, str) else json.dumps(body)
        self.connection.request('POST', path, text, {'Content-Type': 'application/json'})
        answer = self.connection.getresponse()
        return answer.status, json.loads(answer.read())

    def run(self, value, **context):
        return self.post('/run', {'value': value, **context})

    def output(self):
        """What was printed since the last time, (out, err)."""
        whole = self.text(self.out)[self.first:], self.text(self.err)
        before, self.seen = getattr(self, 'seen', (0, 0)), tuple(map(len, whole))
        return tuple(text[start:] for text, start in zip(whole, before))

    def install(self, name, kind):
        file, source = KINDS[kind]
        path = os.path.join(self.folder, file)
        with open(path, 'w') as out:
            out.write(source)
        done = subprocess.run([os.path.join(BIN, 'fwrun'), '--install', path, '--name', name,
                               '--timeout', '20'], env=self.environment, capture_output=True,
                              text=True, timeout=120)
        if done.returncode != 0:
            raise RuntimeError(done.stderr)

    def close(self):
        if self.process is not None:
            self.connection.close()
            self.process.stdin.close()
            try:
                self.process.wait(60)
            finally:
                self.process.kill()
                self.process.wait()
                self.out.close()
                self.err.close()
        shutil.rmtree(self.folder)


class Actions:
    """What holds for every container; `container` is initialised."""

    def test_a_result_has_what_was_asked_in_any_alphabet(self):
        status, result = self.container.run({'delimiter': '❄'})
        self.assertEqual(status, 200)
        self.assertEqual(result['winter'], '❄ ☃ ❄')
        self.assertEqual(result['params'], {'delimiter': '❄'})
        self.assertEqual(self.container.run({'large': 'x' * 2_000_000})[0], 200)

    def test_an_activation_finds_no_trace_of_another(self):
        counts = [self.container.run({})[1]['calls'] for _ in range(3)]
        self.assertEqual(len(set(counts)), 1)

    def test_the_activation_is_told_of_by_the_environment(self):
        context = {'namespace': 'guest', 'action_name': '/guest/a', 'action_version': '0.0.1',
                   'api_key': 'k:ü', 'activation_id': 'a1', 'transaction_id': 't1',
                   'deadline': str(int(time.time() * 1000) + 60_000)}
        status, result = self.container.run({}, **context)
        self.assertEqual(status, 200)
        environment = {name: value for name, value in result['env'].items() if name != 'FROM_INIT'}
        self.assertEqual(environment, {f'__OW_{name.upper()}': value
                                       for name, value in context.items()})
        self.assertEqual(self.container.run({}, activation_id='a2')[1]['env']['__OW_ACTIVATION_ID'],
                         'a2')

    def test_output_ends_with_sentinels_before_the_answer(self):
        self.container.output()
        self.container.run({'delimiter': 'd'})
        self.assertEqual(self.container.output(), ('out d\n' + SENTINEL, 'err\n' + SENTINEL))

    def test_an_action_that_throws_is_an_error(self):
        self.container.output()
        status, error = self.container.run({'fail': 'no luck'})
        self.assertEqual(status, 502)
        self.assertEqual(list(error), ['error'])
        self.assertRegex(error['error'], 'An error has occurred: (Range|Value)Error: no luck')
        out, err = self.container.output()
        self.assertTrue(out.endswith('\n' + SENTINEL), out)
        self.assertEqual(err, f"err\n{error['error']}\n{SENTINEL}")

    def test_a_result_that_is_no_object_is_an_error(self):
        self.assertEqual(
            self.container.run({'text': True}),
            (502, {'error': 'The action did not return a dictionary or array.'}))

    def test_an_action_that_ends_its_process_or_never_ends_is_an_error(self):
        self.assertEqual(self.container.run({'exit': True})[0], 502)
        soon = str(int(time.time() * 1000) + 300)
        status, error = self.container.run({'loop': True}, deadline=soon)
        self.assertEqual(status, 502)
        self.assertIn('timed out', error['error'])
        self.assertEqual(self.container.run({})[0], 200)

    def test_it_is_initialised_once(self):
        self.assertEqual(self.container.post('/init', {'value': {}}),
                         (403, {'error': 'Cannot initialize the action more than once.'}))
        self.assertEqual(self.container.run({})[0], 200)


class Installed(Actions):
    @classmethod
    def setUpClass(cls):
        cls.container = Container('action')
        cls.addClassCleanup(cls.container.close)
        cls.container.install('action', cls.kind)
        cls.container.start()
        assert cls.container.run({})[0] == 403
        assert cls.container.post('/init', {'value': {}}) == (200, {'ok': True})


class InstalledJavaScript(Installed, unittest.TestCase):
    kind = 'nodejs'


class InstalledPython(Installed, unittest.TestCase):
    kind = 'python'


class Brought(Actions):
    @classmethod
    def setUpClass(cls):
        cls.container = Container('-', cls.kind, None)
        cls.addClassCleanup(cls.container.close)
        cls.container.start()
        answer = cls.container.post('/init', {'value': {
            'name': 'guest/my.action', 'main': 'main', 'code': KINDS[cls.kind][1],
            'binary': False, 'env': {'FROM_INIT': 'yes'}}})
        assert answer == (200, {'ok': True}), answer

    def test_the_environment_of_init_is_there(self):
        self.assertEqual(self.container.run({})[1]['env']['FROM_INIT'], 'yes')


class BroughtJavaScript(Brought, unittest.TestCase):
    kind = 'nodejs'


class BroughtPython(Brought, unittest.TestCase):
    kind = 'python'


class BrokenCode(unittest.TestCase):
    def test_code_that_cannot_be_loaded_fails_the_initialisation(self):
        for kind, code in (('nodejs', 'function main( {'), ('python', 'def main(:')):
            with self.subTest(kind):
                container = Container('-', kind, None)
                self.addCleanup(container.close)
                container.start()
                status, error = container.post('/init', {'value': {'main': 'main', 'code': code}})
                self.assertEqual(status, 502)
                self.assertIn('Initialization has failed', error['error'])
                self.assertIn('SyntaxError', error['error'])
                self.assertEqual(container.run({})[0], 403)
                out, err = container.output()
                self.assertEqual(out, SENTINEL)
                self.assertIn('SyntaxError', err.partition(SENTINEL)[0])


if __name__ == '__main__':
    unittest.main()
