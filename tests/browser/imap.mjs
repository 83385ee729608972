//! Another mail program of the same user: just enough IMAP over TLS to change something behind the page's back.
//!
//! Not the project's own client: a test that used the one under test for both sides would not see what both get wrong.

import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { connect } from "node:tls";

/** One connection. Commands run one after the other. */
export class OtherClient {
  #socket;
  #lines;
  #tag = 0;

  /** @param {number} port of localhost @param {string} authority the file of who signed its certificate */
  static async connect(port, authority) {
    const socket = connect({ host: "localhost", port, ca: await readFile(authority) });
    await once(socket, "secureConnect");
    const client = new OtherClient(socket);
    const greeting = await client.#line();
    if (!greeting.startsWith("* OK")) throw new Error(greeting);
    return client;
  }

  constructor(socket) {
    this.#socket = socket;
    // What happens to it is learned by the next read.
    socket.on("error", () => {});
    this.#lines = createInterface({ input: socket, crlfDelay: Infinity })[Symbol.asyncIterator]();
  }

  async login(user, password) {
    await this.command(`LOGIN ${quoted(user)} ${quoted(password)}`);
  }

  /** @param {string} mailbox @param {string | Buffer} message @param {string} [flags] such as `\Seen` */
  async append(mailbox, message, flags = "") {
    const bytes = Buffer.from(message);
    const tag = this.#begin(`APPEND ${quoted(mailbox)} (${flags}) {${bytes.length}}`);
    const ready = await this.#line();
    if (!ready.startsWith("+")) throw new Error(ready);
    this.#socket.write(bytes);
    this.#socket.write("\r\n");
    return await this.#finish(tag);
  }

  /** The flags of the newest message of this subject. @param {string} mailbox @param {string} subject */
  async flags(mailbox, subject) {
    const [uid] = await this.#uids(mailbox, subject);
    const lines = await this.command(`UID FETCH ${uid} (FLAGS)`);
    const found = lines.map((line) => /FLAGS \(([^)]*)\)/.exec(line)).find((match) => match);
    return found?.[1].split(" ") ?? [];
  }

  /** Adds or takes a flag. @param {"+FLAGS" | "-FLAGS"} how */
  async store(mailbox, subject, how, flag) {
    const [uid] = await this.#uids(mailbox, subject);
    await this.command(`UID STORE ${uid} ${how} (${flag})`);
  }

  /** Removes the message. */
  async expunge(mailbox, subject) {
    await this.store(mailbox, subject, "+FLAGS", "\\Deleted");
    await this.command("EXPUNGE");
  }

  /** Newest first. */
  async #uids(mailbox, subject) {
    await this.command(`SELECT ${quoted(mailbox)}`);
    const lines = await this.command(`UID SEARCH SUBJECT ${quoted(subject)}`);
    const found =
      lines
        .find((line) => line.startsWith("* SEARCH"))
        ?.split(" ")
        .slice(2) ?? [];
    if (found.length === 0) throw new Error(`no message "${subject}" in ${mailbox}`);
    return found.toReversed();
  }

  /** Any command in one line. @returns {Promise<string[]>} the untagged lines */
  async command(line) {
    return await this.#finish(this.#begin(line));
  }

  async logout() {
    await this.command("LOGOUT");
    this.#socket.destroy();
  }

  #begin(line) {
    this.#tag += 1;
    this.#socket.write(`x${this.#tag} ${line}\r\n`);
    return `x${this.#tag} `;
  }

  async #finish(tag) {
    const untagged = [];
    for (;;) {
      const line = await this.#line();
      if (!line.startsWith(tag)) untagged.push(line);
      else if (line.startsWith(`${tag}OK`)) return untagged;
      else throw new Error(line);
    }
  }

  /** One line. None of the answers asked for here holds a literal. */
  async #line() {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error("the server hung up");
    return value;
  }
}

// RFC 9051 section 9: quoted.
function quoted(text) {
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}
