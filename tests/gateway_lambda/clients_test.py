# Debian's own clients of AWS Lambda, unchanged, against a daemon.
import base64
import json
import os
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import boto3  # noqa: E402
from botocore.config import Config  # noqa: E402
from botocore.exceptions import ClientError  # noqa: E402

from daemon import Daemon  # noqa: E402
from functions import FUNCTIONS  # noqa: E402

LANGUAGES = ('js', 'py')
LIMIT = 6 << 20
TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'


def setUpModule():
    global daemon, client
    daemon = Daemon(FUNCTIONS, ['--serve', '127.0.0.1:0'])
    unittest.addModuleCleanup(daemon.close)
    credentials = {'AWS_ACCESS_KEY_ID': 'none', 'AWS_SECRET_ACCESS_KEY': 'none',
                   'AWS_DEFAULT_REGION': 'us-east-1', 'AWS_EC2_METADATA_DISABLED': 'true',
                   'AWS_CONFIG_FILE': os.path.join(daemon.folder, 'config'),
                   'AWS_SHARED_CREDENTIALS_FILE': os.path.join(daemon.folder, 'credentials')}
    daemon.environment.update(credentials)
    os.environ.update(credentials)
    client = boto3.session.Session().client(
        'lambda', endpoint_url=daemon.address,
        config=Config(retries={'total_max_attempts': 1}, proxies={}))
    unittest.addModuleCleanup(client.close)


def invoke(name, event=None, **options):
    if event is not None:
        options['Payload'] = json.dumps(event)
    answer = client.invoke(FunctionName=name, **options)
    payload = answer['Payload'].read()
    answer['Payload'].close()
    return answer, json.loads(payload) if payload else None


class Boto3(unittest.TestCase):
    def test_a_call_gives_the_result_and_who_served_it(self):
        for name in LANGUAGES:
            answer, result = invoke(name, {'a': [1, 'ü']})
            self.assertEqual(answer['StatusCode'], 200)
            self.assertEqual(answer['ExecutedVersion'], '1')
            self.assertNotIn('FunctionError', answer)
            self.assertEqual(result['event'], {'a': [1, 'ü']})
            self.assertEqual(result['id'], answer['ResponseMetadata']['RequestId'])
            self.assertIsNone(result['client'])
            self.assertIsNone(result['trace_id'])
            self.assertIsNone(result['traceparent'])

    def test_a_call_without_a_payload_has_an_empty_event(self):
        self.assertEqual(invoke('js')[1]['event'], {})

    def test_an_error_of_the_function_is_its_languages(self):
        for name, trace in (('js', 'trace'), ('py', 'stackTrace')):
            answer, error = invoke(name, {'fail': 'no such luck'})
            self.assertEqual(answer['StatusCode'], 200)
            self.assertEqual(answer['FunctionError'], 'Unhandled')
            self.assertEqual(error['errorType'], 'TypeError')
            self.assertEqual(error['errorMessage'], 'no such luck')
            self.assertIn('handler', ''.join(error[trace]))

    def test_a_timeout_is_told_as_lambda_tells_it(self):
        for name in LANGUAGES:
            answer, error = invoke(name, {'sleep': 30_000})
            self.assertEqual(answer['FunctionError'], 'Unhandled')
            request_id = answer['ResponseMetadata']['RequestId']
            self.assertEqual(error, {
                'errorType': 'Sandbox.Timedout',
                'errorMessage': f'RequestId: {request_id} Error: Task timed out after 1.00 seconds'})

    def test_a_process_that_ends_is_an_error_of_the_function(self):
        for name in LANGUAGES:
            answer, error = invoke(name, {'exit': 3})
            self.assertEqual(answer['FunctionError'], 'Unhandled')
            self.assertEqual(error['errorType'], 'Runtime.ExitError')
            self.assertTrue(error['errorMessage'].startswith('RequestId: '), error)
            self.assertIn('exit', error['errorMessage'])

    def test_the_end_of_the_log_is_there_when_asked_for(self):
        for name in LANGUAGES:
            answer, _ = invoke(name, {'print': 'a line'}, LogType='Tail')
            log = base64.b64decode(answer['LogResult']).decode()
            request_id = answer['ResponseMetadata']['RequestId']
            self.assertTrue(log.startswith(f'START RequestId: {request_id} Version: 1\na line\n'))
            self.assertIn(f'\nEND RequestId: {request_id}\nREPORT RequestId: {request_id}\t', log)
            self.assertRegex(log, r'\tRestore Duration: [0-9.]+ ms\tTier: (hot|fork|warm|cold)')
            long, _ = invoke(name, {'print': 'ü' * 10_000}, LogType='Tail')
            self.assertLessEqual(len(base64.b64decode(long['LogResult'])), 4096)

    def test_the_client_context_reaches_the_function(self):
        given = {'custom': {'a': 1}, 'env': {'b': '2'}, 'client': {'app_title': 'an app'}}
        encoded = base64.b64encode(json.dumps(given).encode()).decode()
        self.assertEqual(invoke('js', {}, ClientContext=encoded)[1]['client'], given)
        self.assertEqual(invoke('py', {}, ClientContext=encoded)[1]['client'],
                         {**given, 'client': 'an app'})
        for name in LANGUAGES:  # and not the next one
            self.assertIsNone(invoke(name, {})[1]['client'])
        with self.assertRaises(client.exceptions.InvalidRequestContentException):
            invoke('js', {}, ClientContext='no base64')

    def test_a_trace_reaches_the_function(self):
        def add_headers(request, **_):
            request.headers['X-Amzn-Trace-Id'] = 'Root=1-2-3'
            request.headers['traceparent'] = TRACEPARENT
            request.headers['tracestate'] = 'a=b'
        events = client.meta.events
        events.register('before-sign.lambda.Invoke', add_headers)
        try:
            results = [invoke(name, {})[1] for name in LANGUAGES]
        finally:
            events.unregister('before-sign.lambda.Invoke', add_headers)
        results_after = [invoke(name, {})[1] for name in LANGUAGES]
        for result in results:
            self.assertEqual(result['trace_id'], 'Root=1-2-3')
            self.assertEqual(result['traceparent'], TRACEPARENT)
            self.assertEqual(result['tracestate'], 'a=b')
        for result in results_after:
            self.assertIsNone(result['trace_id'])
            self.assertIsNone(result['traceparent'])

    def test_an_event_is_accepted_and_a_dry_run_runs_nothing(self):
        answer, nothing = invoke('js', {'a': 1}, InvocationType='Event')
        self.assertEqual((answer['StatusCode'], nothing), (202, None))
        answer, nothing = invoke('js', {'a': 1}, InvocationType='DryRun')
        self.assertEqual((answer['StatusCode'], nothing), (204, None))
        with self.assertRaises(client.exceptions.RequestTooLargeException):
            invoke('js', 'x' * (256 << 10), InvocationType='Event')

    def test_an_unknown_function_is_the_clients_own_exception(self):
        for kind in ('RequestResponse', 'Event', 'DryRun'):
            with self.assertRaises(client.exceptions.ResourceNotFoundException) as caught:
                invoke('nobody', {}, InvocationType=kind)
            self.assertIn('Function not found: arn:aws:lambda:',
                          caught.exception.response['Error']['Message'])
        with self.assertRaises(client.exceptions.ResourceNotFoundException):
            invoke('js', {}, Qualifier='99')
        with self.assertRaises(client.exceptions.ResourceNotFoundException):
            client.get_function(FunctionName='nobody')

    def test_functions_are_named_by_arns_and_qualifiers_too(self):
        for name in ('js:1', 'js:$LATEST', 'function:js', '123456789012:function:js:1',
                     'arn:aws:lambda:us-east-1:123456789012:function:js'):
            self.assertEqual(invoke(name, {'a': 1})[1]['event'], {'a': 1})
        self.assertEqual(invoke('js', {'a': 1}, Qualifier='$LATEST')[1]['event'], {'a': 1})

    def test_a_payload_that_is_no_json_is_refused(self):
        for bad in (b'{', b'hello', b'{"a": NaN}'):
            with self.assertRaises(client.exceptions.InvalidRequestContentException):
                client.invoke(FunctionName='py', Payload=bad)

    def test_payloads_may_have_six_megabytes_and_no_more(self):
        def payload(size):
            return b'{"count":"' + b'x' * (size - 12) + b'"}'
        for name in LANGUAGES:
            answer = client.invoke(FunctionName=name, Payload=payload(LIMIT))
            self.assertEqual(answer['Payload'].read(), str(LIMIT - 12).encode())
        with self.assertRaises(client.exceptions.RequestTooLargeException):
            client.invoke(FunctionName='js', Payload=payload(LIMIT + 1))

    def test_results_may_have_six_megabytes_and_no_more(self):
        for name in LANGUAGES:
            self.assertEqual(len(invoke(name, {'big': LIMIT - 2})[1]), LIMIT - 2)
            answer, error = invoke(name, {'big': LIMIT + 1000})
            self.assertEqual(answer['FunctionError'], 'Unhandled')
            self.assertEqual(error['errorType'], 'Function.ResponseSizeTooLarge')

    def test_functions_are_listed_and_described(self):
        pages = client.get_paginator('list_functions').paginate(PaginationConfig={'PageSize': 1})
        found = [function for page in pages for function in page['Functions']]
        self.assertEqual([function['FunctionName'] for function in found], ['js', 'py'])
        self.assertEqual([function['Runtime'] for function in found], ['nodejs18.x', 'python3.11'])
        described = client.get_function(FunctionName='py')
        self.assertEqual(described['Configuration'], {**found[1]})
        configuration = client.get_function_configuration(FunctionName='js')
        self.assertEqual(configuration['Timeout'], 1)
        self.assertEqual(configuration['State'], 'Active')

    def test_the_clients_waiters_are_content(self):
        client.get_waiter('function_active').wait(FunctionName='js')
        client.get_waiter('function_updated').wait(FunctionName='js')
        client.get_waiter('function_exists').wait(FunctionName='js')


class Throttled(unittest.TestCase):
    def test_a_function_at_its_limit_is_the_clients_own_exception(self):
        # Of its own: clones that were parked before a limit was lowered go on serving.
        daemon.install('one', *FUNCTIONS['js'])
        self.addCleanup(daemon.command, '--remove', 'one')
        daemon.command('--configure', 'one', '--max-clones', '1', '--max-queue', '0')
        refused = self.race()
        self.assertTrue(refused)
        for error in refused:
            self.assertIsInstance(error, client.exceptions.TooManyRequestsException)
            self.assertEqual(error.response['Reason'], 'ConcurrentInvocationLimitExceeded')
            self.assertEqual(error.response['ResponseMetadata']['HTTPHeaders']['retry-after'], '1')

    def race(self):
        """The errors of calls that were made at once, until there is one."""
        from concurrent.futures import ThreadPoolExecutor

        def call(_):
            try:
                invoke('one', {'sleep': 300})
            except ClientError as error:
                return error
            return None
        with ThreadPoolExecutor(8) as threads:
            for _ in range(10):
                refused = [error for error in threads.map(call, range(8)) if error]
                if refused:
                    return refused
        return []


class CommandLine(unittest.TestCase):
    def aws(self, *words):
        # Isolated as fwrun's own tests are: no variable of this user's.
        return subprocess.run(['/usr/bin/aws', '--endpoint-url', daemon.address, 'lambda', *words],
                              env=daemon.environment, capture_output=True, text=True, timeout=60)

    def test_a_function_is_invoked_with_its_log(self):
        out = os.path.join(daemon.folder, 'out.json')
        done = self.aws('invoke', '--function-name', 'py', '--log-type', 'Tail',
                        '--cli-binary-format', 'raw-in-base64-out', '--payload',
                        '{"print": "from aws", "a": 1}', out)
        self.assertEqual(done.returncode, 0, done.stderr)
        told = json.loads(done.stdout)
        self.assertEqual(told['StatusCode'], 200)
        self.assertIn('from aws', base64.b64decode(told['LogResult']).decode())
        with open(out) as result:
            self.assertEqual(json.load(result)['event']['a'], 1)

    def test_an_unknown_function_fails_by_name(self):
        done = self.aws('invoke', '--function-name', 'nobody', '/dev/null')
        self.assertNotEqual(done.returncode, 0)
        self.assertIn('(ResourceNotFoundException) when calling the Invoke operation: Function not '
                      'found: arn:aws:lambda:', done.stderr)

    def test_functions_are_listed(self):
        done = self.aws('list-functions', '--query', 'Functions[].FunctionName', '--output', 'text')
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.split(), ['js', 'py'])


if __name__ == '__main__':
    unittest.main()
