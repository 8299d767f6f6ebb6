// Does next to nothing, so that all the time it takes is fwrun's own: what
// `make bench` measures restores with.

exports.handler = (event) => ({ ok: 1, id: event.id });

exports.warmup = [{ id: 1 }, { id: 2 }];
