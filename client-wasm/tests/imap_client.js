// What a program would write with ImapClient. Each function gets a client and throws where something is not as
// it must be; imap_client.rs runs them.

import * as tests from "./imap_client.js";

export async function run(test, ...args) {
  await tests[test](...args);
}

export async function signsIn(client, user, password) {
  equal(client.state, "notAuthenticated");
  await client.login(user, password);
  equal(client.state, "authenticated");
  check(client.capabilities.includes("IDLE"), client.capabilities);
}

export async function wrongPasswordsAreToldApart(client, user) {
  const error = await failure(client.login(user, "wrong"));
  equal(error.code, "wrongPassword");
  equal(error.name, "ImapError");
  check(error instanceof Error && error.message.length > 0, error);
  equal(typeof error.response, "string");
  equal(client.state, "notAuthenticated");
}

export async function listsAndCounts(client) {
  const mailboxes = await client.list({ status: true });
  const inbox = mailboxes.find(({ name }) => name === "INBOX");
  check(inbox && Array.isArray(inbox.attributes), mailboxes);
  const status = await client.status("INBOX");
  check(status.messages > 0 && status.uidNext > status.messages, status);
  equal(inbox.status.messages, status.messages);
  equal((await client.list({ pattern: "no such mailbox" })).length, 0);
}

export async function selects(client) {
  const inbox = await client.select("INBOX", { readOnly: true });
  equal(inbox.readOnly, true);
  check(inbox.exists > 0 && inbox.flags.includes("\\Seen"), inbox);
  equal((await client.select("inbox")).readOnly, false);
  equal(client.state, "selected");
  // Not every server says NONEXISTENT.
  check(["gone", "refused"].includes((await failure(client.select("No such mailbox"))).code), "another code");
  equal(client.state, "authenticated");
}

export async function fetchesAsTheyArrive(client) {
  const { exists } = await client.select("INBOX");
  const uids = new Set();
  const query = { flags: true, envelope: true, bodyStructure: true, internalDate: true, size: true };
  for await (const message of client.fetch("1:*", query)) {
    uids.add(message.uid);
    check(Array.isArray(message.flags) && message.size > 0 && message.internalDate > 0, message);
    check(message.envelope && Array.isArray(message.envelope.from), message);
    check(/^[^/]+\/[^/]*$/.test(message.bodyStructure.mimeType), message.bodyStructure);
  }
  equal(uids.size, exists);
  const [message] = await all(client.fetch([...uids].slice(0, 1)));
  equal(message.flags, null);
  equal(message.envelope, null);
}

export async function leavingTheLoopKeepsTheConnection(client) {
  await client.select("INBOX");
  for await (const message of client.fetch("1:*", { envelope: true })) {
    check(message.uid > 0, message);
    break;
  }
  await isAlive(client);
}

export async function streamsALargeBody(client) {
  await client.select("INBOX");
  const message = await largest(client);
  check(message.size > 1024 * 1024, `the largest message has only ${message.size} bytes`);
  const reader = client.fetchBody(message.uid, "").getReader();
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    check(value instanceof Uint8Array && value.length <= 256 * 1024, value.length);
    length += value.length;
  }
  equal(length, message.size);
}

export async function cancellingAStreamKeepsTheConnection(client) {
  await client.select("INBOX");
  const message = await largest(client);
  const reader = client.fetchBody(message.uid, "").getReader();
  check((await reader.read()).value.length > 0, "no first chunk");
  await reader.cancel();
  await isAlive(client);
}

export async function missingMessagesAreGone(client) {
  await client.select("INBOX");
  equal((await failure(client.fetchBody(4294967295, "").getReader().read())).code, "gone");
  await isAlive(client);
}

export async function storesFlags(client) {
  await client.select("INBOX");
  const [{ uid }] = await all(client.fetch("1:*"));
  const [added] = await client.store(uid, "add", ["$Postern"]);
  check(added.uid === uid && added.flags.includes("$Postern"), added);
  const [removed] = await client.store([uid], "remove", ["$Postern"]);
  check(!removed.flags.includes("$Postern"), removed);
}

/** `other` is a second connection of the same account. */
export async function idleSeesWhatAnotherDoes(client, other) {
  await client.select("INBOX");
  await other.select("INBOX");
  const [{ uid, seq }] = await all(client.fetch("1:*"));
  await other.store(uid, "remove", ["$Idle"]);
  await client.noop();
  const change = other.store(uid, "add", ["$Idle"]);
  for await (const event of client.idle()) {
    if (event.type === "flags" && event.seq === seq && event.flags.includes("$Idle")) break;
  }
  await change;
  await isAlive(client);
}

export async function aCommandMayInterruptIdle(client) {
  const { exists } = await client.select("INBOX");
  const controller = new AbortController();
  const idle = client.idle({ signal: controller.signal });
  const next = idle.next();
  equal((await client.status("INBOX")).messages, exists);
  controller.abort();
  await next;
  equal((await idle.next()).done, true);
  await isAlive(client);
}

export async function abortingKeepsTheConnection(client) {
  await client.select("INBOX");
  const controller = new AbortController();
  const messages = client.fetch("1:*", { envelope: true }, { signal: controller.signal });
  const first = messages.next();
  controller.abort(new Error("enough"));
  equal((await failure(first)).message, "enough");
  equal((await messages.next()).done, true);
  equal(await failure(client.noop({ signal: AbortSignal.abort("late") })), "late");
  await isAlive(client);
}

export async function wrongArgumentsSaySo(client) {
  await client.select("INBOX");
  for (const call of [
    () => client.fetch("*"),
    () => client.fetch(1.5),
    () => client.fetch(1, { envelop: true }),
    () => client.fetch("1:*", {}, { partial: { first: 3, last: 2 } }),
    () => client.fetchBody(1, "HEADER", { decoded: true }),
    () => client.esearch({}, { min: true, most: true }),
    () => client.esearch({}, { partial: { first: 0, last: 1 } }),
    () => client.multiSearch(["everywhere"], {}),
    () => client.changes(-1),
    () => client.storeUnlessChanged(1, "add", ["\\Seen"], "yesterday"),
    () => client.uidBatches(0),
    () => client.status("INBOX", { attributes: ["colour"] }),
    () => client.list({ subscribed: true }),
    () => client.append("INBOX", []),
    () => client.append("INBOX", [{ txt: "a" }]),
    () => client.appendAll("INBOX", [{ message: "a", flag: [] }]),
    () => client.fetchBody(0, ""),
    () => client.fetchBody(1, "1..2"),
    () => client.store(1, "toggle", []),
    () => client.noop({ signal: 1 }),
    () => client.select("a\r\nb"),
    () => client.create("a", { specialUse: "attic" }),
    () => client.create("a", { special: "junk" }),
    () => client.append("INBOX", 1),
    () => client.append("INBOX", ""),
    () => client.append("INBOX", { stream: new ReadableStream(), size: -1 }),
    () => client.copy([0], "INBOX"),
    () => client.store(1, "add", "\\Seen"),
    () => client.idle({ renewAfter: 0 }),
    () => client.search({ since: new Date("never") }),
  ]) {
    const error = await failure((async () => call())());
    check(error.code === "invalidArgument" && error.message.length > 0, `${call}: ${error}`);
  }
  await isAlive(client);
}

/** A message with text in two forms, an image that the HTML draws, and a file with a name in RFC 2231's form. */
const LETTER_WITH_PARTS = [
  "From: Ada <ada@example.com>",
  "Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=",
  "MIME-Version: 1.0",
  "Content-Type: multipart/mixed; boundary=m",
  "",
  "--m",
  "Content-Type: multipart/related; boundary=r",
  "",
  "--r",
  "Content-Type: multipart/alternative; boundary=a",
  "",
  "--a",
  "Content-Type: text/plain; charset=iso-8859-1",
  "Content-Transfer-Encoding: quoted-printable",
  "",
  "Gr=FC=DFe aus K=F6ln",
  "--a",
  "Content-Type: text/html; charset=utf-8",
  "Content-Transfer-Encoding: base64",
  "",
  btoa("<p>Hallo</p><img src='cid:dot@x'>"),
  "--a--",
  "--r",
  "Content-Type: image/png",
  "Content-ID: <dot@x>",
  "Content-Disposition: inline",
  "Content-Transfer-Encoding: base64",
  "",
  btoa("\x89PNG\r\n\x1a\n"),
  "--r--",
  "--m",
  "Content-Type: application/pdf",
  "Content-Disposition: attachment; filename*=utf-8''Rechnung%20%C3%9C.pdf",
  "Content-Transfer-Encoding: base64",
  "",
  btoa("%PDF-1.4 and so on"),
  "--m--",
  "",
].join("\r\n");

export async function readsAMessage(client) {
  await clean(client, "Letters");
  await client.create("Letters");
  await client.append("Letters", LETTER_WITH_PARTS);
  await client.select("Letters");
  const message = await client.readMessage(1);
  equal(message.envelope.subject, "Grüße");
  equal(message.text.trim(), "Grüße aus Köln");
  check(message.html.includes("<p>Hallo</p>"), message.html);
  equal(message.inlineImages[0].contentId, "dot@x");
  equal(message.inlineImages[0].mimeType, "image/png");
  equal(message.inlineImages[0].bytes.length, 8);
  const file = message.attachments.find(({ mimeType }) => mimeType === "application/pdf");
  equal(file.name, "Rechnung Ü.pdf");
  equal(new TextDecoder().decode(await file.bytes()), "%PDF-1.4 and so on");
  const blob = await file.blob();
  equal(blob.type, "application/pdf");
  equal(await text(file.stream()), "%PDF-1.4 and so on");
  const [{ bodyStructure, flags }] = await all(client.fetch(1, { bodyStructure: true, flags: true }));
  check(!flags.includes("\\Seen"), "reading marked it as read");
  const pdf = bodyStructure.children[1];
  equal(pdf.disposition.parameters.filename, "Rechnung Ü.pdf");
  equal(pdf.fileName, "Rechnung Ü.pdf");
  equal((await failure(client.readMessage(99))).code, "gone");
  equal((await failure((async () => client.readMessage("x"))())).code, "invalidArgument");
  await clean(client, "Letters");
}

/** The server's code comes along with its words. */
export async function responseCodesAreKept(client) {
  const { id } = { id: await client.id() };
  await clean(client, "Twice");
  await client.create("Twice");
  const error = await failure(client.create("Twice"));
  equal(error.code, "refused");
  equal(error.responseCode, id.name.includes("Dovecot") ? "ALREADYEXISTS" : error.responseCode);
  check(error.response.length > 0, error);
  await clean(client, "Twice");
}

export async function whatNeedsASignInSaysSo(client) {
  equal((await failure(client.select("INBOX"))).code, "wrongState");
  equal((await failure(client.fetch(1).next())).code, "wrongState");
}

/** Whatever the server's own folders are called. */
export async function changesMailboxes(client) {
  await clean(client, "Garden");
  await client.create("Garden/Roses");
  equal((await failure(client.create("Garden/Roses"))).code, "refused");
  await client.subscribe("Garden/Roses");
  const subscribed = await client.list({ pattern: "Garden/*", which: "subscribed" });
  equal(subscribed.map(({ name }) => name).join(), "Garden/Roses");
  await client.unsubscribe("Garden/Roses");
  equal((await client.list({ pattern: "Garden/*", which: "subscribed" })).length, 0);
  await client.rename("Garden/Roses", "Garden/庭");
  equal((await client.status("Garden/庭")).messages, 0);
  await client.delete("Garden/庭");
  check(["gone", "refused"].includes((await failure(client.status("Garden/庭"))).code), "it is still there");
}

export async function tellsWhereMailboxesLie(client) {
  const { personal, otherUsers, shared } = await client.namespace();
  equal(personal[0].delimiter, "/");
  check(Array.isArray(otherUsers) && Array.isArray(shared), otherUsers);
  await client.select("INBOX");
  await client.unselect();
  equal(client.state, "authenticated");
}

export async function tellsWhoTheServerIs(client) {
  const { name } = await client.id({ name: "Postern" });
  check(
    ["Dovecot", "Cyrus"].some((known) => name.includes(known)),
    name,
  );
}

const LETTER = "From: Ada <ada@example.com>\r\nSubject: Tea\r\n\r\nAt four?\r\n";

/** Each form of a message arrives as it is. */
export async function appendsFromAnything(client) {
  await clean(client, "Forms");
  await client.create("Forms");
  const bytes = new TextEncoder().encode(LETTER);
  const forms = [
    LETTER,
    bytes,
    new Blob([LETTER]),
    { stream: new Blob([LETTER]).stream(), size: bytes.length },
  ];
  const received = Date.UTC(2026, 0, 31, 12);
  for (const [index, form] of forms.entries()) {
    const { uids, uidValidity } = await client.append("Forms", form, {
      flags: ["\\Seen", "$Kept"],
      received,
    });
    check(uids === String(index + 1) && uidValidity > 0, uids);
  }
  await client.select("Forms");
  const messages = await all(client.fetch("1:*", { flags: true, internalDate: true }));
  equal(messages.length, forms.length);
  for (const { uid, flags, internalDate } of messages) {
    equal(await text(client.fetchBody(uid, "")), LETTER);
    check(flags.includes("\\Seen") && flags.includes("$Kept"), flags);
    equal(internalDate, received);
  }
  equal((await failure(client.append("No such mailbox", LETTER))).code, "gone");
  await isAlive(client);
  await clean(client, "Forms");
}

/** Many megabytes, made as they are read. */
export async function appendsALargeStream(client) {
  await clean(client, "Large");
  await client.create("Large");
  const line = new TextEncoder().encode(`${"x".repeat(1022)}\r\n`.repeat(64));
  const head = new TextEncoder().encode("Subject: Large\r\n\r\n");
  const count = 160;
  let left = count;
  const stream = new ReadableStream({
    start: (controller) => controller.enqueue(head),
    pull: (controller) => (left-- > 0 ? controller.enqueue(line) : controller.close()),
  });
  const size = head.length + count * line.length;
  await client.append("Large", { stream, size });
  await client.select("Large");
  equal((await all(client.fetch("1:*", { size: true })))[0].size, size);
  await clean(client, "Large");
}

/** Half a message is none: the connection goes instead. */
export async function aBrokenStreamStoresNothing(client, other) {
  await clean(other, "Broken");
  await other.create("Broken");
  const broken = new ReadableStream({ pull: (controller) => controller.error(new Error("no disk")) });
  equal((await failure(client.append("Broken", { stream: broken, size: 1000 }))).message, "no disk");
  equal((await other.status("Broken")).messages, 0);
  await clean(other, "Broken");
}

export async function searchesByQuery(client) {
  await clean(client, "Found");
  await client.create("Found");
  const letters = [
    { from: "ada@example.com", subject: "Tea", text: "At four?", flags: ["\\Seen"] },
    { from: "bea@example.com", subject: "Tea again", text: "At five?", flags: ["\\Flagged"] },
    { from: "cy@example.com", subject: "=?UTF-8?Q?Gr=C3=BC=C3=9Fe?=", text: "Nothing else.", flags: [] },
  ];
  for (const { from, subject, text, flags } of letters) {
    await client.append("Found", `From: ${from}\r\nSubject: ${subject}\r\n\r\n${text}\r\n`, { flags });
  }
  await client.select("Found");
  const today = new Date(Date.now() - 48 * 3600 * 1000).toISOString().slice(0, 10);
  for (const [query, expected] of [
    [{}, "1,2,3"],
    [{ subject: "tea" }, "1,2"],
    [{ subject: "tea", seen: false }, "2"],
    [{ from: "cy@example.com" }, "3"],
    [{ subject: "Grüße" }, "3"],
    [{ body: "five" }, "2"],
    [{ flagged: true }, "2"],
    [{ not: { subject: "tea" } }, "3"],
    [{ or: [{ flagged: true }, { from: "cy@" }] }, "2,3"],
    [{ uid: "2:9", since: today }, "2,3"],
    [{ uid: [1, 3], header: { subject: "tea" } }, "1"],
    [{ before: today }, ""],
    [{ larger: 100000 }, ""],
  ]) {
    equal((await client.search(query)).join(), expected);
  }
  for (const query of [
    null,
    { subjekt: "tea" },
    { not: { sen: true } },
    { or: [] },
    { since: "yesterday" },
  ]) {
    equal((await failure((async () => client.search(query))())).code, "invalidArgument");
  }
  await clean(client, "Found");
}

/** Each key with what it finds and what the server needs for it. */
export async function searchesByMoreKeys(client) {
  await clean(client, "Keys");
  await client.create("Keys");
  const date = (day) => `Date: ${day} Jun 2026 10:00:00 +0000`;
  const received = Date.UTC(2026, 5, 3, 12);
  await client.append("Keys", `Subject: Tea\r\n${date(1)}\r\n\r\nOne.\r\n`, { received });
  await client.append("Keys", `Subject: Tea\r\n${date(2)}\r\n\r\nTwo.\r\n`, { flags: ["$Work"] });
  const { highestModSeq } = await client.select("Keys");
  await client.store(2, "add", ["\\Flagged"]);
  for (const [query, expected, capability] of [
    [{ on: "2026-06-03" }, "1"],
    [{ sentOn: "2026-06-02" }, "2"],
    [{ seq: "2:*" }, "2"],
    [{ seq: [1] }, "1"],
    [{ keyword: "$Work" }, "2"],
    [{ and: [{ not: { seen: true } }, { not: { flagged: true } }] }, "1"],
    [{ or: [{ sentOn: "2026-06-01" }, { seen: true }], and: [{ or: [{ seq: 1 }, { seq: 2 }] }] }, "1"],
    [{ older: 3600 }, "1", "WITHIN"],
    [{ younger: 3600 }, "2", "WITHIN"],
    [{ modSeq: highestModSeq + 1 }, "2", "CONDSTORE"],
    [{ savedSince: "2026-06-04" }, "1,2", "SAVEDATE"],
    [{ savedBefore: "2026-06-04" }, "", "SAVEDATE"],
    [{ emailId: "nobody" }, "", "OBJECTID"],
    [{ threadId: "nobody" }, "", "OBJECTID"],
    [{ annotation: { entry: "/comment", attribute: "value", text: "x" } }, "", "ANNOTATE-EXPERIMENT-1"],
    [{ gmailRaw: "has:attachment" }, "", "X-GM-EXT-1"],
    [{ gmailMessageId: "1" }, "", "X-GM-EXT-1"],
    [{ gmailThreadId: "18446744073709551615" }, "", "X-GM-EXT-1"],
    [{ gmailLabel: "Family" }, "", "X-GM-EXT-1"],
  ]) {
    await whereItCan(client, capability, async () => {
      check(
        (await client.search(query)).join() === expected,
        `${JSON.stringify(query)} should find ${expected}`,
      );
    });
  }
  // What is more or less like it is the server's own affair: Cyrus without an index says nothing at all.
  const fuzzy = await client.search({ fuzzy: { subject: "tea" } }).then(
    (uids) => uids.join(),
    (error) => error.code,
  );
  check(has(client, "SEARCH=FUZZY") ? ["", "1,2", "unreadable"].includes(fuzzy) : fuzzy === "1,2", fuzzy);
  await clean(client, "Keys");
}

/** Ends, counts and windows of a search and of a sort; what the server keeps of one. */
export async function tellsWhatIsWantedOfASearch(client) {
  await clean(client, "Wanted");
  await client.create("Wanted");
  for (const subject of ["d", "b", "e", "a", "c"])
    await client.append("Wanted", `Subject: ${subject}\r\n\r\n.\r\n`);
  await client.select("Wanted");
  const ends = await client.esearch({}, { min: true, max: true, count: true });
  check(ends.min === 1 && ends.max === 5 && ends.count === 5 && ends.all === null, ends);
  const none = await client.esearch({ flagged: true }, { min: true, all: true, count: true });
  check(none.min === null && none.count === 0 && none.all.length === 0, none);
  equal((await client.esearch({ uid: "2:9" }, {})).all.join(), "2,3,4,5");
  const window = await client.esearch({}, { partial: { first: 2, last: 3 }, count: true });
  check(window.partial.join() === "2,3" && window.count === 5, window);
  equal((await client.esearch({}, { partial: { first: 1, last: 2, fromEnd: true } })).partial.join(), "4,5");
  const bySubject = [{ by: "subject" }];
  equal((await client.esort(bySubject, null, { partial: { first: 1, last: 2 } })).partial.join(), "4,2");
  const sorted = await client.esort(bySubject, { uid: "1:3" }, { all: true, count: true });
  check(sorted.all.join() === "2,1,3" && sorted.count === 3, sorted);
  await whereItCan(client, "SEARCHRES", async () => {
    await client.esearch({ subject: "b" }, { save: true });
    equal((await client.search({ saved: true })).join(), "2");
    equal((await client.search({ saved: false })).join(), "1,3,4,5");
  });
  await clean(client, "Wanted");
}

/** `other` is a second connection of the same account. */
export async function keepsResultsUpToDate(client, other) {
  await clean(other, "Kept");
  await other.create("Kept");
  for (let count = 0; count < 2; count++) await other.append("Kept", LETTER);
  await client.select("Kept");
  const { all: found, context } = await client.esearch({ flagged: false }, { all: true, update: true });
  equal(found.join(), "1,2");
  if (!has(client, "CONTEXT=SEARCH")) {
    equal(context, null);
    equal((await failure(client.cancelUpdate(["A1"]))).code, "unsupported");
    return;
  }
  await other.select("Kept");
  const change = other.store(2, "add", ["\\Flagged"]);
  for await (const event of client.idle()) {
    if (event.type !== "searchUpdate") continue;
    check(event.context === context && event.added.length === 0, event);
    equal(event.removed.map(({ uids }) => uids).join(), "2");
    break;
  }
  await change;
  await client.cancelUpdate([context]);
  await client.unselect();
  await clean(other, "Kept");
}

export async function searchesSeveralMailboxes(client) {
  await clean(client, "Several");
  await client.create("Several/A");
  await client.create("Several/B");
  await client.append("Several/A", LETTER);
  await whereItCan(client, "MULTISEARCH", async () => {
    const found = await client.multiSearch(
      [{ subtree: ["Several"] }],
      { subject: "tea" },
      { all: true, count: true },
    );
    const inA = found.find(({ mailbox }) => mailbox === "Several/A");
    check(inA.all === "1" && inA.count === 1 && inA.uidValidity > 0, found);
  });
  await clean(client, "Several");
}

export async function partsAMailboxIntoBatches(client) {
  await clean(client, "Batches");
  await client.create("Batches");
  for (let count = 0; count < 5; count++) await client.append("Batches", LETTER);
  await client.select("Batches");
  equal((await client.uidBatches(2)).join(), "4:5,2:3,1");
  equal((await client.uidBatches(2, { first: 2, last: 2 })).join(), "2:3");
  await clean(client, "Batches");
}

export async function copiesMovesAndExpunges(client) {
  await clean(client, "Here", "There");
  await client.create("Here");
  await client.create("There");
  for (let count = 0; count < 4; count++) await client.append("Here", LETTER);
  await client.select("Here");
  const copied = await client.copy([1, 2], "There");
  check(copied.from === "1:2" && copied.to === "1:2" && copied.uidValidity > 0, copied);
  const moved = await client.move(3, "There");
  check(moved.from === "3" && moved.to === "3", moved);
  equal((await client.search({})).join(), "1,2,4");
  await client.store("1,4", "add", ["\\Deleted"]);
  await client.expunge(4);
  equal((await client.search({})).join(), "1,2");
  await client.expunge();
  equal((await client.search({})).join(), "2");
  const { uids } = await client.replace(2, "Here", LETTER.replace("four", "five"), { flags: ["\\Draft"] });
  equal((await client.search({})).join(), uids);
  equal((await client.status("There")).messages, 3);
  check(
    ["gone", "refused"].includes((await failure(client.copy(uids, "No such mailbox"))).code),
    "another code",
  );
  await clean(client, "Here", "There");
}

export async function sortsAndThreads(client) {
  await clean(client, "Sorted");
  await client.create("Sorted");
  for (const [subject, day, more] of [
    ["Tea", 1, "Message-ID: <1@x>"],
    ["Apples", 3, "Message-ID: <2@x>"],
    ["Re: Tea", 2, "Message-ID: <3@x>\r\nIn-Reply-To: <1@x>\r\nReferences: <1@x>"],
  ]) {
    const date = `Date: ${day} Jun 2026 10:00:00 +0000`;
    await client.append("Sorted", `Subject: ${subject}\r\n${date}\r\n${more}\r\n\r\nYes.\r\n`);
  }
  await client.select("Sorted");
  equal((await client.sort([{ by: "date" }])).join(), "1,3,2");
  equal((await client.sort([{ by: "date", descending: true }])).join(), "2,3,1");
  equal((await client.sort([{ by: "subject" }, { by: "date", descending: true }])).join(), "2,3,1");
  equal((await client.sort([{ by: "date" }], { subject: "tea" })).join(), "1,3");
  const threads = await client.thread();
  equal(threads.map(({ uid, depth }) => `${uid}@${depth}`).join(), "1@0,3@1,2@0");
  equal((await client.thread({ subject: "apples" }, { by: "orderedSubject" })).length, 1);
  equal((await failure((async () => client.sort([{ by: "colour" }]))())).code, "invalidArgument");
  await clean(client, "Sorted");
}

/** A change gives way to those that others made meanwhile. */
export async function storesUnlessChanged(client) {
  await clean(client, "Changed");
  await client.create("Changed");
  for (let count = 0; count < 3; count++) await client.append("Changed", LETTER);
  await client.select("Changed");
  if (!has(client, "CONDSTORE")) {
    equal((await failure(client.storeUnlessChanged(1, "add", ["\\Seen"], 1))).code, "unsupported");
    return;
  }
  const messages = await all(client.fetch("1:*", { modSeq: true }));
  const modSeq = Math.max(...messages.map(({ modSeq }) => modSeq));
  await client.store(2, "add", ["\\Seen"]);
  const outcome = await client.storeUnlessChanged("2:3", "add", ["\\Flagged"], modSeq);
  equal(outcome.modified, "2");
  const changed = outcome.messages.find(({ uid }) => uid === 3);
  check(changed.flags.includes("\\Flagged") && changed.modSeq > modSeq, outcome);
  equal((await client.search({ flagged: true })).join(), "3");
  const now = await client.storeUnlessChanged(3, "remove", ["\\Flagged"], changed.modSeq);
  equal(now.modified, null);
  await client.store(1, "add", ["\\Answered"], { silent: true });
  equal((await client.search({ answered: true })).join(), "1");

  const { messages: since, vanished } = await client.changes(modSeq, "1:9");
  equal(
    since
      .map(({ uid }) => uid)
      .sort()
      .join(),
    "1,2,3",
  );
  equal(vanished.join(), "4:9");
  equal((await client.changes(Math.max(...since.map((message) => message.modSeq)))).messages.length, 0);
  await clean(client, "Changed");
}

/** What only some servers know of a message is `null` elsewhere. */
export async function fetchesWhatServersKnow(client) {
  await clean(client, "Known");
  await client.create("Known");
  const mime =
    "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64";
  for (let count = 0; count < 4; count++)
    await client.append("Known", `Subject: x\r\n${mime}\r\n\r\naGVsbG8=\r\n`);
  await client.select("Known");
  const window = { partial: { first: 1, last: 2, fromEnd: true } };
  const newest = await all(client.fetch("1:*", { size: true }, window));
  equal(
    newest
      .map(({ uid }) => uid)
      .sort()
      .join(),
    "3,4",
  );
  const query = { flags: true, modSeq: true, preview: true, saveDate: true, emailId: true, threadId: true };
  const [message] = await all(client.fetch(1, { ...query, gmailLabels: true, gmailMessageId: true }));
  equal(message.modSeq > 0, has(client, "CONDSTORE"));
  // Cyrus without an index has none at hand.
  check(message.preview === null || has(client, "PREVIEW"), message);
  equal(message.saveDate > 0, has(client, "SAVEDATE"));
  equal(typeof message.emailId === "string", has(client, "OBJECTID"));
  equal(message.gmailLabels === null, !has(client, "X-GM-EXT-1"));
  // By the server where it has BINARY, and here where it has not.
  equal((await text(client.fetchBody(1, "1", { decoded: true }))).trim(), "hello");
  equal((await text(client.fetchBody(1, "1"))).trim(), "aGVsbG8=");
  await clean(client, "Known");
}

/** The mailbox's own numbers, and what `select` leaves behind. */
export async function countsOpensAndCloses(client) {
  await clean(client, "Counted");
  await client.create("Counted");
  await client.append("Counted", LETTER);
  const attributes = ["messages", "size", "highestModSeq", "deleted"];
  const status = await client.status("Counted", { attributes });
  check(status.messages === 1 && status.unseen === null, status);
  equal(status.size, has(client, "STATUS=SIZE") ? LETTER.length : null);
  equal(status.highestModSeq > 0, has(client, "CONDSTORE"));
  await client.select("Counted");
  await client.check();
  await client.store(1, "add", ["\\Deleted"]);
  await client.closeMailbox();
  equal(client.state, "authenticated");
  equal((await client.status("Counted")).messages, 0);
  await clean(client, "Counted");
}

export async function turnsCapabilitiesOn(client) {
  await whereItCan(client, "ENABLE", async () => {
    check((await client.enable(["CONDSTORE"])).includes("CONDSTORE"), "CONDSTORE is not on");
  });
}

/** Three at once, of which one has a date, one other flags, and one comes in pieces. */
export async function appendsSeveralAtOnce(client) {
  await clean(client, "Several");
  await client.create("Several");
  const received = Date.UTC(2026, 0, 31, 12);
  const stream = { stream: new Blob([LETTER.repeat(2000)]).stream(), size: LETTER.length * 2000 };
  const { uids, uidValidity } = await client.appendAll("Several", [
    { message: LETTER, received },
    { message: stream, flags: ["\\Flagged"] },
    { message: new Blob([LETTER]), flags: ["\\Seen"] },
  ]);
  equal(uids, "1:3");
  await client.select("Several");
  const messages = await all(client.fetch("1:*", { flags: true, internalDate: true, size: true }));
  equal(messages.map(({ size }) => size).join(), [LETTER.length, stream.size, LETTER.length].join());
  equal(messages[0].internalDate, received);
  equal(
    messages.map(({ flags }) => flags.filter((flag) => flag !== "\\Recent").join()).join(),
    ",\\Flagged,\\Seen",
  );
  await whereItCan(client, "CATENATE", async () => {
    const url = `/Several;UIDVALIDITY=${uidValidity}/;UID=1/;SECTION=HEADER`;
    const { uids } = await client.append("Several", [
      { url },
      { text: "At five, " },
      { text: new Blob(["then.\r\n"]) },
    ]);
    equal(await text(client.fetchBody(Number(uids), "")), LETTER.replace("At four?", "At five, then."));
  });
  await clean(client, "Several");
}

export async function tellsWhatChanged(client) {
  await clean(client, "Changed");
  await client.create("Changed");
  for (let count = 0; count < 3; count++) await client.append("Changed", LETTER);
  const { uidValidity, highestModSeq, changes } = await client.select("Changed");
  equal(changes, null);
  await client.store(2, "add", ["\\Flagged"]);
  await client.store(3, "add", ["\\Deleted"]);
  await client.expunge();
  await client.unselect();
  const known = { uidValidity, modSeq: highestModSeq, known: "1:3" };
  const again = await client.select("Changed", { changesSince: known });
  equal(again.exists, 2);
  equal(again.changes.vanished.join(), "3");
  check(again.changes.messages.find(({ uid }) => uid === 2).flags.includes("\\Flagged"), again.changes);
  await client.unselect();
  const other = await client.select("Changed", { changesSince: { ...known, uidValidity: uidValidity - 1 } });
  equal(other.changes, null);
  await clean(client, "Changed");
}

/** What only some servers have is there, or said not to be. */
export async function tellsOfRoomRightsAndNotes(client) {
  await clean(client, "Noted");
  await client.create("Noted");
  await whereItCan(client, "QUOTA", async () => {
    const [{ root, resources }] = await client.quota();
    check(
      resources.some(({ name, limit }) => name === "STORAGE" && limit > 0),
      resources,
    );
    // Cyrus 3.6 tells administrators alone what a root has.
    const { name } = await client.id();
    if (name.includes("Cyrus")) equal((await failure(client.quotaOf(root))).code, "refused");
    else equal(JSON.stringify((await client.quotaOf(root))[0].resources), JSON.stringify(resources));
    equal((await failure(client.setQuota(root, { STORAGE: 1 }))).code, "refused");
  });
  await whereItCan(client, "ACL", async () => {
    await client.setAcl("Noted", "anyone", "lr");
    const rightsOf = async (who) =>
      (await client.acl("Noted")).find(({ identifier }) => identifier === who)?.rights;
    equal(await rightsOf("anyone"), "lr");
    await client.deleteAcl("Noted", "anyone");
    equal(await rightsOf("anyone"), undefined);
    check((await client.myRights("Noted")).includes("r"), "no right to read");
    const { required, optional } = await client.listRights("Noted", "anyone");
    check((required + optional.join("")).includes("r"), optional);
    const [{ rights }] = await client.list({ pattern: "Noted", rights: true });
    check(rights.includes("a"), rights);
  });
  await whereItCan(client, "METADATA", async () => {
    await client.setMetadata("Noted", { "/private/comment": "Rosés" });
    equal((await client.metadata("Noted", ["/private/comment"]))["/private/comment"], "Rosés");
    const [{ metadata }] = await client.list({ pattern: "Noted", metadata: ["/private/comment"] });
    equal(metadata["/private/comment"], "Rosés");
  });
  await clean(client, "Noted");
}

/** What few servers have, or none of those here. */
export async function asksForWhatFewHave(client) {
  await whereItCan(client, "LANGUAGE", async () =>
    check((await client.language()).length > 0, "no language"),
  );
  await whereItCan(client, "I18NLEVEL=2", async () =>
    check((await client.comparator()).length > 0, "no rules"),
  );
  await whereItCan(client, "JMAPACCESS", async () =>
    check((await client.jmapAccess()).startsWith("https:"), "no URL"),
  );
  await client.select("INBOX");
  await whereItCan(client, "X-GM-EXT-1", () => client.storeLabels(1, "add", ["Family"]));
  const note = { "/comment": { "value.priv": "call back" } };
  await whereItCan(client, "ANNOTATE-EXPERIMENT-1", async () => {
    await client.storeAnnotations(1, note);
    const annotations = { entries: ["/comment"], attributes: ["value.priv"] };
    equal(
      (await all(client.fetch(1, { annotations })))[0].annotations["/comment"]["value.priv"],
      "call back",
    );
  });
  await client.unselect();
  await whereItCan(client, "UNAUTHENTICATE", async () => {
    await client.unauthenticate();
    equal(client.state, "notAuthenticated");
  });
}

/** `other` is a second connection of the same account. */
export async function tellsOfOtherMailboxes(client, other) {
  await clean(other, "Watched");
  await other.create("Watched");
  await whereItCan(client, "NOTIFY", async () => {
    const watch = { mailboxes: "personal", events: ["messageNew", "messageExpunge"] };
    const counts = await client.notify([watch], { status: true });
    check(Object.hasOwn(counts, "Watched") && counts.Watched.messages === 0, counts);
    const change = other.append("Watched", LETTER);
    for await (const event of client.idle()) {
      if (event.type === "status" && event.mailbox === "Watched" && event.status.messages === 1) break;
    }
    await change;
    await client.notify(null);
  });
  await clean(other, "Watched");
}

export async function compressesWhatFollows(client) {
  await whereItCan(client, "COMPRESS=DEFLATE", () => client.compress());
  await clean(client, "Small");
  await client.create("Small");
  await client.append("Small", LETTER);
  await client.select("Small");
  equal(await text(client.fetchBody(1, "")), LETTER);
  await clean(client, "Small");
}

/** Does the work where the server has this, or where nothing is needed; elsewhere, the client must say so. */
async function whereItCan(client, capability, work) {
  if (!capability || has(client, capability)) await work();
  else equal((await failure(work())).code, "unsupported");
}

function has(client, capability) {
  return client.capabilities.includes(capability);
}

export async function signsInByEachMechanism(clients, user, password) {
  const mechanisms = ["scramSha256", "scramSha1", "plain", null];
  for (const [index, client] of clients.entries()) {
    await client.authenticate({ user, password, mechanism: mechanisms[index] });
    equal(client.state, "authenticated");
  }
}

/** By each mechanism that the server has, and by the one that the client prefers. */
export async function signsInByToken(clients, user, token) {
  for (const [index, mechanism] of ["oauthbearer", "xoauth2", null].entries()) {
    const client = clients[index];
    await client.authenticate({ user, mechanism, accessToken: async () => token });
    equal(client.state, "authenticated");
    check((await client.list()).length > 0, "nothing to see");
  }
}

/** A refused token is asked for again, once, and the second one is taken. */
export async function refusedTokensSaySo(client, user, token, expired) {
  for (const mechanism of ["oauthbearer", "xoauth2", null]) {
    let asked = 0;
    const accessToken = async () => (asked++ === 0 ? expired : "no token at all");
    const error = await failure(client.authenticate({ user, mechanism, accessToken }));
    equal(error.code, "tokenRefused");
    check(error.response.length > 0 && /401|invalid_token/.test(error.message), error);
    equal(asked, 2);
    equal(client.state, "notAuthenticated");
  }
  const tokens = [expired, token];
  await client.authenticate({ user, accessToken: async () => tokens.shift() });
  equal(client.state, "authenticated");
}

export async function wrongCredentialsSaySo(client, user) {
  for (const credentials of [
    {},
    { user },
    { user, password: "a", accessToken: () => "b" },
    { password: "a" },
    { user, password: "a", mechanism: "xoauth2" },
  ]) {
    equal((await failure((async () => client.authenticate(credentials))())).code, "invalidArgument");
  }
  equal((await failure(client.authenticate({ user, password: "wrong" }))).code, "wrongPassword");
  const thrown = new Error("the provider is away");
  const accessToken = () => {
    throw thrown;
  };
  equal(await failure(client.authenticate({ user, accessToken })), thrown);
  equal(client.state, "notAuthenticated");
}

/** Everything that waits is told. */
export async function closingSettlesEverything(client) {
  await client.select("INBOX");
  const waiting = [client.idle().next(), client.noop(), client.status("INBOX"), client.fetch("1:*").next()];
  client.close();
  for (const promise of waiting) equal((await failure(promise)).code, "closed");
  equal((await failure(client.noop())).code, "closed");
}

/** One's own goodbye is no loss: `onClose` is for those who connect again. */
export async function logsOut(client) {
  let told = 0;
  const note = () => {
    told += 1;
  };
  client.onClose(note);
  await client.logout();
  client.onClose(note);
  await new Promise((resolve) => setTimeout(resolve, 50));
  equal(told, 0);
  equal((await failure(client.noop())).code, "closed");
  equal(client.state, "closed");
}

/** Removes mailboxes that an earlier run may have left. */
async function clean(client, ...names) {
  if (client.state === "selected") await client.unselect();
  for (const name of names) {
    const found = await client.list({ pattern: `${name}*` });
    for (const mailbox of found.reverse()) {
      // One that only holds others may be gone by itself.
      await client.delete(mailbox.name).catch(() => {});
    }
  }
}

async function text(stream) {
  return new Response(stream).text();
}

async function isAlive(client) {
  check(Array.isArray(await client.noop()), "the connection is of no more use");
}

async function largest(client) {
  const messages = await all(client.fetch("1:*", { size: true }));
  return messages.reduce((a, b) => (b.size > a.size ? b : a));
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
