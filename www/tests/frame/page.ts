//! Shows one mail in its frame, as the page does: for the tests beside it.

import { type Frame, type FrameOptions, mailFrame, type Passes, SANDBOX } from "../../src/mail-frame";
import { HEAVY } from "./heavy";
import { STYLES } from "./vectors";

/** What a test asks for. */
export type Asked = {
  readonly images?: "blocked" | "allowed";
  readonly parts?: FrameOptions["inlineImages"];
  readonly passes?: Passes;
  /** Layers to leave out, for a test of the others. */
  readonly without?: readonly ("sandbox" | "frame policy")[];
};

/** What was shown. `document` is empty, and `text` isn't, where the mail was shown as text. */
export type Shown = {
  readonly document: string;
  readonly text: string;
  readonly blocked: number;
  readonly drawn: readonly string[];
  /** How long the page was ever kept from its work while the frame was made and loaded, in milliseconds. */
  readonly stalled: number;
};

declare global {
  interface Window {
    /** Shows it, and returns once the frame has loaded. */
    show(html: string, asked?: Asked | "blocked" | "allowed"): Promise<Shown>;
    /** Shows HTML as it is, without any layer of ours but what the page itself has. */
    bare(html: string): Promise<void>;
    /** Shows one of the mails that are made to stop the page. */
    heavy(name: string): Promise<Shown>;
    /** The longest time that the page is kept from its work for so many milliseconds while nothing is shown. */
    idle(milliseconds: number): Promise<number>;
    /** How many times longer than alone a computation of a fifth of a second takes, since others have the processor too. */
    slowdown(): number;
    /** Their names. */
    heavyNames: readonly string[];
    /** Styles that name an address, `URL` for it. */
    styles: readonly string[];
  }
}

window.show = async (html, asked = {}) => {
  const options: Asked = typeof asked === "string" ? { images: asked } : asked;
  const stall = watch();
  const made = await mailFrame(html, {
    inlineImages: options.parts ?? [],
    remoteImages: options.images ?? "blocked",
    ...(options.passes ? { passes: options.passes } : {}),
  });
  if (made.kind === "html") await load(documentOf(made, options), !options.without?.includes("sandbox"));
  // Two more turns: what the frame still costs the page is counted too.
  await turn();
  await turn();
  const stalled = stall();
  if (made.kind === "text") return { document: "", text: made.text, blocked: 0, drawn: [], stalled };
  return {
    document: String(made.document),
    text: "",
    blocked: made.blocked,
    drawn: [...made.drawn],
    stalled,
  };
};

window.idle = async (milliseconds) => {
  const stall = watch();
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
  return stall();
};

window.slowdown = () => {
  // Each piece is so short that some of them are never interrupted.
  const times: number[] = [];
  for (let spent = 0; spent < 200; ) {
    const began = performance.now();
    let sum = 0;
    for (let at = 0; at < 1_000_000; at += 1) sum = (sum + at * at) % 1_000_003;
    const took = performance.now() - began + (sum < 0 ? 1 : 0);
    times.push(Math.max(took, 1));
    spent += took;
  }
  return times.reduce((sum, one) => sum + one) / (times.length * Math.min(...times));
};

window.styles = STYLES;
window.heavyNames = Object.keys(HEAVY);
window.heavy = (name) => window.show(HEAVY[name]?.() ?? "", {});

window.bare = (html) => load(html, false);

function documentOf(made: Frame & { kind: "html" }, { without }: Asked): string {
  const text = String(made.document);
  return without?.includes("frame policy")
    ? text.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "")
    : text;
}

function load(text: string, sandboxed: boolean): Promise<void> {
  const frame = document.createElement("iframe");
  if (sandboxed) frame.setAttribute("sandbox", SANDBOX);
  frame.srcdoc = trusted.createHTML(text) as unknown as string;
  return new Promise((resolve) => {
    frame.onload = () => resolve();
    document.body.replaceChildren(frame);
  });
}

/** Notes the longest time between two turns of a timer. */
function watch(): () => number {
  let last = performance.now();
  let longest = 0;
  const look = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  };
  const timer = setInterval(look, 4);
  return () => {
    look();
    clearInterval(timer);
    return longest;
  };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 8));
}

const trusted = window.trustedTypes?.createPolicy("postern-test", { createHTML: (html) => html }) ?? {
  createHTML: (html: string) => html,
};
