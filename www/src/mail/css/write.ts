//! Writes tokens as CSS again, in one spelling: a browser reads what we read, and nothing ends the style element.

import type { Token } from "./tokens";

export function write(tokens: readonly Token[]): string {
  return tokens.map(writeToken).join("").trim();
}

export function writeToken(token: Token): string {
  switch (token.kind) {
    case "ident":
      return writeName(token.text);
    case "function":
      return `${writeName(token.text)}(`;
    case "at":
      return `@${writeName(token.text)}`;
    case "hash":
      return `#${[...token.text].map(writeNameChar).join("")}`;
    case "string":
      return `"${writeQuoted(token.text)}"`;
    case "url":
      return `url("${writeQuoted(token.text)}")`;
    case "number":
      return token.text + (token.unit === "%" ? "%" : writeName(token.unit));
    case "mark":
      // Comparisons in media queries alone have it; with the space it never opens a tag.
      return token.text === "<" ? "< " : token.text;
    case "space":
      return " ";
    default:
      return "";
  }
}

function writeName(name: string): string {
  const plain = /^-?[a-z_][a-z0-9_-]*$/i.test(name) || /^--[a-z0-9_-]+$/i.test(name);
  if (plain) return name;
  return [...name]
    .map((char, at) => (at === 0 && /[0-9-]/.test(char) ? escaped(char) : writeNameChar(char)))
    .join("");
}

function writeNameChar(char: string): string {
  return /[a-z0-9_-]/i.test(char) || char > "\u009f" ? char : escaped(char);
}

function writeQuoted(text: string): string {
  return text.replace(/[\p{Cc}"\\<>]/gu, escaped);
}

function escaped(char: string): string {
  return `\\${char.codePointAt(0)?.toString(16)} `;
}
