// ImapClient against a server that is played in the same worker: what no real server does on demand. Each function
// gets `connect(options)` and throws where something is not as it must be; scripted.rs runs them.

import * as tests from "./scripted.js";

/** Stands in for the browser's WebSocket, and plays the mail server behind it. */
class Played {
  static last;
  static offer = "IMAP4rev1 IDLE";
  readyState = 1;
  bufferedAmount = 0;
  asked = [];
  closed = false;
  server = plain;

  constructor() {
    Played.last = this;
    setTimeout(() => {
      this.onopen?.(new Event("open"));
      if (!Played.silent) this.say(`* OK [CAPABILITY ${Played.offer}] here`);
    });
  }

  send(bytes) {
    for (const line of new TextDecoder().decode(bytes).split("\r\n").slice(0, -1)) {
      this.asked.push(line);
      setTimeout(() => this.server(this, ...line.split(" ")));
    }
  }

  say(...lines) {
    const { buffer } = new TextEncoder().encode(`${lines.join("\r\n")}\r\n`);
    this.onmessage?.(new MessageEvent("message", { data: buffer }));
  }

  end(code, reason) {
    this.onclose?.(new CloseEvent("close", { code, reason }));
  }

  close() {
    this.closed = true;
  }
}

/** Says yes to everything. */
function plain(socket, tag, command) {
  if (command === "IDLE") {
    socket.say("+ idling");
    socket.idle = tag;
  } else if (tag === "DONE") socket.say(`${socket.idle} OK done`);
  else if (command === "SELECT") socket.say(`* ${EXISTS} EXISTS`, `${tag} OK [READ-WRITE] open`);
  else if (command === "LOGIN") socket.say(`${tag} OK [CAPABILITY ${socket.capabilities}] welcome`);
  else socket.say(`${tag} OK done`);
}

const EXISTS = 1000;
const WINDOW = 256 * 1024;

/** A client that is signed in, with a mailbox open, and its socket. */
async function open(connect, extensions = "") {
  const client = await connect();
  const socket = Played.last;
  socket.capabilities = `IMAP4rev1 IDLE ${extensions}`.trim();
  await client.login("ada", "secret");
  await client.select("INBOX");
  return [client, socket];
}

/** Whatever waits for an answer is told how the connection ended, and so is everything that is asked later. */
export async function aCutSettlesEverything(connect) {
  for (const [code, reason, expected] of [
    [1006, "", "connectionLost"],
    [4502, "reset: the server cut the connection", "connectionLost"],
    [1001, "going-away: the proxy restarts", "connectionLost"],
    [4429, "too-many: come back in 30 s", "tooMany"],
  ]) {
    const [client, socket] = await open(connect);
    const closed = new Promise((resolve) => client.onClose(resolve));
    socket.server = () => {};
    const waiting = [
      client.status("Other"),
      client.fetch(7, { flags: true }).next(),
      client.fetchBody(7, "").getReader().read(),
      client.store(8, "add", ["\\Seen"]),
      client.idle().next(),
      client.noop(),
      client.logout(),
    ].map(failure);
    await turn();
    socket.end(code, reason);
    for (const error of [...(await Promise.all(waiting)), await closed, await failure(client.noop())]) {
      equal(error.code, expected);
      equal(error.response, reason || undefined);
    }
    equal(client.state, "closed");
  }
}

export async function theServersByeIsTheReason(connect) {
  const [client, socket] = await open(connect);
  socket.server = () => socket.say("* BYE the cat is on the keyboard");
  const error = await failure(client.noop());
  equal(error.code, "serverEnded");
  equal(error.response, "the cat is on the keyboard");
}

/** Another token is asked for where the first is refused, and no third one. */
export async function refusedTokensAreAskedForAgain(connect) {
  Played.offer = "IMAP4rev1 SASL-IR AUTH=OAUTHBEARER";
  for (const [tokens, expected] of [
    [["good"], undefined],
    [["stale", "good"], undefined],
    [["stale", "stale"], "tokenRefused"],
    [["stale", "worse"], "tokenRefused"],
  ]) {
    const client = await connect();
    Played.last.server = bearer;
    const left = [...tokens];
    const signedIn = client.authenticate({ user: "ada", accessToken: async () => left.shift() });
    if (expected) equal((await failure(signedIn)).code, expected);
    else await signedIn;
    equal(left.length, 0);
    equal(client.state, expected ? "notAuthenticated" : "authenticated");
  }
  Played.offer = "IMAP4rev1 IDLE";
}

/** Takes the token `good`, and tells what is wrong with any other. */
function bearer(socket, tag, command, _mechanism, initial) {
  if (command !== "AUTHENTICATE") socket.say(`${socket.refused} NO [AUTHENTICATIONFAILED] not with that`);
  else if (atob(initial).includes("auth=Bearer good")) socket.say(`${tag} OK [CAPABILITY IMAP4rev1] welcome`);
  else {
    socket.refused = tag;
    socket.say(`+ ${btoa('{"status":"invalid_token"}')}`);
  }
}

/** What no server of the other tests has: each question, and what is made of the answer. */
export async function rareExtensionsAreSpoken(connect) {
  const [client, socket] = await open(
    connect,
    "ESEARCH MULTISEARCH LANGUAGE I18NLEVEL=2 JMAPACCESS X-GM-EXT-1 UNAUTHENTICATE",
  );
  const asked = async (question, answer, call) => {
    socket.server = (socket, tag, ...words) => {
      equal(words.join(" "), question);
      socket.say(...answer.map((line) => line.replace("TAG", tag)), `${tag} OK done`);
    };
    return await call();
  };
  const [found] = await asked(
    'ESEARCH IN (personal subtree-one (Lists)) RETURN (ALL COUNT) SUBJECT "tea"',
    ['* ESEARCH (TAG "TAG" MAILBOX "Lists/a" UIDVALIDITY 1) UID ALL 4001,4003 COUNT 2'],
    () =>
      client.multiSearch(
        ["personal", { subtreeOne: ["Lists"] }],
        { subject: "tea" },
        { all: true, count: true },
      ),
  );
  check(
    found.mailbox === "Lists/a" && found.all === "4001,4003" && found.count === 2 && found.min === null,
    found,
  );
  const languages = ['* LANGUAGE ("en" "de")'];
  equal((await asked("LANGUAGE", languages, () => client.language())).join(), "en,de");
  const rules = ['* COMPARATOR i;octet ("i;ascii-casemap")'];
  const comparators = asked('COMPARATOR "i;*"', rules, () => client.comparator(["i;*"]));
  equal((await comparators).join(), "i;octet,i;ascii-casemap");
  const url = "https://jmap.example.com/session";
  equal(await asked("GETJMAPACCESS", [`* JMAPACCESS "${url}"`], () => client.jmapAccess()), url);
  const labels = ["Family", "\\Starred"];
  await asked('UID STORE 7 +X-GM-LABELS (Family "\\\\Starred")', [], () =>
    client.storeLabels(7, "add", labels),
  );
  const message = '* 1 FETCH (UID 7 X-GM-MSGID 1278455344230334865 X-GM-LABELS (\\Inbox "B&APw-ro"))';
  const query = { gmailMessageId: true, gmailLabels: true };
  const [known] = await asked("UID FETCH 7 (X-GM-MSGID X-GM-LABELS UID)", [message], () =>
    all(client.fetch(7, query)),
  );
  check(known.gmailMessageId === "1278455344230334865" && known.gmailLabels.join() === "\\Inbox,Büro", known);
  const key = { gmailRaw: "has:attachment", gmailThreadId: "18446744073709551615" };
  const question = 'UID SEARCH RETURN (ALL) X-GM-RAW "has:attachment" X-GM-THRID 18446744073709551615';
  equal((await asked(question, ['* ESEARCH (TAG "TAG") UID ALL 7'], () => client.search(key))).join(), "7");
  socket.server = plain;
  await client.unauthenticate();
  equal(client.state, "notAuthenticated");
}

/** Without MULTIAPPEND, the first may be stored and the second not. */
export async function whatIsHalfDoneSaysSo(connect) {
  const [client, socket] = await open(connect, "LITERAL+ UIDPLUS");
  const tags = [];
  socket.server = (socket, tag, command) => {
    if (command === "APPEND") tags.push(tag);
    // The end of the line behind the message.
    else if (tags.length === 1) socket.say(`${tags[0]} OK [APPENDUID 1 5] done`);
    else socket.say(`${tags[1]} NO [OVERQUOTA] full`);
  };
  const error = await failure(client.appendAll("Drafts", [{ message: "one" }, { message: "two" }]));
  equal(error.code, "partial");
  equal(error.response, "full");
  equal(error.done.appended.uids, "5");
  equal(error.done.copied, null);
}

/** Without MOVE, the copies may be made and the originals stay. */
export async function whatIsCopiedAndStillHereSaysSo(connect) {
  const [client, socket] = await open(connect, "UIDPLUS");
  const answer = { COPY: "OK [COPYUID 3 7:8 21:22] copied", STORE: "NO read-only" };
  socket.server = (socket, tag, _, command) => socket.say(`${tag} ${answer[command]}`);
  const error = await failure(client.move("7:8", "Archive"));
  equal(error.code, "partial");
  equal(error.response, "read-only");
  equal(JSON.stringify(error.done.copied), '{"uidValidity":3,"from":"7:8","to":"21:22"}');
}

export async function connectingCanBeAborted(connect) {
  Played.silent = true;
  const controller = new AbortController();
  const connecting = failure(connect({ signal: controller.signal }));
  await turn();
  controller.abort(new Error("enough"));
  equal((await connecting).message, "enough");
  check(Played.last.closed, "the socket is still open");
  Played.silent = false;
}

/** IDLE ends on the server as well, whichever way the loop is left. */
export async function leavingIdleTellsTheServer(connect) {
  const [client, socket] = await open(connect);
  const last = async (line) => {
    await turns(3);
    equal(socket.asked.at(-1).split(" ").at(-1), line);
  };
  const controller = new AbortController();
  const idle = client.idle({ signal: controller.signal });
  const ended = idle.next();
  await last("IDLE");
  controller.abort();
  equal((await ended).done, true);
  await last("DONE");
  setTimeout(() => socket.say("* 1001 EXISTS"));
  for await (const event of client.idle()) {
    equal(event.count, 1001);
    await last("IDLE");
    break;
  }
  await last("DONE");
}

/** A body of `size` bytes: answers the windows of `BODY.PEEK[]<offset.count>`. */
const body =
  (size) =>
  (socket, tag, ...words) => {
    const window = /BODY.PEEK\[\]<(\d+)\.(\d+)>/.exec(words.join(" "));
    if (!window) return plain(socket, tag, ...words);
    const [offset, count] = window.slice(1).map(Number);
    const length = Math.max(0, Math.min(count, size - offset));
    socket.say(`* 1 FETCH (UID 7 BODY[]<${offset}> {${length}}`, `${"x".repeat(length)})`, `${tag} OK done`);
  };

const windows = (socket) => socket.asked.filter((line) => line.includes("BODY.PEEK")).length;

export async function bodiesAreWhole(connect) {
  const [client, socket] = await open(connect);
  for (const size of [0, 1, WINDOW - 1, WINDOW, WINDOW + 1, 9 * WINDOW + 5]) {
    socket.server = body(size);
    let length = 0;
    for (const reader = client.fetchBody(7, "").getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      length += value.length;
    }
    equal(length, size);
  }
}

export async function missingPartsAreGone(connect) {
  const [client, socket] = await open(connect);
  for (const answer of [["* 1 FETCH (UID 7 BODY[99]<0> NIL)"], []]) {
    socket.server = (socket, tag) => socket.say(...answer, `${tag} OK done`);
    equal((await failure(client.fetchBody(7, "99").getReader().read())).code, "gone");
  }
}

export async function aStalledReaderHoldsLittle(connect) {
  const [client, socket] = await open(connect);
  socket.server = body(100 * WINDOW);
  const reader = client.fetchBody(7, "").getReader();
  await turns(20);
  equal(windows(socket), 0);
  let taken = 0;
  while (taken < 10 * WINDOW) taken += (await reader.read()).value.length;
  await turns(20);
  check(windows(socket) <= 10 + 4, `${windows(socket)} windows asked for, ${taken / WINDOW} taken`);
  await reader.cancel();
  await client.noop();
  await turns(20);
  check(windows(socket) <= 10 + 4, "more was asked for after the reader went away");
}

export async function aShortWindowInTheMiddleIsNoEnd(connect) {
  const [client, socket] = await open(connect);
  const whole = body(20 * WINDOW);
  socket.server = (socket, tag, ...words) => {
    const line = words.join(" ").replace(`<${2 * WINDOW}.${WINDOW}>`, `<${2 * WINDOW}.1000>`);
    whole(socket, tag, ...line.split(" "));
  };
  const reader = client.fetchBody(7, "").getReader();
  const read = async () => {
    while (!(await reader.read()).done);
  };
  equal((await failure(read())).code, "serverMisbehaved");
  await client.noop();
}

/** Messages 1 to EXISTS, with the UIDs 11, 12 and so on. */
function messages(socket, tag, ...words) {
  const [uid, command, set, ...items] = words;
  if (`${uid} ${command}` !== "UID FETCH") return plain(socket, tag, ...words);
  const lines = [];
  for (const range of set.split(",")) {
    const [first, last] = range
      .split(":")
      .map((end) => Math.min(end === "*" ? Infinity : Number(end), EXISTS + 10));
    for (let uid = Math.max(first, 11); uid <= (last ?? first); uid += 1) {
      lines.push(
        `* ${uid - 10} FETCH (UID ${uid}${items.join(" ").includes("FLAGS") ? " FLAGS (\\Seen)" : ""})`,
      );
    }
  }
  socket.say(...lines, `${tag} OK done`);
}

export async function largeSetsComeInPieces(connect) {
  const [client, socket] = await open(connect);
  socket.server = messages;
  const asked = () => socket.asked.filter((line) => line.includes("FLAGS")).length;
  let expected = 11;
  for await (const message of client.fetch("1:*", { flags: true })) {
    equal(message.uid, expected);
    equal(message.seq, expected - 10);
    equal(message.flags.join(), "\\Seen");
    // Slower than the server.
    if (expected % 100 === 0) await turns(5);
    expected += 1;
    check(
      asked() <= Math.ceil((expected - 11) / 200) + 1,
      `${asked()} pieces asked for at message ${expected}`,
    );
  }
  equal(expected, EXISTS + 11);
  equal(asked(), 5);
}

export async function newsAreKeptAndCounted(connect) {
  const [client, socket] = await open(connect);
  socket.say("* 1001 EXISTS", "* 1002 EXISTS", "* 3 EXPUNGE", "* 4 FETCH (UID 14 FLAGS (\\Seen $Work))");
  const news = await client.noop();
  equal(
    JSON.stringify(news),
    JSON.stringify([
      { type: "exists", count: 1002 },
      { type: "expunge", seq: 3 },
      { type: "flags", seq: 4, uid: 14, flags: ["\\Seen", "$Work"] },
    ]),
  );
  for (let count = 0; count < 2000; count += 1) socket.say("* 1 EXPUNGE");
  equal(JSON.stringify(await client.noop()), JSON.stringify([{ type: "missed" }]));
}

/** Puts the played server in the browser's place while a test runs. */
export async function play(test, connect) {
  const real = globalThis.WebSocket;
  globalThis.WebSocket = Played;
  try {
    await tests[test](connect);
  } finally {
    globalThis.WebSocket = real;
  }
}

const turn = () => new Promise((resolve) => setTimeout(resolve));

/** Long enough for every answer that is under way: each takes one turn of the event loop. */
async function turns(count) {
  for (let done = 0; done < count; done += 1) await turn();
}

async function all(iterator) {
  const items = [];
  for await (const item of iterator) items.push(item);
  return items;
}

async function failure(promise) {
  let value;
  try {
    value = await promise;
  } catch (error) {
    return error;
  }
  throw new Error(`should have failed, but gave ${JSON.stringify(value)}`);
}

function equal(actual, expected) {
  check(Object.is(actual, expected), `${JSON.stringify(actual)} is not ${JSON.stringify(expected)}`);
}

function check(condition, what) {
  if (!condition) throw new Error(typeof what === "string" ? what : JSON.stringify(what));
}
