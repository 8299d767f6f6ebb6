'use strict';

// The response of an HTTP function: node's own ServerResponse, whose output is
// collected instead of sent, and what express adds to it. It becomes an answer in the
// payload format 2.0.
//
// Express gives responses that it is handed a prototype of its own, so what makes ours
// work is kept in the object itself.

const { isUtf8 } = require('buffer');
const { ServerResponse, STATUS_CODES } = require('http');
const cookie = require('./http_cookie.js');

const kChunks = Symbol('chunks');
const kAnswer = Symbol('answer');

const kTypes = {
  bin: 'application/octet-stream',
  css: 'text/css; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  form: 'application/x-www-form-urlencoded',
  gif: 'image/gif',
  htm: 'text/html; charset=utf-8',
  html: 'text/html; charset=utf-8',
  jpeg: 'image/jpeg',
  jpg: 'image/jpeg',
  js: 'application/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  md: 'text/markdown; charset=utf-8',
  pdf: 'application/pdf',
  png: 'image/png',
  svg: 'image/svg+xml',
  text: 'text/plain; charset=utf-8',
  txt: 'text/plain; charset=utf-8',
  webp: 'image/webp',
  xml: 'application/xml',
};

// In place of the text of the head. What was given to writeHead() alone is not among
// the headers yet.
function store_header(first_line, headers) {
  if (headers && this.getHeaderNames().length === 0) {
    for (const [name, value] of pairs_of(headers)) this.setHeader(name, value);
  }
  this._header = first_line;
  this.chunkedEncoding = false;
}

// writeHead() takes an object, a flat list, or a list of pairs.
function pairs_of(headers) {
  if (!Array.isArray(headers)) return Object.entries(headers);
  if (Array.isArray(headers[0])) return headers;
  const pairs = [];
  for (let i = 0; i < headers.length; i += 2) pairs.push([headers[i], headers[i + 1]]);
  return pairs;
}

function collect(data, encoding, callback) {
  this._headerSent = true;
  const bytes = typeof data === 'string' ? Buffer.from(data, encoding) : data;
  if (bytes.length > 0) this[kChunks].push(bytes);
  if (callback) process.nextTick(callback);
  return true;
}

function end(chunk, encoding, callback) {
  const before = this.finished;
  ServerResponse.prototype.end.call(this, chunk, encoding, callback);
  // After those who wait for 'finish'.
  if (!before && this.finished) process.nextTick(close, this);
  return this;
}

function close(response) {
  response.destroyed = true;
  response._closed = true;
  response.emit('close');
  response[kAnswer](answer_of(response));
}

function answer_of(response) {
  const headers = {};
  let cookies = [];
  for (const name of response.getHeaderNames()) {
    const value = response.getHeader(name);
    if (name === 'set-cookie') cookies = [value].flat();
    else headers[name] = Array.isArray(value) ? value.join(', ') : String(value);
  }
  // Nothing is guessed where the function says nothing.
  headers['content-type'] ??= '';
  const bytes = Buffer.concat(response[kChunks]);
  const is_text = isUtf8(bytes);
  return {
    statusCode: response.statusCode,
    headers,
    cookies,
    body: bytes.toString(is_text ? 'utf8' : 'base64'),
    isBase64Encoded: !is_text,
  };
}

class Response extends ServerResponse {
  // `answer` is called once with the answer, when the response has ended.
  constructor(request, answer) {
    super(request);
    this._storeHeader = store_header;
    this._send = collect;
    this.end = end;
    this.sendDate = false;
    this.locals = {};
    this[kChunks] = [];
    this[kAnswer] = answer;
  }

  status(code) {
    this.statusCode = code;
    return this;
  }

  sendStatus(code) {
    return this.status(code).type('txt').send(STATUS_CODES[code] ?? String(code));
  }

  get(name) { return this.getHeader(name); }

  set(name, value) {
    if (typeof name === 'object') {
      for (const [key, item] of Object.entries(name)) this.set(key, item);
      return this;
    }
    this.setHeader(name, Array.isArray(value) ? value.map(String) : String(value));
    return this;
  }

  header(name, value) { return this.set(name, value); }

  append(name, value) {
    const before = this.getHeader(name);
    return this.set(name, before === undefined ? value : [before, value].flat());
  }

  type(name) {
    return this.set('Content-Type', name.includes('/') ? name : kTypes[name.replace(/^\./, '')] ??
                                                                kTypes.bin);
  }

  contentType(name) { return this.type(name); }

  json(value) {
    if (!this.hasHeader('Content-Type')) this.type('json');
    return this.send(JSON.stringify(value) ?? '');
  }

  send(body = '') {
    const is_bytes = body instanceof Uint8Array;
    if (typeof body !== 'string' && !is_bytes && body !== null) return this.json(body);
    if (!this.hasHeader('Content-Type')) this.type(is_bytes ? 'bin' : 'html');
    return this.end(body ?? '');
  }

  // What is encoded already stays as it is.
  location(url) {
    return this.set('Location', encodeURI(url).replace(/%25([0-9a-f]{2})/gi, '%$1'));
  }

  // redirect(url) or redirect(status, url)
  redirect(status, url) {
    if (url === undefined) [status, url] = [302, status];
    return this.status(status).location(url).type('txt')
        .send(`${STATUS_CODES[status]}. Redirecting to ${this.get('Location')}`);
  }

  cookie(name, value, options) {
    return this.append('Set-Cookie', cookie.format(name, value, options));
  }

  clearCookie(name, options) {
    return this.cookie(name, '', { ...options, expires: new Date(1), maxAge: undefined });
  }

  vary(field) { return this.append('Vary', field); }
}

module.exports = { Response, answer_of };
