//! Cuts CSS into tokens (CSS Syntax Level 3, section 4). Escapes and comments are resolved here and nowhere else, so
//! that what comes after sees the words a browser sees. Never fails, never looks back, one pass.

/** One token. Names are unescaped and in lower case where CSS compares them so. */
export type Token =
  | { readonly kind: "ident" | "function" | "at" | "hash" | "string" | "url"; readonly text: string }
  /** `unit` is empty for a plain number, "%" for a percentage. `text` is the number as written. */
  | { readonly kind: "number"; readonly text: string; readonly unit: string }
  /** A single character: brackets, comma, colon, semicolon and whatever has no meaning of its own. */
  | { readonly kind: "mark"; readonly text: string }
  /** White space, or a comment, which separates as well. */
  | { readonly kind: "space" }
  /** A string or an address that is broken, or one of the marks of an HTML comment. */
  | { readonly kind: "bad" }
  | { readonly kind: "end" };

export class Tokens {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** How far it has read, in characters. */
  get position(): number {
    return this.#at;
  }

  /** Goes to the next such character, whatever stands before it. */
  skipTo(char: string): void {
    const found = this.#text.indexOf(char, this.#at);
    this.#at = found < 0 ? this.#text.length : found;
  }

  next(): Token {
    const text = this.#text;
    const code = text.charCodeAt(this.#at);
    if (Number.isNaN(code)) return END;
    if (isSpace(code)) return this.#space();
    if (code === SLASH && text.charCodeAt(this.#at + 1) === STAR) return this.#comment();
    if (code === QUOTE || code === APOSTROPHE) return this.#string(code);
    if (this.#startsNumber()) return this.#number();
    if (this.#startsName(this.#at)) return this.#word();
    if (code === HASH && this.#continuesName(this.#at + 1)) {
      this.#at += 1;
      return { kind: "hash", text: this.#name() };
    }
    if (code === AT && this.#startsName(this.#at + 1)) {
      this.#at += 1;
      return { kind: "at", text: this.#name().toLowerCase() };
    }
    if (text.startsWith("<!--", this.#at)) return this.#skip(4);
    if (text.startsWith("-->", this.#at)) return this.#skip(3);
    const mark = String.fromCodePoint(text.codePointAt(this.#at) ?? 0);
    this.#at += mark.length;
    return { kind: "mark", text: mark };
  }

  #skip(length: number): Token {
    this.#at += length;
    return BAD;
  }

  #space(): Token {
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at += 1;
    return SPACE;
  }

  #comment(): Token {
    const end = this.#text.indexOf("*/", this.#at + 2);
    this.#at = end < 0 ? this.#text.length : end + 2;
    return SPACE;
  }

  #string(quote: number): Token {
    const parts: string[] = [];
    let from = ++this.#at;
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (Number.isNaN(code) || code === quote || isNewline(code) || code === BACKSLASH) {
        parts.push(this.#text.slice(from, this.#at));
        if (isNewline(code)) return BAD;
        if (code !== BACKSLASH) {
          this.#at += 1;
          return { kind: "string", text: parts.join("") };
        }
        parts.push(this.#stringEscape());
        from = this.#at;
      } else this.#at += 1;
    }
  }

  /** A backslash before a line break goes with it; at the end it stands for nothing. */
  #stringEscape(): string {
    const next = this.#text.charCodeAt(this.#at + 1);
    if (Number.isNaN(next)) {
      this.#at += 1;
      return "";
    }
    if (!isNewline(next)) return this.#escape();
    this.#at += next === CR && this.#text.charCodeAt(this.#at + 2) === LF ? 3 : 2;
    return "";
  }

  #number(): Token {
    NUMBER.lastIndex = this.#at;
    const text = NUMBER.exec(this.#text)?.[0] ?? "0";
    this.#at += text.length;
    if (this.#text.charCodeAt(this.#at) === PERCENT) {
      this.#at += 1;
      return { kind: "number", text, unit: "%" };
    }
    const unit = this.#startsName(this.#at) ? this.#name().toLowerCase() : "";
    return { kind: "number", text, unit };
  }

  /** A name, a function, or an address, which has a grammar of its own where it isn't quoted. */
  #word(): Token {
    const name = this.#name();
    if (this.#text.charCodeAt(this.#at) !== OPEN) return { kind: "ident", text: name };
    this.#at += 1;
    const lower = name.toLowerCase();
    if (lower !== "url") return { kind: "function", text: lower };
    let next = this.#at;
    while (isSpace(this.#text.charCodeAt(next))) next += 1;
    const code = this.#text.charCodeAt(next);
    if (code === QUOTE || code === APOSTROPHE) return { kind: "function", text: lower };
    this.#at = next;
    return this.#address();
  }

  #address(): Token {
    const parts: string[] = [];
    let from = this.#at;
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === BACKSLASH && this.#isEscape(this.#at)) {
        parts.push(this.#text.slice(from, this.#at), this.#escape());
        from = this.#at;
      } else if (Number.isNaN(code) || code === CLOSE || isSpace(code)) {
        parts.push(this.#text.slice(from, this.#at));
        this.#space();
        const last = this.#text.charCodeAt(this.#at);
        if (!Number.isNaN(last) && last !== CLOSE) return this.#badAddress();
        this.#at += 1;
        return { kind: "url", text: parts.join("") };
      } else if (code === QUOTE || code === APOSTROPHE || code === OPEN || code === BACKSLASH || code < 32) {
        return this.#badAddress();
      } else this.#at += 1;
    }
  }

  #badAddress(): Token {
    for (let code = 0; !Number.isNaN(code) && code !== CLOSE; ) {
      code = this.#text.charCodeAt(this.#at);
      this.#at += code === BACKSLASH ? 2 : 1;
    }
    return BAD;
  }

  #name(): string {
    const parts: string[] = [];
    let from = this.#at;
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (isName(code)) this.#at += 1;
      else if (code === BACKSLASH && this.#isEscape(this.#at)) {
        parts.push(this.#text.slice(from, this.#at), this.#escape());
        from = this.#at;
      } else break;
    }
    parts.push(this.#text.slice(from, this.#at));
    return parts.join("");
  }

  /** Up to six hexadecimal digits and one white space after them, or the character itself. */
  #escape(): string {
    ESCAPE.lastIndex = this.#at + 1;
    const digits = ESCAPE.exec(this.#text);
    if (digits) {
      this.#at = ESCAPE.lastIndex;
      const point = Number.parseInt(digits[1] ?? "", 16);
      const none = point === 0 || point > 0x10ffff || (point >= 0xd800 && point < 0xe000);
      return none ? "\ufffd" : String.fromCodePoint(point);
    }
    const char = String.fromCodePoint(this.#text.codePointAt(this.#at + 1) ?? 0xfffd);
    this.#at = Math.min(this.#text.length, this.#at + 1 + char.length);
    return char;
  }

  #isEscape(at: number): boolean {
    return this.#text.charCodeAt(at) === BACKSLASH && !isNewline(this.#text.charCodeAt(at + 1));
  }

  #continuesName(at: number): boolean {
    return isName(this.#text.charCodeAt(at)) || this.#isEscape(at);
  }

  #startsName(at: number): boolean {
    const code = this.#text.charCodeAt(at);
    if (code === HYPHEN) {
      const next = this.#text.charCodeAt(at + 1);
      return next === HYPHEN || isNameStart(next) || this.#isEscape(at + 1);
    }
    return isNameStart(code) || this.#isEscape(at);
  }

  #startsNumber(): boolean {
    let at = this.#at;
    const sign = this.#text.charCodeAt(at);
    if (sign === PLUS || sign === HYPHEN) at += 1;
    if (this.#text.charCodeAt(at) === DOT) at += 1;
    const code = this.#text.charCodeAt(at);
    return code >= 48 && code <= 57;
  }
}

function isSpace(code: number): boolean {
  return code === 32 || code === 9 || isNewline(code);
}

function isNewline(code: number): boolean {
  return code === LF || code === CR || code === 12;
}

function isNameStart(code: number): boolean {
  return (
    (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code >= 128 || code === 0
  );
}

function isName(code: number): boolean {
  return isNameStart(code) || (code >= 48 && code <= 57) || code === HYPHEN;
}

const END: Token = { kind: "end" };
const SPACE: Token = { kind: "space" };
const BAD: Token = { kind: "bad" };

const NUMBER = /[+-]?(?:\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?/iy;
const ESCAPE = /([0-9a-f]{1,6})(?:\r\n|[ \t\r\n\f])?/iy;

const [LF, CR, QUOTE, HASH, PERCENT, APOSTROPHE] = [10, 13, 34, 35, 37, 39];
const [OPEN, CLOSE, STAR, PLUS, HYPHEN, DOT, SLASH, AT, BACKSLASH] = [40, 41, 42, 43, 45, 46, 47, 64, 92];
