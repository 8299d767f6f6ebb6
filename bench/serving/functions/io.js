// What waits more than it works: reads a file, then sleeps a few milliseconds.
const fs = require('fs');

exports.handler = async (event) => {
  const bytes = (await fs.promises.readFile(__filename)).length;
  await new Promise((resolve) => setTimeout(resolve, event.ms));
  return { bytes, id: event.id };
};

exports.warmup = [{ ms: 1, id: 1 }, { ms: 2, id: 2 }];
