// The smallest useful function.
//
//   fwrun --install examples/hello/handler.js --name hello
//   fwrun --invoke hello --args '{"name": "Ada"}'

exports.handler = async (event) => ({ message: `Hello, ${event.name}!` });

// Events like those that will come: with them the handler is trained until V8 has
// compiled it, before the snapshot is taken.
exports.warmup = [{ name: 'Grace' }, { name: 'Barbara' }];
