// Does what it is asked to, which is not always good.
const fs = require('fs');

let calls = 0;
const kept = [];

exports.handler = async (event) => {
  calls += 1;
  if (event.do === 'throw') throw new RangeError('as asked');
  if (event.do === 'exit') process.exit(3);
  if (event.do === 'hang') for (;;);
  if (event.do === 'leave') {
    // Descriptors, a timer, memory and a folder, all to be gone with the next call.
    for (let i = 0; i < 5; i += 1) kept.push(fs.openSync('/dev/null', 'r'), 'x'.repeat(100_000));
    setInterval(() => {}, 1000);
    process.chdir('/');
  }
  return { id: event.id, calls, kept: kept.length };
};

exports.warmup = [{ do: 'work', id: 1 }, { do: 'work', id: 2 }];
