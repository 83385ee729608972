//! HTML mail, made harmless. Nothing in a mail runs, loads or asks for anything unless the reader allowed it.
//!
//! Five layers, since no single one holds (security.md H1):
//! 1. three passes over the HTML, each with an allow-list: a copy that takes over only what it knows and reads every
//!    style by its tokens (`mail/copy.ts`), DOMPurify, and the browser's own sanitiser where it has one;
//! 2. an iframe with `sandbox` and neither scripts nor our origin;
//! 3. a policy as the first child of its head;
//! 4. the page's own policy, which a `srcdoc` frame inherits;
//! 5. DNS prefetching off.
//! Nothing edits the HTML that came out (H3): the mail's own pictures are put in place as attributes, by number, then it
//! is serialised once, and put between two constants.
//!
//! **How much is it?** All of it is done in slices, so that the page stays at hand, and counted before a browser's
//! parser, sanitiser or layout sees it (`mail/limits.ts`). What is too much, and what fails for any reason, is text.
//!
//! **How high is the frame?** A frame of an opaque origin can't be measured. Measuring needs either our origin in
//! it (then a hole in layer 1 reads the mailbox) or the mail's HTML laid out in the page (then it loads and styles
//! as it likes). So the frame fills what the pane leaves and scrolls by itself, while the pane around it doesn't
//! scroll: one scroll bar, no jump when images arrive, and the sender stays in sight, outside of the mail's reach.

import type { InlineImage } from "postern-client/types";
import { copyDocument } from "./mail/copy";
import type { Drawing } from "./mail/css/values";
import { HTML_MAX, TooMuch } from "./mail/limits";
import { END, MIDDLE, opening } from "./mail/look";
import { inert, parse, withSheets } from "./mail/parse";
import { sanitize } from "./mail/passes";
import { Pictures } from "./mail/pictures";
import { scan } from "./mail/scan";
import { measureNesting, readSheets, seePictures } from "./mail/sheets";
import { Slices } from "./mail/slices";
import { textOf } from "./mail/text";
import { policy } from "./trusted";

/** What a mail's HTML came to. */
export type Frame =
  | {
      readonly kind: "html";
      /** For `srcdoc`. */
      readonly document: TrustedHTML;
      /** How many remote images were held back. */
      readonly blocked: number;
      /** The parts (`InlineImage.part`) whose pictures are drawn. */
      readonly drawn: ReadonlySet<string>;
    }
  /** It can't be drawn as it was designed: its text alone. */
  | { readonly kind: "text"; readonly text: string; readonly why: "too much" | "failed" };

export type FrameOptions = {
  readonly inlineImages: readonly InlineImage[];
  readonly remoteImages: "blocked" | "allowed";
  /** Ends the work early. The promise is rejected then, and never otherwise. */
  readonly signal?: AbortSignal;
  /** Which passes there are. All, save in the tests of each by itself. */
  readonly passes?: Passes;
};

export type Passes = { readonly copy: boolean; readonly purify: boolean; readonly native: boolean };

/** What the frame may do: open links in a tab of their own. No script, no origin, no forms, no navigation of us. */
export const SANDBOX = "allow-popups allow-popups-to-escape-sandbox";

/** Makes a document of a mail's HTML, or text where that can't be. */
export async function mailFrame(html: string, options: FrameOptions): Promise<Frame> {
  const slices = new Slices(options.signal);
  const source = html.slice(0, HTML_MAX);
  try {
    return await draw(source, options, slices);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!(error instanceof TooMuch)) console.error("A mail could not be drawn", error);
    const why = error instanceof TooMuch ? "too much" : "failed";
    return { kind: "text", text: await textOf(source, slices), why };
  }
}

async function draw(html: string, options: FrameOptions, slices: Slices): Promise<Frame> {
  const passes = options.passes ?? ALL;
  const pictures = new Pictures(options.inlineImages);
  const drawing: Drawing = { doubling: 0, picture: (address) => pictureInStyle(pictures, address) };
  await scan(html, slices);
  const parsed = await parse(html, slices);
  const copied = inert();
  const findings = await copyDocument(parsed, copied, {
    pictures,
    drawing,
    remote: options.remoteImages,
    slices,
  });
  const sheets = await readSheets(findings, drawing, slices);
  const coloured = findings.coloured || sheets.coloured;
  const css = sheets.write(coloured ? "light" : "as the reader's");
  await measureNesting(sheets.pieces, copied.body, slices);
  seePictures(sheets.pieces, copied.body, pictures);
  if (css !== "") {
    const style = copied.createElement("style");
    style.textContent = css;
    copied.head.replaceChildren(style);
  } else copied.head.replaceChildren();
  await slices.pause();
  const cleaned = await sanitize(passes.copy ? copied : withSheets(parsed), passes, slices);
  for (const image of cleaned.querySelectorAll("img[data-postern-picture]")) {
    image.setAttribute("src", pictures.url(Number(image.getAttribute("data-postern-picture"))));
  }
  const head = opening({
    remoteImages: options.remoteImages,
    coloured,
    responsive: sheets.responsive,
    flush: FLUSH.test(copied.body.getAttribute("style") ?? ""),
    autoDirection: findings.rightToLeft && !findings.directed && !sheets.directed,
    properties: pictures.properties(),
    backgrounds: [...findings.backgrounds],
  });
  const text = head + cleaned.head.innerHTML + MIDDLE + cleaned.body.outerHTML + END;
  return {
    kind: "html",
    document: frames.createHTML(text),
    blocked: findings.blocked,
    drawn: pictures.drawn,
  };
}

/** A style's picture, and where it is held. */
function pictureInStyle(pictures: Pictures, address: string): string | null {
  const picture = pictures.find(address, null);
  return picture && pictures.placeInStyle(picture);
}

const FLUSH = /(?:^|; )padding: 0(?:px)?(?: !important)?(?:;|$)/;
const ALL: Passes = { copy: true, purify: true, native: true };

// The text is made of constants and of what the passes returned, in mailFrame alone.
const frames = policy("postern-frame", { createHTML: (html) => html });
