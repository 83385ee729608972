//! As much of a text as its place has room for: a mail's subject may be a megabyte.

/** Never cut inside a character. */
export function clip(text: string, max: number): string {
  if (text.length <= max) return text;
  const end = /[\ud800-\udbff]/.test(text[max - 1] ?? "") ? max - 1 : max;
  return `${text.slice(0, end)}…`;
}

/** The same for a file's name, whose end says what it is. */
export function clipName(name: string, max: number): string {
  if (name.length <= max) return name;
  const tail = name.slice(-Math.floor(max / 4)).replace(/^[\udc00-\udfff]/, "");
  return `${clip(name, max - tail.length)}${tail}`;
}

/** The first letter of a name, to stand for it; "?" where it has none. */
export function initial(name: string): string {
  const [first] = name.replace(/^[^\p{L}\p{N}]+/u, "");
  return (first ?? "?").toLocaleUpperCase();
}
