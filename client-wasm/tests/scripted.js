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
  /** Lines that the server has not come to. Browsers may call a later timer first where timers are nested. */
  unheard = [];
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
      this.unheard.push(line);
      setTimeout(() => this.server(this, ...this.unheard.shift().split(" ")));
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
  equal((await bytes(client.fetchBody(7, ""))).length, 20 * WINDOW);
  await client.noop();
}

/** Some servers give less than they are asked for, whatever that is. */
export async function shortWindowsAreAskedOn(connect) {
  const [client, socket] = await open(connect);
  for (const [size, most] of [
    [3 * WINDOW + 5, 64 * 1024],
    [100_000, 5000],
    [10_000, 1000],
  ]) {
    const whole = body(size);
    socket.server = (socket, tag, ...words) => {
      const line = words.join(" ").replace(/\.(\d+)>/, (_, count) => `.${Math.min(count, most)}>`);
      whole(socket, tag, ...line.split(" "));
    };
    equal((await bytes(client.fetchBody(7, ""))).length, size);
  }
  const drops = body(1_000_000);
  socket.server = (socket, tag, ...words) =>
    drops(socket, tag, ...words.join(" ").replace(/\.(\d+)>/, ".1>").split(" "));
  equal((await failure(bytes(client.fetchBody(7, "")))).code, "serverMisbehaved");
}

/** A server whose message 7 is one part, encoded like this. Windows of it may not end where four letters do. */
const encoded =
  (encoding, data) =>
  (socket, tag, ...words) => {
    const line = words.join(" ");
    const window = /BODY.PEEK\[1\]<(\d+)\.(\d+)>/.exec(line);
    const size = data.length;
    const structure = `BODYSTRUCTURE ("TEXT" "PLAIN" ("CHARSET" "utf-8") NIL NIL "${encoding}" ${size} 1 NIL NIL NIL NIL)`;
    if (line.includes("BINARY")) socket.say(`${tag} NO [UNKNOWN-CTE] what is that`);
    else if (!window) socket.say(`* 1 FETCH (UID 7 ${structure})`, `${tag} OK done`);
    else {
      const [offset, count] = window.slice(1).map(Number);
      const piece = data.slice(offset, offset + count);
      socket.say(`* 1 FETCH (UID 7 BODY[1]<${offset}> {${piece.length}}`, `${piece})`, `${tag} OK done`);
    }
  };

const inLines = (text) => text.replace(/.{76}/g, "$&\r\n");

/** Longer than a window, so that the encoding is cut wherever the windows are. */
const TEXT = `${"Grüße aus Köln = 4 °C, ".repeat(20_000)}end`;
const base64 = () =>
  inLines(btoa(Array.from(new TextEncoder().encode(TEXT), (byte) => String.fromCharCode(byte)).join("")));
const quoted = () =>
  Array.from(new TextEncoder().encode(TEXT), (byte) =>
    byte > 126 || byte === 61 ? `=${byte.toString(16).toUpperCase()}` : String.fromCharCode(byte),
  )
    .join("")
    .replace(/((?:=..|[^=]){70})/g, "$1=\r\n");

export async function partsAreDecodedWithoutBinary(connect) {
  const [client, socket] = await open(connect);
  for (const [encoding, data] of [
    ["BASE64", base64()],
    ["QUOTED-PRINTABLE", quoted()],
  ]) {
    socket.server = encoded(encoding, data);
    const decoded = await bytes(client.fetchBody(7, "1", { decoded: true }));
    equal(new TextDecoder().decode(decoded) === TEXT, true);
    const raw = await bytes(client.fetchBody(7, "1"));
    equal(new TextDecoder().decode(raw) === data, true);
    const same = await bytes(client.fetchBody(7, "1", { decoded: false }));
    equal(same.length, raw.length);
  }
  check(!socket.asked.some((line) => line.includes("BINARY")), "BINARY was asked of a server without it");
  socket.server = (socket, tag) => socket.say(`${tag} OK done`);
  equal((await failure(bytes(client.fetchBody(7, "1", { decoded: true })))).code, "gone");
}

export async function partsThatTheServerCannotDecodeAreDecodedHere(connect) {
  const [client, socket] = await open(connect, "BINARY");
  socket.server = encoded("BASE64", base64());
  const decoded = await bytes(client.fetchBody(7, "1", { decoded: true }));
  equal(new TextDecoder().decode(decoded) === TEXT, true);
  check(socket.asked.some((line) => line.includes("BINARY.PEEK[1]")), "the server was not asked to decode");
}

/** RFC 9051 section 7.5.2. */
export async function aMessageInSeveralResponsesIsOne(connect) {
  const [client, socket] = await open(connect);
  socket.server = (socket, tag) =>
    socket.say(
      "* 1 FETCH (UID 7 RFC822.SIZE 12)",
      "* 2 FETCH (UID 8 RFC822.SIZE 13 FLAGS (\\Seen))",
      "* 1 FETCH (UID 7 FLAGS (\\Answered) RFC822.SIZE 12)",
      "* 3 FETCH (UID 9 RFC822.SIZE 14)",
      `${tag} OK done`,
    );
  const messages = await all(client.fetch("7:9", { size: true, flags: true }));
  equal(
    JSON.stringify(messages.map(({ uid, size, flags }) => [uid, size, flags])),
    JSON.stringify([
      [8, 13, ["\\Seen"]],
      [7, 12, ["\\Answered"]],
      [9, 14, null],
    ]),
  );
  socket.server = (socket, tag) =>
    socket.say("* STATUS Other (MESSAGES 3)", "* STATUS Other (UNSEEN 1)", `${tag} OK done`);
  const { messages: count, unseen } = await client.status("Other");
  equal([count, unseen].join(), "3,1");
}

/** Messages that arrived together are given one by one all the same. */
export async function anAbortIsSeenBetweenMessagesThatCameTogether(connect) {
  const [client, socket] = await open(connect);
  socket.server = (socket, tag) =>
    socket.say("* 1 FETCH (UID 7 FLAGS ())", "* 2 FETCH (UID 8 FLAGS ())", `${tag} OK done`);
  const controller = new AbortController();
  const fetching = client.fetch("7:8", { flags: true }, { signal: controller.signal });
  equal((await fetching.next()).value.uid, 7);
  controller.abort("enough");
  equal(await failure(fetching.next()), "enough");
  equal((await fetching.next()).done, true);
  await client.noop();
}

export async function messagesBeforeAFailureAreGiven(connect) {
  const [client, socket] = await open(connect);
  socket.server = (socket, tag) => socket.say("* 1 FETCH (UID 7 FLAGS ())", `${tag} NO the disk is full`);
  const fetching = client.fetch("7:8", { flags: true });
  equal((await fetching.next()).value.uid, 7);
  const error = await failure(fetching.next());
  equal([error.code, error.response].join(), "refused,the disk is full");
  equal((await fetching.next()).done, true);
}

/** All that a message has is there as soon as it is given, whatever is in its texts, and nothing else is. */
export async function messagesArePlainObjects(connect) {
  const [client, socket] = await open(connect, "CONDSTORE");
  const structure =
    '("TEXT" "PLAIN" ("__proto__" "a" "charset" "utf-8") NIL NIL "7BIT" 9 1 NIL ("INLINE" NIL) NIL NIL)';
  const person = '(("=?utf-8?Q?Zo=C3=AB_=F0=9F=90=88?=" NIL "zoe" "example.com"))';
  const subject = '"tab\t \\"quoted\\" =?utf-8?B?4oCo?="';
  const items = [
    "UID 7 FLAGS (\\Seen) MODSEQ (9223372036854775807)",
    'INTERNALDATE "01-Jan-1970 00:00:01 +0000" RFC822.SIZE 9',
    `ENVELOPE ("a" ${subject} ${person} ${person} ${person} NIL NIL NIL NIL "<1@a>")`,
    `BODYSTRUCTURE ${structure}`,
  ];
  socket.server = (socket, tag) => socket.say(`* 1 FETCH (${items.join(" ")})`, `${tag} OK done`);
  const query = {
    flags: true,
    modSeq: true,
    internalDate: true,
    size: true,
    envelope: true,
    bodyStructure: true,
  };
  const [message] = await all(client.fetch(7, query));
  const people = [{ name: "Zoë 🐈", address: "zoe@example.com" }];
  const parameters = JSON.parse('{"__proto__":"a","charset":"utf-8"}');
  const expected = {
    uid: 7,
    seq: 1,
    flags: ["\\Seen"],
    envelope: {
      date: "a",
      subject: 'tab\t "quoted" \u2028',
      from: people,
      sender: people,
      replyTo: people,
      to: [],
      cc: [],
      bcc: [],
      inReplyTo: null,
      messageId: "<1@a>",
    },
    bodyStructure: {
      section: "1",
      mimeType: "text/plain",
      parameters,
      fileName: null,
      id: null,
      description: null,
      encoding: "7bit",
      size: 9,
      disposition: { kind: "inline", parameters: {} },
      children: [],
    },
    internalDate: 1000,
    size: 9,
    modSeq: 9223372036854775807,
    preview: null,
    saveDate: null,
    emailId: null,
    threadId: null,
    gmailMessageId: null,
    gmailThreadId: null,
    gmailLabels: null,
    annotations: null,
  };
  equal(JSON.stringify(message), JSON.stringify(expected));
  equal(JSON.stringify(structuredClone(message)), JSON.stringify(expected));
  equal(JSON.stringify({ ...message }), JSON.stringify(expected));
  equal(Object.getPrototypeOf(message), Object.prototype);
  equal(Object.getPrototypeOf(message.bodyStructure.parameters), Object.prototype);
}

/** By RFC 2231, whole and in pieces, by RFC 2047, and without a path. */
export async function fileNamesAreDecoded(connect) {
  const [client, socket] = await open(connect);
  for (const [parameters, expected] of [
    [`"filename*" "utf-8''Rechnung%20%C3%9C.pdf"`, "Rechnung Ü.pdf"],
    [`"filename*0*" "utf-8''Rechn" "filename*1" "ung" "filename*2*" "%20%C3%9C.pdf"`, "Rechnung Ü.pdf"],
    [`"filename" "=?utf-8?Q?Rechnung_=C3=9C.pdf?="`, "Rechnung Ü.pdf"],
    [`"FILENAME" "plain.pdf"`, "plain.pdf"],
  ]) {
    const structure = `("APPLICATION" "PDF" NIL NIL NIL "BASE64" 9 NIL ("ATTACHMENT" (${parameters})) NIL NIL)`;
    socket.server = (socket, tag) =>
      socket.say(`* 1 FETCH (UID 7 BODYSTRUCTURE ${structure})`, `${tag} OK done`);
    const [{ bodyStructure }] = await all(client.fetch(7, { bodyStructure: true }));
    equal(JSON.stringify(bodyStructure.disposition.parameters), JSON.stringify({ filename: expected }));
    equal(bodyStructure.fileName, expected);
  }
}

/** No message needs no question. */
export async function emptySetsSendNothing(connect) {
  const [client, socket] = await open(connect, "UIDPLUS MOVE CONDSTORE X-GM-EXT-1 ANNOTATE-EXPERIMENT-1");
  const before = socket.asked.length;
  equal((await all(client.fetch([]))).length, 0);
  equal(JSON.stringify(await client.store([], "add", ["\\Seen"])), "[]");
  const outcome = await client.storeUnlessChanged([], "add", ["\\Seen"], 5);
  equal(JSON.stringify(outcome), '{"messages":[],"modified":null}');
  equal(await client.storeLabels([], "add", ["Family"]), undefined);
  equal(await client.storeAnnotations([], {}), undefined);
  equal(await client.copy([], "Archive"), null);
  equal(await client.move([], "Archive"), null);
  equal(await client.expunge([]), undefined);
  equal(JSON.stringify(await client.changes(5, [])), '{"messages":[],"vanished":[]}');
  equal((await client.appendAll("Archive", [])).uids, null);
  equal(await client.cancelUpdate([]), undefined);
  equal(socket.asked.length, before);
  equal(await failure(client.move([], "Archive", { signal: AbortSignal.abort("late") })), "late");
  socket.server = (socket, tag, ...words) => {
    equal(words.join(" "), "UID SEARCH NOT ALL");
    socket.say("* SEARCH", `${tag} OK done`);
  };
  equal((await client.search({ uid: [] })).length, 0);
  client.close();
  equal((await failure(client.move([], "Archive"))).code, "closed");
}

/** However the server takes it. */
export async function onesOwnGoodbyeIsNoLoss(connect) {
  for (const answer of [
    (socket, tag) => socket.say("* BYE see you", `${tag} OK done`),
    (socket) => {
      socket.say("* BYE see you");
      socket.end(1000, "closed");
    },
    (socket) => socket.end(1006, ""),
  ]) {
    const [client, socket] = await open(connect);
    let told = 0;
    client.onClose(() => {
      told += 1;
    });
    socket.server = answer;
    await client.logout();
    await turns(3);
    equal(told, 0);
    equal(client.state, "closed");
  }
  // One that was aborted is none.
  const [client, socket] = await open(connect);
  const reason = new Promise((resolve) => client.onClose(resolve));
  socket.server = () => {};
  client.noop().catch(() => {});
  const controller = new AbortController();
  const leaving = failure(client.logout({ signal: controller.signal }));
  controller.abort("later");
  equal(await leaving, "later");
  socket.end(1006, "");
  equal((await reason).code, "connectionLost");
}

export async function aSecondLoginSaysSo(connect) {
  const [client] = await open(connect);
  for (const again of [client.login("ada", "secret"), client.authenticate({ user: "ada", password: "x" })]) {
    const error = await failure(again);
    equal(error.code, "wrongState");
    check(/signed in already/.test(error.message), error.message);
  }
  await client.unselect();
  const error = await failure(client.search({}));
  equal(error.code, "wrongState");
  check(/select\(\)/.test(error.message) && !/Authenticated/.test(error.message), error.message);
}

export async function responseCodesComeAlong(connect) {
  const [client, socket] = await open(connect);
  for (const [answer, code, responseCode] of [
    ["NO [ALREADYEXISTS] there is one", "refused", "ALREADYEXISTS"],
    ["NO [OVERQUOTA] full", "tooLarge", "OVERQUOTA"],
    ["NO [NONEXISTENT] none", "gone", "NONEXISTENT"],
    ["NO [METADATA MAXSIZE 5] long", "refused", "METADATA"],
    ["NO [X-ODD thing] odd", "refused", "X-ODD"],
    ["BAD [CLIENTBUG] eh", "bad", "CLIENTBUG"],
    ["NO plain", "refused", undefined],
  ]) {
    socket.server = (socket, tag) => socket.say(`${tag} ${answer}`);
    const error = await failure(client.create("Again"));
    equal(error.code, code);
    equal(error.responseCode, responseCode);
    equal(error.response, answer.split(" ").at(-1) === "one" ? "there is one" : answer.split(" ").at(-1));
  }
  socket.server = (socket) => socket.say("* BYE [UNAVAILABLE] later");
  const error = await failure(client.noop());
  equal(error.code, "serverEnded");
  equal(error.responseCode, "UNAVAILABLE");
}

/** A Date is its day here, at whatever time. */
export async function datesAreDaysInQueries(connect) {
  const [client, socket] = await open(connect);
  const day = new Date(2026, 10, 3, 23, 59);
  const asked = async (query, expected) => {
    socket.server = (socket, tag, ...words) => {
      equal(words.join(" "), `UID SEARCH ${expected}`);
      socket.say("* SEARCH", `${tag} OK done`);
    };
    equal((await client.search(query)).length, 0);
  };
  await asked({ since: day }, "SINCE 3-Nov-2026");
  await asked({ not: { sentBefore: day } }, "NOT SENTBEFORE 3-Nov-2026");
  await asked({ or: [{ on: "2026-11-03" }, { sentOn: day }] }, "OR ON 3-Nov-2026 SENTON 3-Nov-2026");
  for (const since of [new Date("never"), 5, "03.11.2026"]) {
    const error = await failure((async () => client.search({ since }))());
    equal(error.code, "invalidArgument");
    check(!/JsValue/.test(error.message), error.message);
  }
}

/** RFC 7677 section 4: with one iteration, the password could be found out of the proof. */
export async function fewIterationsOfScramAreRefused(connect) {
  Played.offer = "IMAP4rev1 SASL-IR AUTH=SCRAM-SHA-256";
  const weak = (socket, tag, command, _mechanism, initial) => {
    socket.login ??= tag;
    if (command === "AUTHENTICATE") {
      const nonce = atob(initial).split("r=")[1];
      socket.say(`+ ${btoa(`r=${nonce}x,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=1000`)}`);
    } else socket.say(`${socket.login} BAD called off`);
  };
  const sign = async (signIn) => {
    const client = await connect();
    Played.last.server = weak;
    const error = await failure(signIn(client));
    return [error, Played.last.asked.at(-1)];
  };
  const [error, last] = await sign((client) => client.login("ada", "secret"));
  equal(error.code, "signInRefused");
  check(/1000 iterations/.test(error.message) && /min: 1000/.test(error.message), error.message);
  equal(last, "*");
  for (const signIn of [
    (client) => client.login("ada", "secret", { iterations: { min: 1000 } }),
    (client) => client.authenticate({ user: "ada", password: "secret", iterations: { min: 1000 } }),
  ]) {
    const [, proof] = await sign(signIn);
    check(proof.length > 40, "no proof was sent");
  }
  const [above] = await sign((client) => client.login("ada", "secret", { iterations: { min: 1, max: 999 } }));
  equal(above.code, "signInRefused");
  const wrong = await failure((await connect()).login("ada", "secret", { iterations: { min: 9, max: 1 } }));
  equal(wrong.code, "invalidArgument");
  Played.offer = "IMAP4rev1 IDLE";
}

/** After `renewAfter`, and `answerTimeout` of silence. */
export async function aDeadIdleShowsSoon(connect) {
  const [client, socket] = await open((options) => connect({ ...options, answerTimeout: 50 }));
  const server = plain;
  socket.server = (socket, tag, ...words) => {
    if (tag !== "DONE") server(socket, tag, ...words);
  };
  const closed = new Promise((resolve) => client.onClose(resolve));
  equal((await failure(client.idle({ renewAfter: 50 }).next())).code, "timedOut");
  equal((await closed).code, "timedOut");
  for (const options of [{ answerTimeout: 0 }, { answerTimeout: "1" }, { idleRenewal: 5 }]) {
    equal((await failure(connect(options))).code, "invalidArgument");
  }
}

export async function wrongArgumentsHavePlainWords(connect) {
  const [client] = await open(connect);
  for (const call of [
    () => client.fetch(0),
    () => client.fetch({}),
    () => client.fetch(1, { flags: "yes" }),
    () => client.search({ subject: 1 }),
    () => client.store(1, "toggle", []),
    () => client.store(1, "add", [1]),
    () => client.sort([{ by: "colour" }]),
    () => client.uidBatches(-1),
    () => client.changes("1"),
    () => client.list({ status: 1 }),
    () => client.setQuota("", { STORAGE: -1 }),
    () => client.select("a\0b"),
  ]) {
    const error = await failure((async () => call())());
    equal(error.code, "invalidArgument");
    check(!/JsValue|Error:|\bu32\b|\bu64\b|unit value|\\u|struct /.test(error.message), error.message);
  }
}

/** From an OK alone nobody may conclude that there is nothing. */
export async function aSearchWithoutItsAnswerIsAnError(connect) {
  const [client, socket] = await open(connect, "ESEARCH ACL");
  socket.server = (socket, tag) => socket.say(`${tag} OK done`);
  equal((await failure(client.search({}))).code, "unreadable");
  equal((await failure(client.esearch({}, { count: true }))).code, "unreadable");
  equal((await failure(client.myRights("INBOX"))).code, "unreadable");
  socket.server = (socket, tag, _uid, _search, word) =>
    word === "RETURN"
      ? socket.say(`* ESEARCH (TAG "${tag}") UID COUNT 3`, `${tag} OK done`)
      : socket.say("* SEARCH 4 5 9", `${tag} OK done`);
  equal((await client.search({})).join(), "4,5,9");
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

/** All bytes of a stream. */
async function bytes(stream) {
  const chunks = [];
  for (const reader = stream.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    chunks.push(value);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
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
