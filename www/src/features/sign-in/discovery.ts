//! Which mail server an address belongs to. Decided before anything is sent to any of them: a password that went to the
//! wrong server can't be taken back.
//!
//! The page's own server knows (`/api/discover`), and is asked by POST: an address in a URL ends in web servers' logs.
//! Where the domain decides nothing, the reader chooses. A plain WebSocket relay has no such interface and one server.

import type { PageProblem } from "../../state/problem";

/** A mail server, as the proxy names it. */
export type Upstream = {
  /** None for the default one. */
  readonly name: string | null;
  readonly label: string;
  /** What to sign in with, where the domain's owner told: what stands before the `@` alone. */
  readonly user: "address" | "local";
};

/** What came of the question. */
export type Decision =
  /** This one; `user` is what to sign in with. */
  | { readonly kind: "server"; readonly upstream: string | null; readonly user: string }
  /** One of these, or one whose name a pattern allows. */
  | {
      readonly kind: "choose";
      readonly servers: readonly Upstream[];
      readonly patterns: readonly string[];
      readonly why: "unknownDomain" | "noDomain" | "several" | "notFoundOut";
    }
  | { readonly kind: "problem"; readonly problem: PageProblem };

/** Finds the server for an address. Rejected only where `signal` ends it. */
export async function decide(address: string, signal: AbortSignal): Promise<Decision> {
  const config = await ask("api/config", null, signal);
  if (config.kind === "unreachable") return problem("proxyUnreachable", config.detail);
  // Another relay than ours: there is one server behind it.
  if (config.kind === "none") return server(null, address);
  const all = readServers(config.json);
  if (!all) return server(null, address);
  const patterns = readPatterns(config.json);
  const [only] = all;
  if (all.length === 0 && patterns.length === 0) return problem("notAllowed", "no IMAP server is configured");
  if (only && all.length === 1 && patterns.length === 0) return server(only.name, address);
  const choose = (why: Extract<Decision, { kind: "choose" }>["why"], servers = all): Decision => ({
    kind: "choose",
    servers,
    patterns,
    why,
  });
  if (!/^[^@].*@[^@]+$/.test(address)) return choose("noDomain");

  const answer = await ask("api/discover", { address }, signal);
  if (answer.kind === "unreachable") return choose("notFoundOut");
  if (answer.kind === "none") return choose(answer.status === 429 ? "notFoundOut" : "unknownDomain");
  const named = readServers(answer.json) ?? [];
  // Only what the operator allows, whoever answered.
  const found = named.filter(
    ({ name }) => all.some((one) => one.name === name) || mayBeNamed(name, patterns),
  );
  const [first] = found;
  if (!first) {
    return named.length > 0
      ? problem("notAllowed", named.map((one) => one.name).join(", "))
      : choose("unknownDomain");
  }
  return found.length === 1
    ? server(first.name, first.user === "local" ? localPart(address) : address)
    : choose("several", found);
}

/** Whether a name is a host that one of the patterns may allow; the proxy has the last word. */
export function mayBeNamed(name: string | null, patterns: readonly string[]): boolean {
  return (
    name !== null &&
    HOST.test(name) &&
    patterns.some((pattern) => {
      const fixed = pattern.toLowerCase().split("*");
      return (
        name.length >= pattern.length && name.endsWith(fixed.at(-1) ?? "") && name.startsWith(fixed[0] ?? "")
      );
    })
  );
}

/** What stands before the `@`. */
export function localPart(address: string): string {
  return address.slice(0, address.lastIndexOf("@"));
}

/**
 * Whether the page's server answers, though no WebSocket came through: then a web server in front of it passes none on
 * (or a filter on the way). Ours answers a plain request there by 426 (RFC 9110 section 15.5.22).
 */
export async function socketsAreBlocked(upstream: string | null): Promise<boolean> {
  try {
    const path = upstream === null ? "imap" : `imap/${encodeURIComponent(upstream)}`;
    const { status } = await fetch(path, { ...OPTIONS, signal: AbortSignal.timeout(PROBE_MS) });
    return status === 426;
  } catch {
    return false;
  }
}

type Answer =
  | { readonly kind: "json"; readonly json: unknown }
  /** It answers, but not with what was asked for. */
  | { readonly kind: "none"; readonly status: number }
  | { readonly kind: "unreachable"; readonly detail: string };

async function ask(path: string, question: object | null, signal: AbortSignal): Promise<Answer> {
  try {
    const answer = await fetch(path, {
      ...OPTIONS,
      ...(question && {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(question),
      }),
      signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
    });
    if (answer.status >= 500) return { kind: "unreachable", detail: `${answer.status} ${answer.statusText}` };
    if (!answer.ok) return { kind: "none", status: answer.status };
    const text = await answer.text();
    try {
      return { kind: "json", json: JSON.parse(text) };
    } catch {
      // A page in its place, such as a file server's.
      return { kind: "none", status: answer.status };
    }
  } catch (error) {
    signal.throwIfAborted();
    return { kind: "unreachable", detail: String(error) };
  }
}

function server(upstream: string | null, user: string): Decision {
  return { kind: "server", upstream, user };
}

function problem(code: PageProblem["code"], detail: string): Decision {
  return { kind: "problem", problem: { code, detail } };
}

/** The IMAP servers of an answer; null where it is none of ours. */
function readServers(json: unknown): Upstream[] | null {
  const list = field(json, "imap");
  return Array.isArray(list) ? list.flatMap((one) => readServer(one) ?? []) : null;
}

function readServer(json: unknown): Upstream | null {
  const [name, label, user] = ["name", "label", "user"].map((key) => field(json, key));
  if (name !== null && (typeof name !== "string" || name === "" || name.length > 255)) return null;
  return {
    name,
    label: typeof label === "string" ? label : (name ?? ""),
    user: user === "local" ? "local" : "address",
  };
}

function readPatterns(json: unknown): string[] {
  const list = field(field(json, "patterns"), "imap");
  return Array.isArray(list) ? list.filter((one) => typeof one === "string") : [];
}

function field(json: unknown, key: string): unknown {
  return typeof json === "object" && json !== null ? (json as Record<string, unknown>)[key] : undefined;
}

const HOST = /^[a-z0-9](?:[a-z0-9.-]{0,252}[a-z0-9])?$/;

/** Nothing of the answer is kept, nobody else is led to, and the address of this page is not told. */
const OPTIONS = {
  credentials: "omit",
  cache: "no-store",
  redirect: "error",
  referrerPolicy: "no-referrer",
} as const satisfies RequestInit;

/** Longer than the page's server looks for a domain. */
const PATIENCE_MS = 15_000;
const PROBE_MS = 3_000;
