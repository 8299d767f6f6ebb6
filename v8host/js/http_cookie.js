'use strict';

// One Set-Cookie header (RFC 6265), with express's options.

const kAttributes = {
  domain: (value) => `Domain=${value}`,
  expires: (value) => `Expires=${new Date(value).toUTCString()}`,
  httpOnly: () => 'HttpOnly',
  partitioned: () => 'Partitioned',
  secure: () => 'Secure',
  sameSite: (value) => `SameSite=${value === true ? 'Strict' : capital(String(value))}`,
};

const capital = (text) => text[0].toUpperCase() + text.slice(1).toLowerCase();

// A value that is no string is written as JSON, as express does.
function format(name, value, { encode = encodeURIComponent, maxAge, path = '/', ...rest } = {}) {
  const text = typeof value === 'object' ? `j:${JSON.stringify(value)}` : String(value);
  const parts = [`${name}=${encode(text)}`];
  if (typeof maxAge === 'number') {  // milliseconds
    parts.push(`Max-Age=${Math.floor(maxAge / 1000)}`);
    rest.expires = Date.now() + maxAge;
  }
  parts.push(`Path=${path}`);
  for (const [option, write] of Object.entries(kAttributes)) {
    if (rest[option] !== undefined && rest[option] !== false) parts.push(write(rest[option]));
  }
  return parts.join('; ');
}

module.exports = { format };
