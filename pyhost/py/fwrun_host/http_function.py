# HTTP functions: handlers of a flask.Request instead of (event, context), as
# functions-framework has them. An event in the payload format 2.0 becomes a request, the
# response becomes the result.
#
# Loaded for such functions only, as is flask, which is the user's or the distribution's.
import base64
import inspect
import io
import sys
from urllib.parse import unquote_to_bytes

from . import async_loop
from .errors import InstallError
from .http_event import complete


class HttpFunction:
    """What calls such a handler. One call at a time."""

    def __init__(self, handler, module, entry):
        self.handler = handler
        self.app = make_app(module, handler, entry)
        self.app.view_functions['run'] = self.view
        self.context = None

    def serve(self, event):
        """The result for an event."""
        self.context = self.app.request_context(environ_of(complete(event)))
        self.context.push()
        try:
            return answer_of(self.app.full_dispatch_request(), self.context.request)
        finally:
            self.context.pop()

    def view(self, path):
        value = self.handler.function(self.context.request)
        return async_loop.run(value) if inspect.iscoroutine(value) else value

    def parameters(self):
        """The handler's, of the call under way."""
        return (self.context.request,)

    def renew(self, event):
        """The call under way goes on with another request: flask.request, too."""
        context = self.context
        context.request = self.app.request_class(environ_of(complete(event)))
        context.url_adapter = self.app.create_url_adapter(context.request)
        context.match_request()


def make_app(module, handler, entry):
    try:
        import flask
        from werkzeug.routing import Rule
    except ModuleNotFoundError as error:
        raise InstallError(
            'Load.MissingModule',
            f'{handler.name} of {entry} takes HTTP requests, which are of the package flask, but '
            f'the module {error.name} is not there: install python3-flask, or flask into the '
            "function's site-packages", at={'file': entry, 'line': 1, 'column': 1}) from None
    app = flask.Flask(module.__name__, static_folder=None)
    # For all methods, unlike app.add_url_rule().
    app.url_map.add(Rule('/', defaults={'path': ''}, endpoint='run'))
    app.url_map.add(Rule('/<path:path>', endpoint='run'))
    return app


def environ_of(event):
    """The request as WSGI has it (PEP 3333)."""
    http = event.get('requestContext', {}).get('http', {})
    headers = event.get('headers') or {}
    path = event.get('rawPath', '/')
    query = event.get('rawQueryString', '')
    body = event.get('body') or ''
    body = base64.b64decode(body) if event.get('isBase64Encoded') else body.encode()
    host, _, port = headers.get('host', 'localhost').partition(':')
    scheme = headers.get('x-forwarded-proto', 'http')
    environ = {
        'REQUEST_METHOD': http.get('method', 'GET'),
        'SCRIPT_NAME': '',
        'PATH_INFO': unquote_to_bytes(path).decode('latin-1'),
        'QUERY_STRING': query,
        'REQUEST_URI': f'{path}?{query}' if query else path,
        'SERVER_NAME': host,
        'SERVER_PORT': port or ('443' if scheme == 'https' else '80'),
        'SERVER_PROTOCOL': http.get('protocol', 'HTTP/1.1'),
        'REMOTE_ADDR': http.get('sourceIp', ''),
        'CONTENT_LENGTH': str(len(body)),
        'wsgi.version': (1, 0),
        'wsgi.url_scheme': scheme,
        'wsgi.input': io.BytesIO(body),
        'wsgi.errors': sys.stderr,
        'wsgi.multithread': False,
        'wsgi.multiprocess': False,
        'wsgi.run_once': False,
    }
    for name, value in headers.items():
        key = name.upper().replace('-', '_')
        if key == 'CONTENT_TYPE':
            environ[key] = str(value)
        elif key != 'CONTENT_LENGTH':
            environ['HTTP_' + key] = str(value)
    if event.get('cookies'):
        environ['HTTP_COOKIE'] = '; '.join(event['cookies'])
    return environ


def answer_of(response, request):
    """In the payload format 2.0."""
    response.direct_passthrough = False
    status = response.status_code
    empty = request.method == 'HEAD' or status in (204, 304)
    body = b'' if empty else response.get_data()
    response.close()
    headers = {'content-type': ''}  # nothing is guessed where the function says nothing
    cookies = []
    for name, value in response.headers.items():
        key = name.lower()
        if key == 'set-cookie':
            cookies.append(value)
        else:
            headers[key] = f'{headers[key]}, {value}' if headers.get(key) else value
    try:
        text, encoded = body.decode(), False
    except UnicodeDecodeError:
        text, encoded = base64.b64encode(body).decode(), True
    return {'statusCode': status, 'headers': headers, 'cookies': cookies, 'body': text,
            'isBase64Encoded': encoded}
