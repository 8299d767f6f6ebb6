// A function that computes: the Mandelbrot set, as lines of text.
//
//   fwrun --install examples/cpu/handler.js --name cpu
//   fwrun --invoke cpu --args '{"width": 160, "height": 60}'

const kShades = Buffer.from(' .:-=+*#%@');

/** @jit */
function escape_time(re, im, limit) {
  let x = 0;
  let y = 0;
  let n = 0;
  while (n < limit && x * x + y * y <= 4) {
    const next = x * x - y * y + re;
    y = 2 * x * y + im;
    x = next;
    n++;
  }
  return n;
}

/** @jit */
function draw_line(im, line, limit) {
  for (let i = 0; i < line.length; i++) {
    const n = escape_time(-2.2 + (3.2 * i) / line.length, im, limit);
    line[i] = kShades[Math.floor((n * (kShades.length - 1)) / limit)];
  }
}

/** @jit */
exports.handler = async ({ width, height, limit = 50 }) => {
  const line = Buffer.alloc(width);
  const lines = [];
  for (let j = 0; j < height; j++) {
    draw_line(-1.2 + (2.4 * j) / height, line, limit);
    lines.push(line.toString('latin1'));
  }
  return { lines };
};

exports.warmup = [{ width: 160, height: 60 }, { width: 120, height: 40, limit: 80 }];
