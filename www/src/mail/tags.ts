//! Finds the tags in HTML without building anything: one pass, no look back. It need not agree with a browser on every
//! odd byte, since nothing is trusted for what it found: it counts, and it makes text.

/** A tag, or a stretch of text before one. */
export type Tag = {
  /** Lower case; empty at the end of the HTML. */
  readonly name: string;
  readonly closing: boolean;
  /** How many attributes it has, about. */
  readonly attributes: number;
  /** The text before it: from where, up to where. */
  readonly textFrom: number;
  readonly textTo: number;
  /** Where it ends. */
  readonly end: number;
};

export class Tags {
  readonly #html: string;
  #at = 0;
  /** In SVG and MathML there is no raw text: `<style>` holds elements there. */
  #foreign = false;

  constructor(html: string) {
    this.#html = html;
  }

  next(): Tag {
    const html = this.#html;
    const from = this.#at;
    for (let at = from; ; ) {
      const open = html.indexOf("<", at);
      if (open < 0) return this.#end(from);
      const code = html.charCodeAt(open + 1);
      if (isLetter(code)) return this.#tag(from, open, open + 1, false);
      if (code === SLASH && isLetter(html.charCodeAt(open + 2))) return this.#tag(from, open, open + 2, true);
      if (code === BANG || code === QUESTION || code === SLASH) {
        this.#at = this.#afterComment(open);
        return { name: "!", closing: false, attributes: 0, textFrom: from, textTo: open, end: this.#at };
      }
      at = open + 1;
    }
  }

  /** Skips the content of an element that holds no elements. The text of it: from where, up to where. */
  skipRaw(name: string): readonly [number, number] {
    const from = this.#at;
    if (this.#foreign) return [from, from];
    const end = new RegExp(`</${name}[\\s/>]`, "gi");
    end.lastIndex = from;
    this.#at = end.exec(this.#html)?.index ?? this.#html.length;
    return [from, this.#at];
  }

  #end(from: number): Tag {
    this.#at = this.#html.length;
    const end = this.#html.length;
    return { name: "", closing: false, attributes: 0, textFrom: from, textTo: end, end };
  }

  #tag(textFrom: number, textTo: number, nameFrom: number, closing: boolean): Tag {
    NAME.lastIndex = nameFrom;
    const name = (NAME.exec(this.#html)?.[0] ?? "").toLowerCase();
    const attributes = this.#attributes(nameFrom + name.length);
    if (name === "svg" || name === "math") this.#foreign = !closing;
    return { name, closing, attributes, textFrom, textTo, end: this.#at };
  }

  /** Goes behind the tag's `>`. A quotation mark counts only after an equals sign. */
  #attributes(from: number): number {
    const html = this.#html;
    let count = 0;
    for (let at = from; ; ) {
      SPECIAL.lastIndex = at;
      const found = SPECIAL.exec(html);
      if (!found) {
        this.#at = html.length;
        return count;
      }
      at = SPECIAL.lastIndex;
      if (found[0] === ">") {
        this.#at = at;
        return count;
      }
      count += 1;
      const quote = found[1];
      if (!quote) continue;
      const close = html.indexOf(quote, at);
      at = close < 0 ? html.length : close + 1;
    }
  }

  #afterComment(open: number): number {
    const html = this.#html;
    if (!html.startsWith("<!--", open)) {
      const end = html.indexOf(">", open);
      return end < 0 ? html.length : end + 1;
    }
    if (html.startsWith(">", open + 4)) return open + 5;
    if (html.startsWith("->", open + 4)) return open + 6;
    COMMENT_END.lastIndex = open + 4;
    return COMMENT_END.exec(html) ? COMMENT_END.lastIndex : html.length;
  }
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
}

const NAME = /[^\s/>]{1,64}/y;
// The end of the tag, or something that stands for an attribute: a value, or the space before a name.
const SPECIAL = />|=\s*(["'])?|[\s/]+/g;
const COMMENT_END = /--!?>/g;

const [BANG, SLASH, QUESTION] = [33, 47, 63];
