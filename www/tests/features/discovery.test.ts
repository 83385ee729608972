//! Which server an address belongs to, by what the page's own server answers. Nothing is decided on a guess.

import { afterEach, describe, expect, it, vi } from "vitest";
import { type Decision, decide, mayBeNamed } from "../../src/features/sign-in/discovery";

type Asked = { path: string; method: string; body: string };
type Reply = { status?: number; json?: unknown; text?: string } | "away" | "never";

const MAIN = { name: null, label: "Main", default: true };
const WORK = { name: "work", label: "Work", default: false };
const OTHER = { name: "other", label: "Other", default: false };

afterEach(() => void vi.unstubAllGlobals());

/** A page's server that answers so. What it was asked is noted. */
function answering(config: Reply, discover: Reply = "away"): Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal("fetch", async (path: string, options: RequestInit) => {
    asked.push({ path, method: options.method ?? "GET", body: String(options.body ?? "") });
    const reply = path === "api/config" ? config : discover;
    if (reply === "away") throw new TypeError("Failed to fetch");
    options.signal?.throwIfAborted();
    if (reply === "never") {
      return await new Promise((_, reject) => {
        options.signal?.addEventListener("abort", () => reject(options.signal?.reason));
      });
    }
    return new Response(reply.text ?? JSON.stringify(reply.json ?? null), { status: reply.status ?? 200 });
  });
  return asked;
}

function config(imap: unknown[], patterns: string[] = []): Reply {
  return { json: { imap, smtp: [], sieve: [], patterns: { imap: patterns, smtp: [], sieve: [] } } };
}

async function decided(address: string): Promise<Decision> {
  return await decide(address, new AbortController().signal);
}

describe("the server of an address", () => {
  const cases: { name: string; config: Reply; discover?: Reply; address?: string; is: object }[] = [
    {
      name: "is the only one, without a question",
      config: config([MAIN]),
      is: { kind: "server", upstream: null, user: "bob@work.example" },
    },
    {
      name: "is the one that its domain names",
      config: config([MAIN, WORK]),
      discover: { json: { imap: [WORK] } },
      is: { kind: "server", upstream: "work", user: "bob@work.example" },
    },
    {
      name: "is the default one where the domain names that",
      config: config([MAIN, WORK]),
      discover: { json: { imap: [MAIN] } },
      is: { kind: "server", upstream: null, user: "bob@work.example" },
    },
    {
      name: "is a host that a pattern allows",
      config: config([], ["*.example.com"]),
      discover: { json: { imap: [{ name: "mail.example.com", label: "mail.example.com", default: false }] } },
      is: { kind: "server", upstream: "mail.example.com", user: "bob@work.example" },
    },
    {
      name: "signs in by the local part where its domain says so",
      config: config([MAIN, WORK]),
      discover: { json: { imap: [{ ...WORK, user: "local" }] } },
      is: { kind: "server", upstream: "work", user: "bob" },
    },
    {
      name: "is chosen where several are named",
      config: config([MAIN, WORK, OTHER]),
      discover: { json: { imap: [WORK, OTHER] } },
      is: { kind: "choose", why: "several", servers: [{ name: "work" }, { name: "other" }] },
    },
    {
      name: "is chosen where the domain is unknown",
      config: config([MAIN, WORK]),
      discover: { json: { imap: [] } },
      is: { kind: "choose", why: "unknownDomain", servers: [{ name: null }, { name: "work" }] },
    },
    {
      name: "is chosen even from one where patterns may mean another",
      config: config([MAIN], ["*.example.com"]),
      discover: { json: { imap: [] } },
      is: { kind: "choose", why: "unknownDomain", servers: [{ name: null }], patterns: ["*.example.com"] },
    },
    {
      name: "is chosen for a name that is no address",
      config: config([MAIN, WORK]),
      address: "bob",
      is: { kind: "choose", why: "noDomain" },
    },
    {
      name: "is chosen for half an address",
      config: config([MAIN, WORK]),
      address: "bob@",
      is: { kind: "choose", why: "noDomain" },
    },
    ...([{ status: 500 }, { status: 429 }, "away"] as const).map((discover) => ({
      name: `is chosen where discovery is ${JSON.stringify(discover)}`,
      config: config([MAIN, WORK]),
      discover,
      is: { kind: "choose", why: "notFoundOut" },
    })),
    ...([{ status: 404 }, { status: 405 }, { status: 400 }, { text: "<html>" }] as const).map((discover) => ({
      name: `is chosen where discovery is ${JSON.stringify(discover)}`,
      config: config([MAIN, WORK]),
      discover,
      is: { kind: "choose", why: "unknownDomain" },
    })),
    {
      name: "is none that this page may not use",
      config: config([MAIN, WORK]),
      discover: { json: { imap: [{ name: "evil", label: "Main", default: true }] } },
      is: { kind: "problem", problem: { code: "notAllowed" } },
    },
    {
      name: "is no path",
      config: config([MAIN], ["*.example.com"]),
      discover: { json: { imap: [{ name: "../x?.example.com", label: "x", default: false }] } },
      is: { kind: "problem", problem: { code: "notAllowed" } },
    },
    {
      name: "is the default of a relay that knows no such question",
      config: { status: 404 },
      is: { kind: "server", upstream: null },
    },
    {
      name: "is the default of a relay beside a file server",
      config: { text: "<!doctype html>" },
      is: { kind: "server", upstream: null },
    },
    {
      name: "is none while the page's server is away",
      config: "away",
      is: { kind: "problem", problem: { code: "proxyUnreachable" } },
    },
    {
      name: "is none where no server reads mail",
      config: config([]),
      is: { kind: "problem", problem: { code: "notAllowed" } },
    },
  ];
  for (const { name, config, discover, address, is } of cases) {
    it(name, async () => {
      const asked = answering(config, discover);
      expect(await decided(address ?? "bob@work.example")).toMatchObject(is);
      // An address in a URL ends in logs.
      expect(asked.filter(({ path }) => /bob|@|\?/.test(path))).toEqual([]);
    });
  }

  it("is asked by POST, with the address as it was written", async () => {
    const asked = answering(config([MAIN, WORK]), { json: { imap: [WORK] } });
    await decided("Bob@BÜCHER.example");
    expect(asked).toEqual([
      { path: "api/config", method: "GET", body: "" },
      { path: "api/discover", method: "POST", body: '{"address":"Bob@BÜCHER.example"}' },
    ]);
  });

  it("is not decided once the reader called it off", async () => {
    answering(config([MAIN, WORK]), "never");
    const controller = new AbortController();
    const decision = decide("bob@work.example", controller.signal);
    controller.abort();
    await expect(decision).rejects.toThrow();
  });
});

it("a typed name must fit a pattern", () => {
  const patterns = ["*.example.com", "mail.*.example"];
  expect(
    ["mail.example.com", "mail.a.example", "example.com", "mail.example.com.evil", "a b.example.com", ""].map(
      (name) => mayBeNamed(name, patterns),
    ),
  ).toEqual([true, true, false, false, false, false]);
});
