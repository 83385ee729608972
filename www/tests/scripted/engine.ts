//! Stands in for `postern-client` where the page is looked at without a server: a mailbox by script.
//!
//! For tests and screenshots alone; `vite.scripted.config.ts` puts it in the client's place. Who signs in
//! decides what happens: `wrong@…`, `empty@…`, `lost@…` and others as `screens.ts` names them, one of `trouble.ts`, anyone else gets mail.

import type { Flags, Intent, MailboxRow, MessageRow, ProblemCode, Update } from "postern-client/types";
import { messageView, PEOPLE, SUBJECTS, TODAY } from "./mail";
import { TROUBLE } from "./trouble";

export default async function init(): Promise<void> {}

export class MailEngine {
  #listener: (updates: Update[]) => void = () => {};
  #scene = "mail";
  #flags = new Map<number, Flags>();
  #generation = 0;
  #open = 1;
  #first = 1;
  #troubled = false;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();

  onUpdates(listener: (updates: Update[]) => void): void {
    this.#listener = listener;
  }

  send(intent: Intent): void {
    const say = (...updates: Update[]) => this.#listener(updates);
    switch (intent.type) {
      case "signIn":
        this.#scene = intent.address.split("@")[0] ?? "mail";
        if (this.#scene === "stops") throw new WebAssembly.RuntimeError("unreachable");
        // Says where the sign-in went, as the server's own words would be shown.
        if (this.#scene === "upstream") {
          const text = `signed in at ${intent.upstream ?? "the default"}`;
          this.#later(60, () => say({ type: "alert", text }));
        }
        say({ type: "session", session: { state: "signingIn" } });
        if (this.#scene !== "never") this.#later(30, () => this.#signedIn());
        return;
      case "signOut":
        for (const timer of this.#timers) clearTimeout(timer);
        say({ type: "session", session: { state: "signedOut", problem: null } });
        return;
      case "unlock":
        say(reconnecting(0));
        this.#later(200, () =>
          say(intent.password === "right" ? { type: "session", session: { state: "online" } } : LOCKED),
        );
        return;
      case "reconnect":
        if (this.#scene === "locked") say({ type: "alert", text: "asked to reconnect" });
        say(reconnecting(0));
        this.#later(400, () => say({ type: "session", session: { state: "online" } }));
        return;
      case "openMailbox":
        this.#open = intent.mailbox;
        this.#generation += 1;
        this.#list("loading");
        if (this.#scene !== "slow") this.#list("ready");
        return;
      case "showRows":
        if (this.#scene !== "slow") this.#later(5, () => this.#rows(intent.first, intent.count));
        return;
      case "openMessage":
        if (this.#scene === "slow-message") {
          say({ type: "messageProgress", message: intent.message, received: 1_200_000, total: 3_800_000 });
        } else this.#later(10, () => say(this.#opened(intent.message)));
        return;
      case "setFlags":
        for (const message of intent.messages) {
          const flags = { ...this.#flagsOf(message) };
          if (intent.seen !== null) flags.seen = intent.seen;
          if (intent.flagged !== null) flags.flagged = intent.flagged;
          this.#flags.set(message, flags);
          say({ type: "flagsChanged", message, flags });
        }
        return;
      case "download":
        this.#later(20, () => this.#download(intent.download, intent.part));
        return;
      case "refresh":
        if (this.#scene === "dies") throw new WebAssembly.RuntimeError("unreachable");
        say(this.#folders());
        this.#arrive();
        return;
      case "downloadTaken":
      case "cancelDownload":
        return;
    }
  }

  #signedIn(): void {
    const say = (...updates: Update[]) => this.#listener(updates);
    const problems: Record<string, ProblemCode> = {
      wrong: "wrongPassword",
      untrusted: "certificateUntrusted",
      unreachable: "serverUnreachable",
      blocked: "proxyUnreachable",
    };
    const code = problems[this.#scene];
    if (code) {
      const detail =
        code === "wrongPassword" ? "[AUTHENTICATIONFAILED] Authentication failed." : "unknown issuer";
      say({ type: "session", session: { state: "signedOut", problem: { code, detail } } });
      return;
    }
    say({ type: "session", session: { state: "online" } }, this.#folders());
    if (this.#scene === "lost") this.#later(200, () => say(reconnecting(8_000)));
    if (this.#scene === "refused") {
      const problem = { code: "refused" as const, detail: "NO [NOPERM] Permission denied" };
      this.#later(200, () => say({ type: "actionFailed", problem }));
    }
  }

  /** One stays halfway, one comes whole, one fails. */
  #download(download: number, part: string): void {
    const whole = part === "3";
    const chunk: Update = {
      type: "downloadChunk",
      download,
      bytes: new Uint8Array(whole ? 18_402 : 150_000),
    };
    const problem = { code: "refused" as const, detail: "NO [NOPERM] Permission denied" };
    this.#listener([chunk]);
    if (whole) this.#listener([{ type: "downloadDone", download }]);
    if (part === "4") this.#listener([{ type: "downloadFailed", download, problem }]);
  }

  #trouble() {
    return TROUBLE[this.#scene] ?? {};
  }

  #folders(): Update {
    return { type: "mailboxes", mailboxes: this.#trouble().folders?.(MAILBOXES) ?? MAILBOXES };
  }

  /** The first message of a troubled mailbox is what troubles it; the others are as ever. */
  #message(id: number) {
    const view = messageView(id);
    const change = this.#trouble().message;
    return id === 1 && change ? change(view) : view;
  }

  #opened(id: number): Update {
    const problem = this.#trouble().fails;
    if (id === 1 && problem) return { type: "messageFailed", message: id, problem };
    return { type: "message", message: this.#message(id) };
  }

  #total(): number {
    if (this.#scene === "empty") return 0;
    const { total } = this.#trouble();
    if (this.#open === 1 && total !== undefined) return total;
    return this.#open === 1 ? TOTAL - this.#first + 1 : 40;
  }

  #list(state: "loading" | "ready"): void {
    const total = this.#scene === "slow" ? 0 : this.#total();
    this.#listener([{ type: "list", mailbox: this.#open, generation: this.#generation, total, state }]);
  }

  #rows(first: number, count: number): void {
    const rows = Array.from({ length: Math.min(count, this.#total() - first) }, (_, index) =>
      this.#row(this.#first + first + index),
    );
    this.#listener([{ type: "rows", generation: this.#generation, first, rows }]);
    const { after } = this.#trouble();
    if (after && !this.#troubled) this.#listener(after as Update[]);
    this.#troubled = true;
  }

  #row(id: number): MessageRow {
    const [name] = PEOPLE[Math.abs(id * 7) % PEOPLE.length] ?? ["", ""];
    const [subject, preview] = SUBJECTS[Math.abs(id) % SUBJECTS.length] ?? ["", ""];
    const row: MessageRow = {
      id,
      correspondent: name,
      subject,
      preview,
      date: TODAY - Math.max(0, id) ** 1.6 * 2_400_000 - 500_000,
      size: 12_000,
      hasAttachment: Math.abs(id) % 5 === 3,
      flags: this.#flagsOf(id),
      isBlank: false,
    };
    return id === 1 ? (this.#trouble().row?.(row) ?? row) : row;
  }

  #flagsOf(id: number): Flags {
    return (
      this.#flags.get(id) ?? {
        seen: id > 3 && id % 9 !== 0,
        flagged: id % 11 === 4,
        answered: id % 13 === 6,
        forwarded: false,
        draft: false,
      }
    );
  }

  /** A message comes, as it would from another client. */
  #arrive(): void {
    this.#first -= 1;
    const row = this.#row(this.#first);
    this.#listener([
      { type: "splice", generation: this.#generation, at: 0, removed: 0, inserted: 1 },
      { type: "rows", generation: this.#generation, first: 0, rows: [row] },
      { type: "newMail", mailbox: 1, rows: [row], count: 1 },
    ]);
  }

  #later(ms: number, act: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      act();
    }, ms);
    this.#timers.add(timer);
  }
}

function reconnecting(retryIn: number): Update {
  const problem = { code: "connectionLost" as const, detail: "1006" };
  return { type: "session", session: { state: "reconnecting", problem, retryIn } };
}

const LOCKED: Update = {
  type: "session",
  session: {
    state: "locked",
    problem: { code: "wrongPassword", detail: "[AUTHENTICATIONFAILED] Authentication failed." },
  },
};

const TOTAL = 100_000;

const MAILBOXES: MailboxRow[] = (
  [
    ["Inbox", "inbox", 0, TOTAL, 12],
    ["Drafts", "drafts", 0, 2, 0],
    ["Sent", "sent", 0, 812, 0],
    ["Archive", "archive", 0, 20_344, 0],
    ["Junk", "junk", 0, 31, 4],
    ["Trash", "trash", 0, 9, 0],
    ["Family", null, 0, 240, 0],
    ["Projects", null, 0, 0, 0],
    ["Harbour house", null, 1, 96, 3],
    ["Orchestra", null, 1, 55, 0],
    ["Receipts and guarantees", null, 0, 431, 0],
  ] as const
).map(([name, role, depth, total, unread], index) => ({
  id: index + 1,
  name,
  path: depth > 0 ? `Projects/${name}` : name,
  depth,
  role,
  selectable: name !== "Projects",
  total,
  unread,
}));
