'use strict';

// Requests as events: the payload format 2.0 of AWS's HTTP APIs and function URLs. For
// people there is a shorter form, which is filled up to that one:
//
//   {"method": "POST", "path": "/x?a=1", "query": {"b": "2"}, "headers": {}, "body": {}}

const kShort = ['method', 'path', 'query', 'headers', 'body', 'isBase64Encoded'];

class BadRequestEvent extends Error {
  constructor(message) {
    super(message);
    this.name = 'Runtime.BadRequestEvent';
  }
}

const is_object = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

// An event in the long form, from either.
function complete(event) {
  if (!is_object(event)) {
    throw new BadRequestEvent('the event of an HTTP function must be an object: {"method": "GET", ' +
                              '"path": "/"}, or a request in the payload format 2.0');
  }
  if (event.version === '2.0' || event.requestContext !== undefined) return event;
  const unknown = Object.keys(event).find((key) => !kShort.includes(key));
  if (unknown !== undefined) {
    throw new BadRequestEvent(`the event of an HTTP function has no field "${unknown}": give ` +
                              `${kShort.join(', ')}, or a request in the payload format 2.0`);
  }
  return long_form(event);
}

function long_form(event) {
  const headers = { host: 'localhost' };
  for (const [name, value] of Object.entries(event.headers ?? {})) {
    headers[name.toLowerCase()] = String(value);
  }
  let { body } = event;
  if (body !== undefined && body !== null && typeof body !== 'string') {
    body = JSON.stringify(body);
    headers['content-type'] ??= 'application/json';
  }
  const [path, in_path = ''] = split_once(String(event.path ?? '/'), '?');
  const query = [in_path, query_text(event.query)].filter((text) => text !== '').join('&');
  const cookies = headers.cookie?.split('; ');
  delete headers.cookie;
  const method = event.method ?? (body ? 'POST' : 'GET');
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path.startsWith('/') ? path : `/${path}`,
    rawQueryString: query,
    ...(cookies ? { cookies } : {}),
    headers,
    ...(query ? { queryStringParameters: Object.fromEntries(new URLSearchParams(query)) } : {}),
    requestContext: {
      http: {
        method: String(method).toUpperCase(),
        path,
        protocol: 'HTTP/1.1',
        sourceIp: '127.0.0.1',
        userAgent: headers['user-agent'] ?? '',
      },
    },
    ...(body ? { body } : {}),
    isBase64Encoded: event.isBase64Encoded === true,
  };
}

function split_once(text, separator) {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + separator.length)];
}

// A string, or names with a value or a list of values.
function query_text(query) {
  if (query === undefined || query === null) return '';
  if (typeof query === 'string') return query.replace(/^\?/, '');
  const pairs = new URLSearchParams();
  for (const [name, values] of Object.entries(query)) {
    for (const value of [values].flat()) pairs.append(name, value);
  }
  return pairs.toString();
}

module.exports = { complete };
