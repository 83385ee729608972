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
  await client.select("INBOX");
  const controller = new AbortController();
  const idle = client.idle({ signal: controller.signal });
  const next = idle.next();
  check((await client.status("INBOX")).messages > 0, "no messages");
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
