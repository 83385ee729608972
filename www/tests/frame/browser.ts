//! The frame in a real browser, under the policy that the proxy sends with the page, and a trap behind every other host.

import { mkdir, mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createTrap } from "node:net";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { build } from "vite";
import { expect } from "vitest";

const HERE = fileURLToPath(new URL(".", import.meta.url));
/** Each build has a folder of its own below it: test files run side by side. */
const BUILDS = fileURLToPath(new URL("../../node_modules/.frame/", import.meta.url));

/** What the proxy sends with the page, for the layers that hold here. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: https:; " +
  "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; " +
  "trusted-types dompurify postern-mail postern-text postern-frame postern-test";

/** The frame's page, a browser that shows it, and who was asked for what. */
export class Framed {
  readonly #out: string;
  readonly #server = createServer((request, response) => void this.#serve(request, response));
  /** Where every host but our own leads. Playwright's own interception does not see what a sandboxed frame asks for. */
  readonly #trap = createTrap();
  #asked: string[] = [];
  #canaries = 0;
  /** Hosts that an earlier test rightly asked for: a browser may try again at any time. */
  readonly #spent = new Set<string>();
  browser!: Browser;
  page!: Page;

  static async start(): Promise<Framed> {
    await mkdir(BUILDS, { recursive: true });
    const out = await mkdtemp(BUILDS);
    await build({
      root: HERE,
      configFile: false,
      logLevel: "error",
      build: { outDir: out, emptyOutDir: true },
    });
    const framed = new Framed(out);
    await framed.#open();
    return framed;
  }

  private constructor(out: string) {
    this.#out = out;
    this.#trap.on("connection", (socket) => {
      socket.on("error", () => {});
      socket.once("data", (hello) => {
        // The name that a TLS client asks for stands in its first bytes in the clear.
        const host = /[\w-]+\.(?:leak|canary)\.example/.exec(hello.toString("latin1"))?.[0] ?? "unknown";
        if (!this.#spent.has(host)) this.#asked.push(host);
        socket.destroy();
      });
    });
  }

  async #open(): Promise<void> {
    for (const one of [this.#server, this.#trap])
      await new Promise((resolve) => one.listen(0, "127.0.0.1", () => resolve(null)));
    this.browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        `--host-resolver-rules=MAP *.example 127.0.0.1:${port(this.#trap)}`,
      ],
    });
    this.page = await this.browser.newPage();
    await this.page.goto(`http://127.0.0.1:${port(this.#server)}`);
  }

  async stop(): Promise<void> {
    await this.browser?.close();
    this.#server.close();
    this.#trap.close();
    await rm(this.#out, { recursive: true, force: true });
  }

  /** Hosts that somebody connected to since the last call of {@link forget}, each once, in order of their names. */
  get asked(): string[] {
    return [...new Set(this.#asked)].sort();
  }

  forget(): void {
    this.#asked = [];
  }

  /** Whoever asks for these from now on only tries again. */
  spend(hosts: readonly string[]): void {
    for (const host of hosts) this.#spent.add(host);
  }

  /** Lets the browser ask for what it still means to: until a request of our own, made after, has arrived. */
  async settle(): Promise<void> {
    this.#canaries += 1;
    const canary = `c${this.#canaries}.canary.example`;
    await this.page.evaluate(async (host) => {
      const drawn = () => new Promise((done) => requestAnimationFrame(done));
      await drawn();
      await drawn();
      await new Promise((done) => {
        const image = new Image();
        image.onerror = done;
        image.src = `https://${host}/`;
      });
    }, canary);
    await expect.poll(() => this.#asked).toContain(canary);
    this.#asked = this.#asked.filter((host) => !host.endsWith(".canary.example"));
  }

  async #serve(request: { url?: string | undefined }, response: ServerResponse): Promise<void> {
    const path = request.url === "/" ? "/index.html" : (request.url ?? "");
    const type = path.endsWith(".js") ? "text/javascript" : "text/html";
    try {
      const text = await readFile(this.#out + path);
      response.writeHead(200, { "content-type": type, "content-security-policy": POLICY }).end(text);
    } catch {
      response.writeHead(404).end();
    }
  }
}

function port(of: { address(): unknown }): number {
  return (of.address() as AddressInfo).port;
}
