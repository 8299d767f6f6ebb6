// Does what the event says, and counts its calls in this process.
let calls = 0;
const kept = [];

exports.handler = async (event) => {
  calls++;
  switch (event.do) {
    case 'wait':
      await new Promise((resolve) => setTimeout(resolve, event.ms));
      break;
    case 'hang':
      await new Promise(() => setInterval(() => {}, 1000));
      break;
    case 'spin':
      for (;;);
    case 'throw':
      throw new RangeError('as asked');
    case 'exit':
      process.exit(7);
      break;
    case 'abort':
      process.abort();
      break;
    case 'hoard':
      kept.push(Buffer.alloc(event.bytes, 1));
      break;
    case 'log':
      console.log(event.text);
      break;
    default:
  }
  return { calls, pid: process.pid, kept: kept.length, echo: event.echo, version: 'one' };
};
