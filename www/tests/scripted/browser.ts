//! The scripted page in a real browser, under the policy that the proxy sends with it.

import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";
import { inject } from "vitest";

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: https:; " +
  "worker-src 'self'; connect-src 'self'; frame-src 'none'; base-uri 'none'; form-action 'none'; " +
  "require-trusted-types-for 'script'; trusted-types dompurify postern-frame postern-mail postern-text " +
  "postern-worker solid-templates";

/** What the page asks its server, and what it is told. */
export type Answer = (request: {
  method: string;
  path: string;
  body: string;
}) => Promise<Reply | null> | Reply | null;
export type Reply = { status: number; json?: unknown; text?: string };

/** The page, served as it is built, and a browser to look at it with. */
export class Scripted {
  readonly #server: Server;
  readonly #contexts = new Map<string, BrowserContext>();
  readonly #out: string;
  readonly browser: Browser;
  readonly url: string;
  /** In the proxy's place; without an answer of its own the page finds no such address. */
  answer: Answer = () => null;

  static async start(): Promise<Scripted> {
    const browser = await chromium.launch({
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"],
    });
    const server = createServer();
    await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(null)));
    return new Scripted(server, browser, inject("scripted"));
  }

  private constructor(server: Server, browser: Browser, out: string) {
    this.#server = server;
    this.#out = out;
    this.browser = browser;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on("request", (request, response) => {
      let body = "";
      request.on("data", (data) => {
        body += data;
      });
      request.on("end", async () => {
        const path = request.url ?? "/";
        const reply = await this.answer({ method: request.method ?? "", path, body });
        if (reply) {
          const type = reply.json === undefined ? "text/plain" : "application/json";
          response.writeHead(reply.status, { "content-type": type });
          response.end(reply.json === undefined ? reply.text : JSON.stringify(reply.json));
        } else await file(this.#out, path, response);
      });
    });
  }

  /** A tab of its own, on the sign-in page. */
  async open(options: BrowserContextOptions = {}): Promise<Page> {
    const key = JSON.stringify(options);
    // One for all tabs that are alike: the page is compiled once for them.
    const context =
      this.#contexts.get(key) ?? (await this.browser.newContext({ viewport: VIEWPORT, ...options }));
    this.#contexts.set(key, context);
    const page = await context.newPage();
    await page.goto(this.url);
    return page;
  }

  /** A tab of its own, signed in as this user. */
  async signedIn(user: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.open(options);
    await signIn(page, `${user}@example.org`);
    await page
      .getByRole("navigation", { name: "Folders" })
      .or(page.getByRole("grid", { name: "Messages" }))
      .or(page.getByTestId("broken-part"))
      .first()
      .waitFor();
    return page;
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Fills the form and sends it. */
export async function signIn(page: Page, address: string, password = "secret"): Promise<void> {
  await page.getByLabel("Email address").fill(address);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

async function file(
  folder: string,
  path: string,
  response: import("node:http").ServerResponse,
): Promise<void> {
  const name = path === "/" ? "/index.html" : path;
  const type = TYPES[name.slice(name.lastIndexOf(".") + 1)];
  try {
    const bytes = await readFile(folder + name);
    response
      .writeHead(200, { "content-type": type, "content-security-policy": POLICY, ...CACHED })
      .end(bytes);
  } catch {
    response.writeHead(404).end();
  }
}

const VIEWPORT = { width: 1280, height: 800 };
/** What is built once for all of the tests stays the same. */
const CACHED = { "cache-control": "max-age=3600" };

const TYPES: Record<string, string> = {
  css: "text/css",
  html: "text/html",
  js: "text/javascript",
  svg: "image/svg+xml",
};
