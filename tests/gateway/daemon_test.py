# The routes of functions on a real daemon: install, invoke, replace, remove, drain.
import http.client
import json
import os
import sys
import threading
import unittest

sys.dont_write_bytecode = True
HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'gateway_lambda'))

from daemon import Daemon  # noqa: E402

TOKEN = 'a token of some length'
JAVASCRIPT = '''
let calls = 0;
exports.handler = async (event, context) => {
  if (event.fail) throw new TypeError(event.fail);
  if (event.exit) process.exit(3);
  if (event.wait) await new Promise((done) => setTimeout(done, event.wait));
  return { answer: VERSION, calls: ++calls, event };
};
exports.warmup = [{}, { a: 1 }];
'''
PYTHON = '''
def handler(event, context):
    return {"language": "python", "event": event}
warmup = [{}, {"a": 1}]
'''


def javascript(version):
    return JAVASCRIPT.replace('VERSION', str(version))


class DaemonWithToken(Daemon):
    def __init__(self):
        super().__init__({}, ['--serve', '127.0.0.1:0'])

    def start(self, words):
        file = os.path.join(self.folder, 'token')
        with open(file, 'w') as out:
            out.write(TOKEN + '\n')
        os.chmod(file, 0o600)
        super().start(words + ['--admin-token-file', file])


class Served(unittest.TestCase):
    def setUp(self):
        self.daemon = DaemonWithToken()
        self.addCleanup(self.end)

    def end(self):
        if self.daemon:
            self.assertEqual(self.daemon.close(), 0)

    def ask(self, method, path, body=None, headers=()):
        connection = http.client.HTTPConnection(self.daemon.address.split('//')[1], timeout=60)
        try:
            connection.request(method, path, body, dict(headers))
            answer = connection.getresponse()
            text = answer.read()
            return answer.status, json.loads(text), answer.headers
        finally:
            connection.close()

    def upload(self, name, source, kind='text/javascript', query=''):
        return self.ask('PUT', f'/functions/{name}{query}', source,
                        {'Authorization': f'Bearer {TOKEN}', 'Content-Type': kind})

    def invoke(self, name, event):
        return self.ask('POST', f'/invoke/{name}', json.dumps(event))

    def sources(self, name):
        folder = os.path.join(self.daemon.environment['FWRUN_HOME'], 'sources', name)
        return os.listdir(folder) if os.path.exists(folder) else []

    def test_what_was_uploaded_is_served_in_both_languages(self):
        status, answer, _ = self.upload('js', javascript(1))
        self.assertEqual(status, 201, answer)
        self.assertEqual(answer['installed']['version'], 1)
        self.assertEqual(self.upload('py', PYTHON, 'text/x-python')[0], 201)
        trained = self.invoke('js', {})[1]['calls']
        for _ in range(3):  # each in a process that is as after its training
            status, answer, headers = self.invoke('js', {'ü': [1]})
            self.assertEqual((status, answer),
                             (200, {'answer': 1, 'calls': trained, 'event': {'ü': [1]}}))
            self.assertIn(headers['X-Fwrun-Tier'], ('hot', 'fork', 'warm', 'cold'))
            self.assertEqual(headers['X-Fwrun-Version'], '1')
        self.assertEqual(self.invoke('py', {'a': 2})[1], {'language': 'python', 'event': {'a': 2}})

        status, answer, _ = self.invoke('js', {'fail': 'no luck'})
        self.assertEqual(status, 500)
        self.assertEqual((answer['errorType'], answer['errorMessage']), ('TypeError', 'no luck'))
        self.assertEqual(self.invoke('js', {'exit': True})[0], 500)
        self.assertEqual(self.invoke('js', {})[0], 200)
        self.assertEqual(self.invoke('jss', {})[0], 404)

        listed = self.ask('GET', '/functions')[1]['functions']
        self.assertEqual([one['name'] for one in listed], ['js', 'py'])
        counted = listed[0]['stats']
        self.assertEqual(counted['errors'] + counted['crashes'], 2)

        status, answer, _ = self.ask('DELETE', '/functions/js',
                                     headers={'Authorization': f'Bearer {TOKEN}'})
        self.assertEqual(status, 200, answer)
        self.assertEqual(self.sources('js'), [])
        self.assertEqual(self.invoke('js', {})[0], 404)

    def test_a_function_that_takes_too_long_is_told_as_lambda_tells_it(self):
        self.assertEqual(self.upload('js', javascript(1), query='?timeout_ms=300')[0], 201)
        status, answer, headers = self.invoke('js', {'wait': 60_000})
        self.assertEqual(status, 504)
        self.assertEqual(answer['errorType'], 'Sandbox.Timedout')
        self.assertIn('Task timed out after 0.30 seconds', answer['errorMessage'])
        self.assertEqual(headers['X-Fwrun-Error'], 'function')

    def test_a_version_is_replaced_without_a_failed_request(self):
        self.assertEqual(self.upload('js', javascript(1))[0], 201)
        answers, stop = [], threading.Event()

        def call_always():
            while not stop.is_set():
                status, answer, headers = self.invoke('js', {})
                answers.append((status, answer.get('answer'), headers['X-Fwrun-Version']))

        caller = threading.Thread(target=call_always)
        caller.start()
        try:
            for version in (2, 3):
                self.assertEqual(self.upload('js', javascript(version))[0], 201)
            status, answer, _ = self.upload('js', 'exports.handler = (')
            self.assertEqual(status, 422)
            self.assertEqual(answer['detail']['errorType'], 'Load.SyntaxError')
        finally:
            stop.set()
            caller.join()
        self.assertEqual({status for status, _, _ in answers}, {200})
        for _, answer, version in answers:
            self.assertEqual(str(answer), version)
        self.assertEqual(self.invoke('js', {})[1]['answer'], 3)
        # Of the current version and the one before.
        self.assertEqual(len(self.sources('js')), 2)

    def test_a_function_is_installed_once_at_a_time(self):
        answers = []
        callers = [threading.Thread(target=lambda: answers.append(self.upload('js', javascript(1))))
                   for _ in range(3)]
        for caller in callers:
            caller.start()
        for caller in callers:
            caller.join()
        statuses = sorted(status for status, _, _ in answers)
        self.assertEqual(statuses[0], 201)
        self.assertLessEqual(set(statuses), {201, 409})
        self.assertIn(409, statuses)

    def test_the_command_line_goes_through_the_daemon(self):
        self.assertEqual(self.upload('js', javascript(1))[0], 201)
        for _ in range(2):
            printed = json.loads(self.daemon.command('--json', '--invoke', 'js', '--args', '{"a":1}'))
        self.assertEqual(printed['result']['event'], {'a': 1})
        self.assertIn(printed['tier'], ('hot', 'fork'))  # not a process of its own
        self.assertIn('total', printed['timing_us'])

    def test_what_is_under_way_is_answered_before_the_end(self):
        self.assertEqual(self.upload('js', javascript(1), query='?timeout_ms=20000')[0], 201)
        answers = []
        caller = threading.Thread(target=lambda: answers.append(self.invoke('js', {'wait': 1000})))
        caller.start()
        while self.ask('GET', '/functions/js')[1]['stats']['running'] == 0:
            pass
        daemon, self.daemon = self.daemon, None
        self.assertEqual(daemon.close(), 0)
        caller.join()
        status, answer, headers = answers[0]
        self.assertEqual((status, answer['answer']), (200, 1))
        self.assertEqual(headers['Connection'], 'close')

if __name__ == '__main__':
    unittest.main()
