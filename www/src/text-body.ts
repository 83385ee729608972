//! Plain text mail in pieces that a view can draw as text nodes: paragraphs, quotes to fold, links, signature.

/** A run of lines of one kind. */
export type Block = {
  readonly kind: "text" | "quote" | "signature";
  readonly text: string;
};

/** A piece of a line: text, and where it leads if it is a link. */
export type Piece = { readonly text: string; readonly link: string | null };

/** Cuts a text where quoting begins and ends, and at the signature. */
export function blocks(text: string): Block[] {
  const out: { kind: Block["kind"]; lines: string[] }[] = [];
  let signed = false;
  for (const line of text.split("\n")) {
    signed ||= line === "-- ";
    const kind = signed ? "signature" : line.startsWith(">") ? "quote" : "text";
    const last = out.at(-1);
    if (last?.kind === kind) last.lines.push(line);
    else out.push({ kind, lines: [line] });
  }
  return out.map(({ kind, lines }) => ({ kind, text: trimmed(lines) })).filter((block) => block.text !== "");
}

/** Cuts a text into links and what stands between them. */
export function pieces(text: string): Piece[] {
  const out: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(LINK)) {
    const found = withoutTail(match[0]);
    const link = target(found);
    if (link === null) continue;
    if (match.index > from) out.push({ text: text.slice(from, match.index), link: null });
    out.push({ text: found, link });
    from = match.index + found.length;
  }
  if (from < text.length) out.push({ text: text.slice(from), link: null });
  return out;
}

/** The host that a link really leads to, letters of other alphabets spelled out (`xn--…`); none for an address. */
export function host(link: string): string | null {
  return URL.parse(link)?.host || null;
}

function trimmed(lines: string[]): string {
  return lines.join("\n").replace(/^(?:[ \t]*\n)+|\s+$/g, "");
}

/** Full stops and brackets behind an address belong to the sentence; a bracket that it opened belongs to it. */
function withoutTail(found: string): string {
  let open = found.split("(").length - found.split(")").length;
  let end = found.length;
  while (end > 0) {
    const last = found.charAt(end - 1);
    if (!TAIL.includes(last) || (last === ")" && open >= 0)) break;
    if (last === ")") open += 1;
    end -= 1;
  }
  return found.slice(0, end);
}

function target(found: string): string | null {
  if (/^[^/:]+@/.test(found)) return `mailto:${found}`;
  const url = URL.parse(/^www\./i.test(found) ? `https://${found}` : found);
  return url && LINK_SCHEMES.has(url.protocol) ? url.href : null;
}

/** Where a link in a mail may lead. */
export const LINK_SCHEMES: ReadonlySet<string> = new Set(["http:", "https:", "mailto:"]);

const TAIL = ".,;:!?)]}>'\"…”’»";

// Each alternative is bounded and starts with something fixed, so that a megabyte of text is read in linear time.
const LINK =
  /\bhttps?:\/\/[^\s<>"]{1,2048}|\bwww\.[^\s<>"]{1,2048}|\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/gi;
