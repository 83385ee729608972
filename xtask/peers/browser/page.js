// Runs in the browser: the npm package's `ImapClient` against a server that stands in the same page and repeats what a file
// holds, so that nothing is measured but the client. What it shows goes back to `measure.mjs`.

import init, { ImapClient } from "/package/postern_client.js";

const { query, reps } = await (await fetch("/plan")).json();
const bytes = new Uint8Array(await (await fetch("/answers")).arrayBuffer());

/** Each message's response in the file, by UID: `[start, end]`. */
function index() {
  const found = new Map();
  const text = new TextDecoder("latin1");
  let start = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) {
    // After a literal's size the response goes on in the next line.
    if (bytes[at - 2] === 0x7d) continue;
    const uid = /^\* \d+ FETCH \(UID (\d+) /.exec(text.decode(bytes.subarray(start, Math.min(at, start + 60))));
    if (uid) found.set(Number(uid[1]), [start, at + 1]);
    start = at + 1;
  }
  return found;
}

const responses = index();
const uids = [...responses.keys()].sort((a, b) => a - b);

/** The UIDs of a set such as `7:9,12`, that there are. */
function* members(set) {
  for (const range of set.split(",")) {
    const [first, last = first] = range.split(":").map((number) => (number === "*" ? 0xffffffff : Number(number)));
    if (last - first < 10_000) {
      for (let uid = first; uid <= last; uid++) if (responses.has(uid)) yield uid;
    } else {
      yield* uids.filter((uid) => uid >= first && uid <= last);
    }
  }
}

/** A WebSocket to that server. What it says comes in messages of 60 KiB at most, each a task of its own, as a proxy's do. */
class Replayed {
  bufferedAmount = 0;
  readyState = 1;
  #channel = new MessageChannel();
  #encoder = new TextEncoder();

  constructor() {
    this.#channel.port2.onmessage = ({ data }) => this.onmessage?.({ data });
    setTimeout(() => this.#say([this.#encoder.encode("* PREAUTH [CAPABILITY IMAP4rev1 UIDPLUS] ready\r\n")]));
  }

  send(sent) {
    for (const line of new TextDecoder().decode(sent).split("\r\n").slice(0, -1)) {
      this.#say([...this.#answers(line), this.#encoder.encode(`${line.split(" ")[0]} OK done\r\n`)]);
    }
  }

  *#answers(line) {
    const [, command, what, set] = line.split(" ");
    if (command === "SELECT") {
      yield this.#encoder.encode(`* ${uids.length} EXISTS\r\n* OK [UIDVALIDITY 1] ok\r\n* OK [UIDNEXT 999999999] ok\r\n`);
    }
    if (what !== "FETCH") return;
    const onlyUids = /\(?UID\)?$/.test(line) && !/FLAGS/.test(line);
    for (const uid of members(set)) {
      if (onlyUids) yield this.#encoder.encode(`* 1 FETCH (UID ${uid})\r\n`);
      else yield bytes.subarray(...responses.get(uid));
    }
  }

  #say(pieces) {
    const size = 60 * 1024;
    let message = new Uint8Array(size);
    let length = 0;
    const flush = () => {
      if (length === 0) return;
      this.#channel.port1.postMessage(message.slice(0, length).buffer);
      length = 0;
    };
    for (let piece of pieces) {
      while (piece.length > 0) {
        const part = piece.subarray(0, size - length);
        message.set(part, length);
        length += part.length;
        piece = piece.subarray(part.length);
        if (length === size) flush();
      }
    }
    flush();
  }

  close() {}
}

globalThis.WebSocket = Replayed;
const { memory } = await init();

/** What the browser has taken of the processors so far, in seconds: other programs don't touch that. */
const processor = async () => Number(await (await fetch("/processor")).text());

async function read() {
  const client = await ImapClient.connect("wss://mail.example.com/imap");
  await client.select("INBOX");
  const before = await processor();
  const start = performance.now();
  let messages = 0;
  // What a program would look at: nothing may be left to be made when it is asked for.
  let looked = 0;
  for await (const message of client.fetch("1:*", query)) {
    messages++;
    looked += message.flags.length + (message.envelope?.from.length ?? 0) + (message.bodyStructure?.children.length ?? 0);
  }
  const seconds = (performance.now() - start) / 1000;
  client.close();
  return { messages, looked, seconds, processor: (await processor()) - before };
}

const runs = [];
for (let rep = 0; rep < reps; rep++) runs.push(await read());
await fetch("/result", { method: "POST", body: JSON.stringify({ runs, memory: memory.buffer.byteLength }) });
