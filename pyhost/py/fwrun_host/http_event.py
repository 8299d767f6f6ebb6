# Requests as events: the payload format 2.0 of AWS's HTTP APIs and function URLs. For
# people there is a shorter form, which is filled up to that one:
#
#   {"method": "POST", "path": "/x?a=1", "query": {"b": "2"}, "headers": {}, "body": {}}
import json

SHORT = ('method', 'path', 'query', 'headers', 'body', 'isBase64Encoded')


class BadRequestEvent(Exception):
    fwrun_type = 'Runtime.BadRequestEvent'


def complete(event):
    """An event in the long form, from either."""
    if not isinstance(event, dict):
        raise BadRequestEvent('the event of an HTTP function must be an object: {"method": "GET", '
                              '"path": "/"}, or a request in the payload format 2.0')
    if event.get('version') == '2.0' or 'requestContext' in event:
        return event
    for key in event:
        if key not in SHORT:
            raise BadRequestEvent(f'the event of an HTTP function has no field "{key}": give '
                                  f'{", ".join(SHORT)}, or a request in the payload format 2.0')
    return long_form(event)


def long_form(event):
    from urllib.parse import parse_qsl
    headers = {'host': 'localhost'}
    for name, value in (event.get('headers') or {}).items():
        headers[name.lower()] = str(value)
    body = event.get('body')
    if body is not None and not isinstance(body, str):
        body = json.dumps(body)
        headers.setdefault('content-type', 'application/json')
    path, _, query = str(event.get('path') or '/').partition('?')
    query = '&'.join(text for text in (query, query_text(event.get('query'))) if text)
    method = event.get('method') or ('POST' if body else 'GET')
    cookies = headers.pop('cookie', None)
    long = {
        'version': '2.0',
        'routeKey': '$default',
        'rawPath': path if path.startswith('/') else '/' + path,
        'rawQueryString': query,
        'headers': headers,
        'requestContext': {'http': {
            'method': str(method).upper(),
            'path': path,
            'protocol': 'HTTP/1.1',
            'sourceIp': '127.0.0.1',
            'userAgent': headers.get('user-agent', ''),
        }},
        'isBase64Encoded': event.get('isBase64Encoded') is True,
    }
    if cookies:
        long['cookies'] = cookies.split('; ')
    if query:
        long['queryStringParameters'] = dict(parse_qsl(query, keep_blank_values=True))
    if body:
        long['body'] = body
    return long


def query_text(query):
    """Of a string, or of names with a value or a list of values."""
    from urllib.parse import urlencode
    if not query:
        return ''
    return query.removeprefix('?') if isinstance(query, str) else urlencode(query, doseq=True)
