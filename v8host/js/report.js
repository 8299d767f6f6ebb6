'use strict';

// Gathers what the install reports (embed/report.h), and answers with it.

const core = require('#core');
const { snapshot_point } = require('./annotation.js');

const warnings = [];
const phases_us = {};
let phase = 'boot';
let phase_began_us = 0;
let trained = {
  functions: [],
  training: {
    events: 0,
    rounds: 0,
    first_call_us: 0,
    steady_call_us: 0,
    probe: { event: '', result: '', stable: false },
  },
};

const now_us = () => Number(process.hrtime.bigint()) / 1000;

function start(began_us) { phase_began_us = began_us; }

// The phase before ends, this one begins.
function begin(name) {
  const now = now_us();
  phases_us[phase] = (phases_us[phase] ?? 0) + Math.round(now - phase_began_us);
  phase = name;
  phase_began_us = now;
}

function warn(text) { warnings.push(text); }

function set_training(result) { trained = result; }

function annotation() {
  const point = snapshot_point();
  if (!point) return { kind: 'default' };
  const { file, kind, line } = point;
  return { kind: kind === 'call' ? 'statement' : kind, file, line };
}

function finish({ image_bytes, captured_pages, mappings, threads, descriptors }) {
  begin('answer');
  core.finish(false, JSON.stringify({
    runtime: `Node.js ${process.versions.node}, V8 ${process.versions.v8}`,
    annotation: annotation(),
    ...trained,
    warnings,
    phases_us,
    snapshot: { image_bytes, captured_pages, mappings, threads, descriptors },
  }));
}

module.exports = { begin, finish, set_training, start, warn };
