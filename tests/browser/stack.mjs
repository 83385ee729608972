//! The servers under test: a real Dovecot by `cargo xtask stack`, and as many proxies as a test needs.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { OtherClient } from "./imap.mjs";

/** A Dovecot with a seeded user, and the means to stop and start it. Every other user name exists too, empty. */
export class Stack {
  #child;
  #lines;

  /** Starts one, or joins the one that `POSTERN_STACK` describes; that one can't be stopped. */
  static async start() {
    if (process.env.POSTERN_STACK) return new Stack(JSON.parse(process.env.POSTERN_STACK));
    const child = spawn("cargo", ["xtask", "stack"], {
      cwd: ROOT,
      stdio: ["pipe", "pipe", "inherit"],
      // The proxies that tests start of their own are the same program.
      env: { ...process.env, POSTERN_BIN: binary() },
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const { value } = await lines.next();
    if (value === undefined) throw new Error("cargo xtask stack ended without a word");
    return new Stack(JSON.parse(value), child, lines);
  }

  constructor(facts, child, lines) {
    this.facts = facts;
    this.user = facts.user;
    this.password = facts.password;
    this.authority = facts.authority;
    this.#child = child;
    this.#lines = lines;
  }

  /** Where a proxy finds the server, by how it is to speak to it. @param {"implicit TLS" | "STARTTLS"} transport */
  server(transport) {
    const { imap, imaps } = this.facts;
    return transport === "STARTTLS" ? `imap://localhost:${imap}` : `imaps://localhost:${imaps}`;
  }

  /** Signs in as another mail program of this user. @param {string} user */
  async otherClient(user) {
    const client = await OtherClient.connect(this.facts.imaps, this.authority);
    await client.login(user, this.password);
    return client;
  }

  /** A proxy before this server. The page then asks for no server: there is one. */
  async proxy(/** @type {"implicit TLS" | "STARTTLS"} */ transport) {
    return await Postern.start(this.server(transport), this.authority);
  }

  /** Dovecot ends; its connections break, its ports refuse. */
  async stopDovecot() {
    await this.#tell("stop-dovecot");
  }

  /** Dovecot starts again with the same mail. */
  async startDovecot() {
    await this.#tell("start-dovecot");
  }

  async #tell(line) {
    if (!this.#child) throw new Error("a stack that others started can't be told");
    this.#child.stdin.write(`${line}\n`);
    const { value } = await this.#lines.next();
    if (value !== "ok") throw new Error(`${line}: ${value}`);
  }

  /** Ends all that `start` started. */
  async stop() {
    if (!this.#child) return;
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    this.#child.stdin.end();
    await ended;
  }
}

/** A `postern` of its own, before one server. */
export class Postern {
  #child;

  /** @param {string} server `imaps://…` or `imap://…` @param {string} [authority] a file; the system's without */
  static async start(server, authority) {
    const args = ["--listen", "127.0.0.1:0", "--imap", server];
    if (authority) args.push("--ca-file", authority);
    return await Postern.run(args);
  }

  /** @param {string} settings its configuration file @param {string} authority a file */
  static async configured(settings, authority) {
    const folder = await mkdtemp(join(tmpdir(), "postern-settings-"));
    const file = join(folder, "postern.toml");
    await writeFile(file, settings);
    try {
      return await Postern.run(["--listen", "127.0.0.1:0", "--config", file, "--ca-file", authority]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  static async run(/** @type {string[]} */ args) {
    const child = spawn(binary(), args, { stdio: ["ignore", "pipe", "pipe"] });
    const said = [];
    const url = await new Promise((resolve, reject) => {
      for (const stream of [child.stdout, child.stderr]) {
        createInterface({ input: stream }).on("line", (line) => {
          said.push(line);
          const found = /postern listens on (http:\/\/[^\s/]+)/.exec(line);
          if (found) resolve(found[1]);
        });
      }
      child.once("error", reject);
      child.once("exit", (code) => reject(new Error(`postern ended (${code}):\n${said.join("\n")}`)));
    });
    return new Postern(child, url, said);
  }

  constructor(child, url, said) {
    this.#child = child;
    this.url = url;
    this.said = said;
  }

  /** Asks it to end, and waits until it has. */
  async stop() {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once("exit", resolve));
    // Nobody waits for a tab that is still open.
    this.#child.kill("SIGKILL");
    await ended;
  }
}

function binary() {
  const target = process.env.CARGO_TARGET_DIR ?? join(ROOT, "target");
  const found = [process.env.POSTERN_BIN, join(target, "debug", "postern")].find(
    (path) => path && existsSync(path),
  );
  if (!found)
    throw new Error("no postern: build it with `cargo build -p postern-proxy`, or name it in POSTERN_BIN");
  return resolve(found);
}

/** The checkout. */
export const ROOT = resolve(import.meta.dirname, "../..");

/** How the proxy speaks to the server: every journey is made over both. */
export const TRANSPORTS = /** @type {const} */ (["implicit TLS", "STARTTLS"]);
