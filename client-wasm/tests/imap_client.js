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
    () => client.fetch([]),
    () => client.fetch(1.5),
    () => client.fetch(1, { envelop: true }),
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
    () => client.copy([], "INBOX"),
  ]) {
    const error = await failure((async () => call())());
    check(error.code === "invalidArgument" && error.message.length > 0, `${call}: ${error}`);
  }
  await isAlive(client);
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
  const subscribed = await client.list({ pattern: "Garden/*", subscribed: true });
  equal(subscribed.map(({ name }) => name).join(), "Garden/Roses");
  await client.unsubscribe("Garden/Roses");
  equal((await client.list({ pattern: "Garden/*", subscribed: true })).length, 0);
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
  check(["Dovecot", "Cyrus"].some((known) => name.includes(known)), name);
}

const LETTER = "From: Ada <ada@example.com>\r\nSubject: Tea\r\n\r\nAt four?\r\n";

/** Each form of a message arrives as it is. */
export async function appendsFromAnything(client) {
  await clean(client, "Forms");
  await client.create("Forms");
  const bytes = new TextEncoder().encode(LETTER);
  const forms = [LETTER, bytes, new Blob([LETTER]), { stream: new Blob([LETTER]).stream(), size: bytes.length }];
  const received = Date.UTC(2026, 0, 31, 12);
  for (const [index, form] of forms.entries()) {
    const { uids, uidValidity } = await client.append("Forms", form, { flags: ["\\Seen", "$Kept"], received });
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
  for (const query of [null, { subjekt: "tea" }, { not: { sen: true } }, { or: [] }, { since: "yesterday" }]) {
    equal((await failure((async () => client.search(query))())).code, "invalidArgument");
  }
  await clean(client, "Found");
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
  check(["gone", "refused"].includes((await failure(client.copy(uids, "No such mailbox"))).code), "another code");
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
    const [{ resources }] = await client.quota();
    check(resources.some(({ name, limit }) => name === "STORAGE" && limit > 0), resources);
  });
  await whereItCan(client, "ACL", async () => {
    await client.setAcl("Noted", "anyone", "lr");
    const rightsOf = async (who) => (await client.acl("Noted")).find(({ identifier }) => identifier === who)?.rights;
    equal(await rightsOf("anyone"), "lr");
    await client.deleteAcl("Noted", "anyone");
    equal(await rightsOf("anyone"), undefined);
    check((await client.myRights("Noted")).includes("r"), "no right to read");
  });
  await whereItCan(client, "METADATA", async () => {
    await client.setMetadata("Noted", { "/private/comment": "Rosés" });
    equal((await client.metadata("Noted", ["/private/comment"]))["/private/comment"], "Rosés");
  });
  await clean(client, "Noted");
}

/** `other` is a second connection of the same account. */
export async function tellsOfOtherMailboxes(client, other) {
  await clean(other, "Watched");
  await other.create("Watched");
  await whereItCan(client, "NOTIFY", async () => {
    await client.notify([{ mailboxes: "personal", events: ["messageNew", "messageExpunge"] }]);
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

async function whereItCan(client, capability, work) {
  if (client.capabilities.includes(capability)) await work();
  else equal((await failure(work())).code, "unsupported");
}

export async function signsInByEachMechanism(clients, user, password) {
  const mechanisms = ["scramSha256", "scramSha1", "plain", null];
  for (const [index, client] of clients.entries()) {
    await client.authenticate({ user, password, mechanism: mechanisms[index] });
    equal(client.state, "authenticated");
  }
}

export async function wrongCredentialsSaySo(client, user) {
  for (const credentials of [{}, { user }, { user, password: "a", accessToken: () => "b" }, { password: "a" }]) {
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

export async function logsOut(client) {
  const reason = new Promise((resolve) => client.onClose(resolve));
  await client.logout();
  equal((await reason).code, "closed");
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
