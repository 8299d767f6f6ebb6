'use strict';

// node http_server.js PORT FILE HANDLER: the handler behind plain HTTP, all calls in this
// one process, nothing between one call and the next: what isolation and reset are
// compared with. Of a request's body, JSON, the handler's answer is made, JSON.

const http = require('http');

const [port, file, names] = process.argv.slice(2);
const exported = require(file);
const handler = names
  ? names.split('.').reduce((object, name) => object[name], exported)
  : exported.handler || exported.main;

async function answer(chunks, response) {
  const event = JSON.parse(chunks.length === 1 ? chunks[0] : Buffer.concat(chunks));
  const body = Buffer.from(JSON.stringify(await handler(event, {})));
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': body.length });
  response.end(body);
}

http
  .createServer((request, response) => {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => answer(chunks, response));
  })
  .listen(Number(port), '127.0.0.1');
