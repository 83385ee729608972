//! Hostile mail in a real browser, under the page's own policy: no request, no script, and nothing left to ask with.

import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { type AddressInfo, createServer as createTrap } from "node:net";
import { fileURLToPath } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { VECTORS } from "./vectors";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const OUT = fileURLToPath(new URL("../../node_modules/.frame", import.meta.url));
const LEAK = "https://a.leak.example/x";

/** What the proxy sends with the page, for the layers that hold here. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: https:; " +
  "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; " +
  "trusted-types dompurify postern-mail postern-text postern-frame postern-test";

let server: Server;
/** Where every host but our own leads. Playwright's own interception does not see what a sandboxed frame asks for. */
let trap: ReturnType<typeof createTrap>;
let canaries = 0;
let browser: Browser;
let page: Page;
/** Hosts that somebody connected to. */
let asked: string[] = [];

beforeAll(async () => {
  await build({
    root: HERE,
    configFile: false,
    logLevel: "error",
    build: { outDir: OUT, emptyOutDir: true },
  });
  server = createServer(serve).listen(0, "127.0.0.1");
  trap = createTrap((socket) => {
    socket.on("error", () => {});
    socket.once("data", (hello) => {
      // The name that a TLS client asks for stands in its first bytes in the clear.
      asked.push(/[\w-]+\.(?:leak|canary)\.example/.exec(hello.toString("latin1"))?.[0] ?? "unknown");
      socket.destroy();
    });
  }).listen(0, "127.0.0.1");
  await Promise.all([server, trap].map((one) => new Promise((resolve) => one.once("listening", resolve))));
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      `--host-resolver-rules=MAP *.example 127.0.0.1:${port(trap)}`,
    ],
  });
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${port(server)}`);
});

afterAll(async () => {
  await browser?.close();
  server?.close();
  trap?.close();
});

describe("hostile mail", () => {
  for (const vector of VECTORS) {
    it(vector, async () => {
      asked = [];
      const shown = await page.evaluate(
        (html) => window.show(html, "blocked"),
        vector.replaceAll("URL", LEAK),
      );
      await settle();
      expect(asked).toEqual([]);
      // The first layer alone: what is left names the other side nowhere, save as text that is read.
      expect(loading(shown.document)).toEqual([]);
    });
  }
});

describe("images", () => {
  it("are counted while they are held back, and asked for once allowed", async () => {
    asked = [];
    const html = `<img src="${LEAK}"><table background="${LEAK}"><tr><td>x</table><img src="http://b.leak.example/y">`;
    const held = await page.evaluate((one) => window.show(one, "blocked"), html);
    expect(held.blocked).toBe(3);
    await settle();
    expect(asked).toEqual([]);
    await page.evaluate((one) => window.show(one, "allowed"), html);
    await settle();
    expect([...new Set(asked)].sort()).toEqual(["a.leak.example", "b.leak.example"]);
  });

  it("of styles stay away even then", async () => {
    asked = [];
    await page.evaluate((url) => window.show(`<p style="background:url(${url})">x`, "allowed"), LEAK);
    await settle();
    expect(asked).toEqual([]);
  });
});

describe("links", () => {
  const cases: [string, string][] = [
    [`<a href="https://evil.example/">https://bank.example</a>`, `data-postern-host="evil.example"`],
    [
      `<a href="https://bank.example.evil.example/">bank.example</a>`,
      `data-postern-host="bank.example.evil.example"`,
    ],
    [`<a href="https://bank.example@evil.example/">x</a>`, `title="evil.example"`],
    [`<a href="https://www.bank.example/">x</a>`, `rel="noopener noreferrer"`],
    [`<a href="https://www.bank.example/">x</a>`, `target="_blank"`],
  ];
  for (const [html, kept] of cases) {
    it(html, async () => {
      const shown = await page.evaluate((one) => window.show(one, "blocked"), html);
      expect(body(shown.document)).toContain(kept);
    });
  }

  it("to where they say they lead are left alone", async () => {
    const html = `<a href="https://shop.bank.example/">www.bank.example</a>`;
    const shown = await page.evaluate((one) => window.show(one, "blocked"), html);
    expect(body(shown.document)).not.toContain("data-postern-host");
  });
});

it("a mail's own looks survive", async () => {
  const html =
    `<html><head><style>p{color:green}@media print{p{color:red}}</style></head>` +
    `<body bgcolor="#eee"><p style="margin:4px;background:url(x)" align="center">x</p></body></html>`;
  const { document } = await page.evaluate((one) => window.show(one, "blocked"), html);
  for (const kept of [
    "p { color: green; }",
    "@media print",
    'bgcolor="#eee"',
    "margin: 4px",
    'align="center"',
  ]) {
    expect(document).toContain(kept);
  }
});

/** Lets the browser ask for what it still means to: until a request of our own, made after, has arrived. */
async function settle(): Promise<void> {
  canaries += 1;
  const canary = `c${canaries}.canary.example`;
  await page.evaluate(async (host) => {
    const drawn = () => new Promise((done) => requestAnimationFrame(done));
    await drawn();
    await drawn();
    await new Promise((done) => {
      const image = new Image();
      image.onerror = done;
      image.src = `https://${host}/`;
    });
  }, canary);
  await expect.poll(() => asked).toContain(canary);
  asked = asked.filter((host) => !host.endsWith(".canary.example"));
}

function port(of: { address(): unknown }): number {
  return (of.address() as AddressInfo).port;
}

function body(document: string): string {
  return document.slice(document.indexOf("</head>"));
}

/** What in the document could still ask: everything behind our own head that names the other side, links and text aside. */
function loading(document: string): string[] {
  const own = document.slice(document.indexOf("</style>"));
  return own.match(/<[a-z][^>]*leak\.example[^>]*>|url\([^)]*\)|@import[^;]*/gi) ?? [];
}

async function serve(request: { url?: string }, response: import("node:http").ServerResponse): Promise<void> {
  const path = request.url === "/" ? "/index.html" : (request.url ?? "");
  const type = path.endsWith(".js") ? "text/javascript" : "text/html";
  try {
    const text = await readFile(OUT + path);
    response.writeHead(200, { "content-type": type, "content-security-policy": POLICY }).end(text);
  } catch {
    response.writeHead(404).end();
  }
}
