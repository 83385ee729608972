// What a mail program would write with MailEngine. Each function gets an engine and throws where something is not as
// it must be; mail_engine.rs runs them.

import * as tests from "./mail_engine.js";

export async function run(test, engine, user, password) {
  try {
    await tests[test](engine, new View(engine), user, password);
  } finally {
    engine.close();
  }
}

/** Keeps every update, and waits for the one that is looked for. */
class View {
  updates = [];
  #look = () => {};

  constructor(engine) {
    engine.onUpdates((batch) => {
      check(Array.isArray(batch) && batch.length > 0, batch);
      this.updates.push(...batch);
      this.#look();
    });
  }

  /** The first update of this type, from `since` on, that `matches`. */
  async next(type, matches = () => true, since = 0) {
    for (;;) {
      const found = this.updates.slice(since).find((update) => update.type === type && matches(update));
      if (found) return found;
      await new Promise((resolve) => {
        this.#look = resolve;
      });
    }
  }

  session(state) {
    return this.next("session", ({ session }) => session.state === state);
  }
}

async function openInbox(engine, view, address, password) {
  engine.send({ type: "signIn", upstream: null, address, password });
  await view.session("online");
  const { mailboxes } = await view.next("mailboxes", ({ mailboxes }) => mailboxes.length > 0);
  const inbox = mailboxes.find(({ role }) => role === "inbox");
  check(inbox?.selectable && inbox.depth === 0, mailboxes);
  engine.send({ type: "openMailbox", mailbox: inbox.id });
  engine.send({ type: "showRows", mailbox: inbox.id, first: 0, count: 20 });
  const list = await view.next("list", ({ mailbox, total }) => mailbox === inbox.id && total > 0);
  const { rows } = await view.next(
    "rows",
    ({ generation, first }) => generation === list.generation && first === 0,
  );
  return { inbox, list, rows };
}

export async function signsInAndShowsRows(engine, view, address, password) {
  const { list, rows } = await openInbox(engine, view, address, password);
  check(rows.length > 0 && rows.length <= list.total, rows.length);
  for (const row of rows) {
    check(
      typeof row.id === "number" && typeof row.subject === "string" && typeof row.flags.seen === "boolean",
      row,
    );
    check(Number.isSafeInteger(row.date), row);
    check(row.preview === null || typeof row.preview === "string", row);
  }
}

export async function opensAndMarksAMessage(engine, view, address, password) {
  const { rows } = await openInbox(engine, view, address, password);
  const row = rows[0];
  engine.send({ type: "openMessage", message: row.id });
  const { message } = await view.next("message", ({ message }) => message.id === row.id);
  equal(message.subject, row.subject);
  check(message.body.text !== null || message.body.html !== null || message.attachments.length > 0, message);
  for (const flagged of [!row.flags.flagged, row.flags.flagged]) {
    const since = view.updates.length;
    engine.send({ type: "setFlags", messages: [row.id], seen: null, flagged });
    await view.next(
      "flagsChanged",
      (update) => update.message === row.id && update.flags.flagged === flagged,
      since,
    );
  }
}

export async function wrongPassword(engine, view, address) {
  engine.send({ type: "signIn", upstream: null, address, password: "wrong" });
  const { session } = await view.session("signedOut");
  equal(session.problem.code, "wrongPassword");
}

export async function untrustedCertificate(engine, view, address, password) {
  engine.send({ type: "signIn", upstream: "untrusted", address, password });
  const { session } = await view.session("signedOut");
  equal(session.problem.code, "certificateUntrusted");
}

export async function unreachableProxy(engine, view, address, password) {
  engine.send({ type: "signIn", upstream: null, address, password });
  const { session } = await view.session("signedOut");
  equal(session.problem.code, "proxyUnreachable");
}

export function wrongIntents(engine) {
  const sent = (intent) => () => engine.send(intent);
  for (const intent of [
    undefined,
    {},
    { type: "fly" },
    { type: "openMailbox" },
    { type: "openMailbox", mailbox: -1 },
  ]) {
    const error = thrown(sent(intent));
    equal(error.name, "ImapError");
    equal(error.code, "invalidArgument");
    check(error.message.startsWith("intent: "), error.message);
  }
  engine.send({ type: "refresh" });
  engine.close();
  equal(thrown(sent({ type: "refresh" })).code, "closed");
}

function thrown(call) {
  try {
    call();
  } catch (error) {
    return error;
  }
  throw new Error(`should have thrown: ${call}`);
}

function equal(actual, expected) {
  check(Object.is(actual, expected), `${JSON.stringify(actual)} is not ${JSON.stringify(expected)}`);
}

function check(condition, what) {
  if (!condition) throw new Error(typeof what === "string" ? what : JSON.stringify(what));
}
