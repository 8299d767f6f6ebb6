'use strict';

// The result of a handler as JSON.

class NotSerialisable extends Error {
  constructor(message) {
    super(message);
    this.name = 'Runtime.ResultNotSerialisable';
  }
}

// JSON text; what JSON cannot say at all (undefined, a function) is null, as with
// Lambda. Throws NotSerialisable, naming the part that is in the way.
function serialise(value) {
  let text;
  try {
    text = JSON.stringify(value);
  } catch (error) {
    throw new NotSerialisable(reason(value, error));
  }
  return text === undefined ? 'null' : text;
}

function reason(value, error) {
  let found = null;
  try {
    found = find_obstacle(value, 'result', []);
  } catch {
    // A getter or toJSON() of the user's: the error is the best explanation.
  }
  return found ?? `the result cannot be written as JSON: ${error?.message ?? error}`;
}

function find_obstacle(value, path, above) {
  if (typeof value === 'bigint') {
    return `${path} is a BigInt, which JSON cannot hold: convert it, for example with String()`;
  }
  if (value === null || typeof value !== 'object') return null;
  if (typeof value.toJSON === 'function') return find_obstacle(value.toJSON(), path, above);
  const circle = above.find((one) => one.value === value);
  if (circle) return `${path} refers back to ${circle.path}: JSON cannot hold a circle`;
  const inside = [...above, { value, path }];
  for (const [key, item] of Object.entries(value)) {
    const at = Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`;
    const found = find_obstacle(item, at, inside);
    if (found) return found;
  }
  return null;
}

module.exports = { NotSerialisable, serialise };
