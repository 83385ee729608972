// Reads a file of IMAP responses under Node, and says what `examples/responses` says of our native reader.
//
//   node measure.mjs imapflow|FOLDER --reps N [--keep] FILE      FOLDER: our reader, compiled to WebAssembly
//
// imapflow is its cutter and its parser, fed with pieces of 64 KiB as by a socket, and nothing else of it.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const words = process.argv.slice(2);
const keep = words.includes('--keep');
const [peer, , reps, file] = words.filter((word) => word !== '--keep');
if (!file) {
  console.error('usage: node measure.mjs imapflow|FOLDER --reps N [--keep] FILE');
  process.exit(2);
}
const bytes = readFileSync(file);
const read = peer === 'imapflow' ? await imapflow() : wasm(peer);
const times = [];
let count = { responses: 0, errors: 0 };
for (let rep = 0; rep < Number(reps); rep++) {
  const start = performance.now();
  count = await read();
  times.push((performance.now() - start) / 1000);
}
times.sort((a, b) => a - b);
const secs = times[Math.floor(times.length / 2)];
const label = peer === 'imapflow' ? 'imapflow' : 'postern-wasm';
const peak = process.resourceUsage().maxRSS;
console.log(JSON.stringify({ label, file, bytes: bytes.length, ...count, secs, peak_rss_kb: peak }));

function wasm(folder) {
  const { Session } = createRequire(import.meta.url)(resolve(folder, 'postern_reader_wasm.js'));
  const session = new Session(bytes);
  return () => ({ responses: session.read(keep), errors: session.errors() });
}

async function imapflow() {
  const { ImapStream } = await import('imapflow/lib/handler/imap-stream.js');
  const { parser } = await import('imapflow/lib/handler/imap-handler.js');
  const silent = { trace() {}, debug() {}, info() {}, warn() {}, error() {} };
  return async () => {
    const stream = new ImapStream({ cid: 'measured', logger: silent });
    feed(stream);
    const kept = [];
    let [responses, errors] = [0, 0];
    for await (const { payload, literals, next } of stream) {
      responses++;
      try {
        const response = await parser(payload, { literals });
        if (keep) kept.push(response);
      } catch {
        errors++;
      }
      next();
    }
    return { responses, errors };
  };
}

async function feed(stream) {
  for (let at = 0; at < bytes.length; at += 65536) {
    if (!stream.write(bytes.subarray(at, at + 65536))) {
      await new Promise((done) => stream.once('drain', done));
    }
  }
  stream.end();
}
