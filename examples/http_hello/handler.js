'use strict';

// An HTTP function, as functions-framework has them.
//
//   fwrun --install examples/http_hello --train examples/http_hello/train.json
//   curl 'http://127.0.0.1:8080/http/http_hello/greet?name=Ada'

const functions = require('@google-cloud/functions-framework');

functions.http('hello', (req, res) => {
  if (req.path === '/greet') {
    res.send(`Hello, ${req.query.name ?? req.body.name ?? 'world'}!\n`);
  } else if (req.path === '/add' && req.method === 'POST') {
    res.json({ sum: req.body.numbers.reduce((sum, number) => sum + number, 0) });
  } else {
    res.status(404).json({ error: `nothing is at ${req.path}` });
  }
});
