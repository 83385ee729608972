//! Every screen in every state: who signs in, what is done then, and what is there in the end. The page of states draws
//! them for people (`npm run states`), a test looks at each by itself.

/** How a screen comes to its state. */
export type Screen = {
  /** Who signs in, which the scripted engine goes by; left out on the way there. */
  readonly user?: string;
  /** What the page's server answers to questions about mail servers, by path. */
  readonly api?: Readonly<Record<string, unknown>>;
  readonly acts?: readonly Act[];
  /** The engine breaks on the way there: its error is what the screen is about. */
  readonly breaks?: true;
  /** A selector of what is there once the state is reached. */
  readonly sees: string;
};

/** A click, a key, or the network goes. Each waits until it can be done. */
export type Act = { readonly click: string } | { readonly press: string } | { readonly offline: true };

const row = (at: number) => ({ click: `#row-${at}[aria-busy=false]` });
const file = (name: string) => ({ click: `button[title^="${name}"]` });

const SERVERS = [
  { name: null, label: "Main", default: true },
  { name: "work", label: "Work", default: false },
];

export const SCREENS: Readonly<Record<string, Screen>> = {
  "sign-in": { sees: "form" },
  "sign-in, under way": { user: "never", sees: "form [aria-disabled=true]" },
  "sign-in, wrong password": { user: "wrong", sees: "[data-testid=problem]" },
  "sign-in, certificate": { user: "untrusted", sees: "[data-testid=problem]" },
  "sign-in, started again": {
    user: "dies",
    acts: [row(1), { press: "Shift+N" }],
    breaks: true,
    sees: "[data-testid=problem]",
  },
  "sign-in, which server": {
    user: "mail",
    api: {
      "/api/config": { imap: SERVERS, patterns: { imap: ["*.example.com"] } },
      "/api/discover": { imap: [] },
    },
    sees: "select[name=server]",
  },
  list: { user: "mail", sees: "#row-5[aria-busy=false]" },
  "list, two selected": {
    user: "mail",
    acts: [{ click: "#row-1[aria-busy=false] [role=checkbox]" }, { click: "#row-3 [role=checkbox]" }],
    sees: "[role=toolbar][aria-label='Selected messages']",
  },
  "list, loading": { user: "slow", sees: "[role=grid][aria-busy=true]" },
  "list, empty": { user: "empty", sees: "[role=grid] strong" },
  "list, longer than can be shown": { user: "longest", sees: "#row-5[aria-busy=false]" },
  "list, a message that is not listed": { user: "blank", sees: "#row-0[aria-busy=false]" },
  "list, a row that broke": { user: "broken-row", sees: "#row-5[aria-busy=false]" },
  "folders that broke": { user: "broken-folders", sees: "[data-testid=broken-part]" },
  "message of text": { user: "directions", acts: [row(0)], sees: "[data-testid=text-body]" },
  "message of HTML, images hidden": { user: "mail", acts: [row(1)], sees: "article iframe" },
  "message, a sender who pretends": { user: "mail", acts: [row(2)], sees: "article [role=note]" },
  "message, downloads": {
    user: "mail",
    acts: [row(2), file("Minutes"), file("Seating"), file("stage")],
    sees: "article [role=alert]",
  },
  "message, notes": { user: "notices", acts: [row(0)], sees: "[data-testid=message-notes]" },
  "message, encrypted": { user: "encrypted", acts: [row(0)], sees: "[data-testid=message-notes]" },
  "message, loading": { user: "slow-message", acts: [row(1)], sees: "article [role=status]" },
  "message that does not come": { user: "blank-refused", acts: [row(0)], sees: "article [role=alert]" },
  "message whose head broke": {
    user: "broken-head",
    acts: [row(0)],
    sees: "article [data-testid=broken-part]",
  },
  "all keys": { user: "mail", acts: [row(1), { press: "?" }], sees: "dialog[open]" },
  "connection lost": { user: "lost", sees: "[data-testid=connection-bar] button" },
  offline: { user: "mail", acts: [row(1), { offline: true }], sees: "[data-testid=connection-bar] svg" },
  "password wanted again": { user: "locked", sees: "[data-testid=connection-bar] form" },
  "notices: a failure": { user: "refused", sees: "[role=alert] [data-testid=notice]" },
  "notices: the server's troubles": { user: "troubles", sees: "[role=status] [data-testid=notice]" },
  "notices: the server's words": { user: "upstream", sees: "[data-testid=server-alert]" },
  stopped: { user: "stops", breaks: true, sees: "main > h1" },
};
