'use strict';

// The request of an HTTP function: node's own IncomingMessage, without a connection,
// and what express adds to it and functions have come to expect.
//
// Express gives requests that it is handed a prototype of its own, so what makes ours
// work is kept in the object itself.

const { IncomingMessage } = require('http');
const querystring = require('querystring');

const kBody = Symbol('body');

// In place of a socket: nothing of it leads anywhere.
const kConnection = {
  readable: false,
  writable: true,
  destroyed: false,
  encrypted: false,
  setTimeout() { return this; },
  setNoDelay() { return this; },
  setKeepAlive() { return this; },
  ref() { return this; },
  unref() { return this; },
  destroy() { return this; },
  on() { return this; },
  once() { return this; },
  removeListener() { return this; },
};

// Hands the body out when somebody reads.
function read() {
  const body = this[kBody];
  if (body === null) return;
  this[kBody] = null;
  if (body.length > 0) this.push(body);
  this.push(null);
}

function destroy(error, callback) {
  process.nextTick(callback, error);
}

class Request extends IncomingMessage {
  // `event`: in the payload format 2.0. Throws when its body cannot be what its type
  // says: BadBody.
  constructor(event) {
    const { http = {} } = event.requestContext ?? {};
    super({ ...kConnection, remoteAddress: http.sourceIp });
    this._read = read;
    this._destroy = destroy;
    this.httpVersionMajor = 1;
    this.httpVersionMinor = 1;
    this.httpVersion = '1.1';
    this.complete = true;
    this.method = http.method ?? 'GET';
    this.set_headers_(event);
    const { rawPath = '/', rawQueryString = '' } = event;
    this.url = rawQueryString === '' ? rawPath : `${rawPath}?${rawQueryString}`;
    this.originalUrl = this.url;
    this.baseUrl = '';
    this.params = { 0: rawPath.slice(1) };
    this.query = { ...querystring.parse(rawQueryString) };
    this.rawBody = body_bytes(event);
    this[kBody] = this.rawBody;
    this.body = parsed_body(this);
  }

  set_headers_({ headers = {}, cookies }) {
    for (const name of Object.keys(headers)) this.rawHeaders.push(name, String(headers[name]));
    if (cookies?.length > 0) this.rawHeaders.push('cookie', cookies.join('; '));
    const parsed = {};
    for (let i = 0; i < this.rawHeaders.length; i += 2) {
      this._addHeaderLine(this.rawHeaders[i], this.rawHeaders[i + 1], parsed);
    }
    this.headers = parsed;
  }

  get path() {
    const end = this.url.indexOf('?');
    return end < 0 ? this.url : this.url.slice(0, end);
  }

  get ip() { return this.socket.remoteAddress; }
  get ips() { return []; }
  get protocol() { return this.headers['x-forwarded-proto'] ?? 'http'; }
  get secure() { return this.protocol === 'https'; }
  get hostname() { return (this.headers.host ?? '').replace(/:\d*$/, ''); }
  get xhr() { return (this.headers['x-requested-with'] ?? '').toLowerCase() === 'xmlhttprequest'; }

  get(name) {
    const key = name.toLowerCase();
    if (key === 'referer' || key === 'referrer') return this.headers.referrer ?? this.headers.referer;
    return this.headers[key];
  }

  header(name) { return this.get(name); }

  // The type asked for if the body has it, else false.
  is(...types) {
    const own = media_type(this);
    const matches = (type) => {
      if (!type.includes('/')) return own.endsWith(`/${type}`) || own.endsWith(`+${type}`);
      return type.endsWith('/*') ? own.startsWith(type.slice(0, -1)) : own === type;
    };
    return own !== '' && (types.flat().find(matches) ?? false);
  }
}

class BadBody extends Error {}

function body_bytes({ body, isBase64Encoded }) {
  if (body === undefined || body === null) return Buffer.alloc(0);
  return Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
}

const media_type = (request) =>
    (request.headers['content-type'] ?? '').split(';', 1)[0].trim().toLowerCase();

// As functions-framework has it parsed: by the type it is said to have.
function parsed_body(request) {
  const { rawBody } = request;
  if (rawBody.length === 0) return {};
  const type = media_type(request);
  if (type === 'application/json' || type.endsWith('+json')) {
    try {
      return JSON.parse(rawBody.toString());
    } catch (error) {
      throw new BadBody(`the body is not JSON: ${error.message}`);
    }
  }
  if (type === 'application/x-www-form-urlencoded') {
    return { ...querystring.parse(rawBody.toString()) };
  }
  return type.startsWith('text/') ? rawBody.toString() : rawBody;
}

module.exports = { BadBody, Request };
