// The npm package as `cargo xtask wasm` makes it, in Node: what it throws around its life, and whether its README tells the
// truth to TypeScript. `cargo xtask check` runs it.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import init, { ImapClient, ImapError, MailEngine } from "../pkg/postern_client.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const read = (name) => readFileSync(join(root, "client-wasm", name));

/** A mail server that greets and says OK to everything but what it was told to leave unanswered. */
class Server {
  bufferedAmount = 0;

  constructor() {
    setTimeout(() => this.say("* PREAUTH [CAPABILITY IMAP4rev1] hi"));
  }

  send(bytes) {
    for (const line of new TextDecoder().decode(bytes).split("\r\n").slice(0, -1)) {
      const [tag, command] = line.split(" ");
      if (command !== "NOOP") setTimeout(() => this.say(`${tag} OK done`));
    }
  }

  say(line) {
    this.onmessage?.({ data: new TextEncoder().encode(`${line}\r\n`).buffer });
  }

  close() {}
}

async function failure(work) {
  try {
    await work();
  } catch (error) {
    assert.ok(error instanceof ImapError, `${error?.stack ?? error}`);
    return error;
  }
  assert.fail("it should have failed");
}

test("before init everything fails with an ImapError", async () => {
  for (const work of [
    () => ImapClient.connect("wss://mail.example.com"),
    () => new MailEngine({ url: "wss://mail.example.com" }),
  ]) {
    const error = await failure(work);
    assert.equal(error.code, "wrongState");
    assert.match(error.message, /init\(\)/);
  }
});

test("after init, during free and after free everything fails with an ImapError", async () => {
  await init({ module_or_path: read("pkg/postern_client_bg.wasm") });
  globalThis.WebSocket = Server;
  const client = await ImapClient.connect("wss://mail.example.com/imap");
  assert.ok(client instanceof ImapClient);
  assert.equal(client.state, "authenticated");
  for (const work of [
    () => client.select(),
    () => client.select(42),
    () => client.store(1, "add", "\\Seen"),
    () => client.store(1, "add", [1]),
    () => client.fetch(undefined),
    () => client.fetch(1, 1),
    () => client.idle({ renewAfter: 0 }),
    () => client.login("ada"),
    () => client.append("INBOX"),
    () => client.appendAll("INBOX", 1),
    () => client.metadata("INBOX", "/private/comment"),
    () => client.list("*"),
    () => ImapClient.connect(undefined),
    () => new MailEngine(),
  ]) {
    const error = await failure(work);
    assert.ok(["invalidArgument", "wrongState"].includes(error.code), `${work}: ${error.code}`);
    assert.doesNotMatch(error.message, /JsValue|u32|unit value|Misuse|Authenticated/);
  }
  const waiting = failure(() => client.noop());
  await new Promise((resolve) => setTimeout(resolve));
  client.free();
  assert.equal((await waiting).code, "closed");
  for (const work of [() => client.noop(), () => client.fetch(1), () => client.state]) {
    assert.equal((await failure(work)).code, "closed");
  }
  client.free();
  client.close();
});

test("a using block closes", async () => {
  const client = await ImapClient.connect("wss://mail.example.com/imap");
  const waiting = failure(() => client.noop());
  await new Promise((resolve) => setTimeout(resolve));
  if (Symbol.dispose) client[Symbol.dispose]();
  else client.free();
  assert.equal((await waiting).code, "closed");
});

test("an engine that was freed says so", async () => {
  const engine = new MailEngine({ url: "wss://mail.example.com" });
  assert.ok(engine instanceof MailEngine);
  engine.free();
  assert.equal((await failure(() => engine.send({ type: "refresh" }))).code, "closed");
});

/** What the README's samples take from the program around them. */
const AROUND = `
declare const password: string, signal: AbortSignal, file: File & FileSystemFileHandle, one: Blob, two: Blob, header: string;
declare const provider: { token(): Promise<{ access_token: string }> };
declare function askAgain(words?: string): void;
declare function forget(uids: string[]): void;
declare function remember(messages: unknown[]): void;
declare function forgetAll(): void;
declare function save(bytes: Uint8Array): void;
`;

/** Whether TypeScript takes these sources, with the libraries of this year and no file spared. */
function compile(sources, lib) {
  const folder = mkdtempSync(join(tmpdir(), "postern-types-"));
  try {
    const options = {
      target: "ES2023",
      lib,
      module: "ESNext",
      moduleResolution: "bundler",
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      types: [],
      paths: { "postern-client": [join(root, "client-wasm/pkg/postern_client.d.ts")] },
    };
    const files = sources.map((source, at) => {
      writeFileSync(join(folder, `sample${at}.ts`), source);
      return `sample${at}.ts`;
    });
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: options, files }));
    execFileSync(join(root, "www/node_modules/.bin/tsc"), ["-p", folder], { encoding: "utf8" });
  } catch (error) {
    assert.fail(`${error.stdout ?? error}\n${sources.join("\n----\n")}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The README's samples, each as a module. */
function samples() {
  const blocks = [...read("README.md").toString().matchAll(/```ts\n(.*?)```/gs)].map(([, block]) => block);
  return blocks.map((block) => {
    const lines = block.split("\n");
    const imports = lines.filter((line) => line.startsWith("import "));
    const rest = lines.filter((line) => !line.startsWith("import "));
    const client = 'import type { ImapClient as Client } from "postern-client";';
    const body = `export async function sample(client: Client) {\n{\n${rest.join("\n")}\n}\nvoid client;\n}`;
    return [client, ...imports, AROUND, body].join("\n");
  });
}

test("the README's samples compile", () => {
  assert.ok(samples().length >= 4);
  compile(samples(), ["ES2023", "DOM", "DOM.Iterable", "DOM.AsyncIterable"]);
});

test("the types compile with the libraries of ES2023 and of ESNext", () => {
  const source = 'import { ImapClient } from "postern-client";\nexport const connect = ImapClient.connect;\n';
  for (const libraries of ["ES2023", "ESNext"]) compile([source], [libraries, "DOM"]);
});

test("the package names what it is made of", () => {
  const manifest = JSON.parse(read("pkg/package.json"));
  for (const name of ["LICENSE-MIT", "LICENSE-APACHE", "README.md"]) assert.ok(manifest.files.includes(name));
  assert.equal(manifest.exports["."].types, "./postern_client.d.ts");
});
