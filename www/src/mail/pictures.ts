//! The pictures that a mail brings with it, and where they are put: by number until the very end, so that megabytes of
//! base64 pass through no sanitiser. What is drawn is remembered: everything else stays in the list of attachments.

import type { InlineImage } from "postern-client/types";
import { OURS } from "./css/values";
import { ALL_PIXELS_MAX, IMAGES_MAX, PICTURES_MAX, PIXELS_MAX } from "./limits";
import { pictureSize } from "./picture-size";

/** A picture that may be put somewhere. */
export type Picture = { readonly url: string; readonly part: string | null };

export class Pictures {
  readonly #byId = new Map<string, InlineImage>();
  readonly #byLocation = new Map<string, InlineImage>();
  readonly #made = new Map<string, Picture | null>();
  readonly #placed: Picture[] = [];
  readonly #numbers = new Map<Picture, number>();
  readonly #inStyles = new Set<number>();
  readonly #drawn = new Set<string>();
  #characters = 0;
  #pixels = 0;

  constructor(images: readonly InlineImage[]) {
    for (const image of images) {
      // The first one named so is the one that is meant.
      for (const id of spellings(image.contentId)) if (!this.#byId.has(id)) this.#byId.set(id, image);
      const location = image.contentLocation.replace(/\s+/g, "");
      for (const key of location === "" ? [] : [location, absolute(location)]) {
        if (!this.#byLocation.has(key)) this.#byLocation.set(key, image);
      }
    }
  }

  /** The parts that are drawn. */
  get drawn(): ReadonlySet<string> {
    return this.#drawn;
  }

  /**
   * The picture of the mail's own that an address names: `cid:`, a `Content-Location` (RFC 2557), or the address's own
   * data. Null where there is none.
   */
  find(address: string, base: string | null): Picture | null {
    const trimmed = address.trim();
    if (/^data:/i.test(trimmed)) return this.#once(trimmed, () => fromData(trimmed));
    const image = /^cid:/i.test(trimmed) ? this.#named(trimmed.slice(4)) : this.#located(trimmed, base);
    return image ? this.#once(image.part, () => fromPart(image)) : null;
  }

  /** Puts it into an `img`: its number, or null where it is one too many. `seen` says whether the reader sees it. */
  place(picture: Picture, seen: boolean): number | null {
    this.#characters += picture.url.length;
    if (this.#characters > PICTURES_MAX || this.#placed.length >= IMAGES_MAX) return null;
    if (seen && picture.part !== null) this.#drawn.add(picture.part);
    return this.#number(picture);
  }

  /** Puts it into a style: the custom property that holds it. It is there once, however often it is used. */
  placeInStyle(picture: Picture): string | null {
    const known = this.#numbers.has(picture);
    const number = known ? this.#number(picture) : this.place(picture, false);
    if (number === null) return null;
    this.#inStyles.add(number);
    return `${OURS}${number}`;
  }

  /** It is drawn, as far as can be told. */
  see(picture: Picture): void {
    if (picture.part !== null) this.#drawn.add(picture.part);
  }

  /** The same for the picture that a custom property of ours holds. */
  seeProperty(name: string): void {
    const picture = this.#placed[Number(name.slice(OURS.length))];
    if (picture) this.see(picture);
  }

  /** What `img` elements show, by number. */
  url(number: number): string {
    return this.#placed[number]?.url ?? "";
  }

  /** The declarations that hold the pictures of styles: constants and base64 alone. */
  properties(): string {
    return [...this.#inStyles].map((number) => `${OURS}${number}: url("${this.url(number)}");`).join(" ");
  }

  #number(picture: Picture): number {
    const known = this.#numbers.get(picture);
    if (known !== undefined) return known;
    this.#numbers.set(picture, this.#placed.length);
    return this.#placed.push(picture) - 1;
  }

  #once(key: string, make: () => (Picture & { pixels: number }) | null): Picture | null {
    const known = this.#made.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.#pixels += made?.pixels ?? 0;
    const picture = made && made.pixels <= PIXELS_MAX && this.#pixels <= ALL_PIXELS_MAX ? made : null;
    this.#made.set(key, picture);
    return picture;
  }

  #named(id: string): InlineImage | undefined {
    for (const spelling of spellings(id)) {
      const image = this.#byId.get(spelling);
      if (image) return image;
    }
    return undefined;
  }

  #located(address: string, base: string | null): InlineImage | undefined {
    if (this.#byLocation.size === 0) return undefined;
    const bare = address.replace(/\s+/g, "");
    const resolved = base === null ? null : URL.parse(bare, base);
    return (
      this.#byLocation.get(bare) ??
      this.#byLocation.get(absolute(bare)) ??
      (resolved && this.#byLocation.get(resolved.href)) ??
      undefined
    );
  }
}

/** As written, without escapes (RFC 2392), and in lower case, as some mailers write one of the two. */
function spellings(id: string): Set<string> {
  const bare = id.trim().replace(/^<|>$/g, "").trim();
  if (bare === "") return new Set();
  let plain = bare;
  try {
    plain = decodeURIComponent(bare);
  } catch {
    // A percent sign that begins no escape stands for itself.
  }
  return new Set([bare, plain, plain.toLowerCase()]);
}

/** Where neither side names a base, both are relative to the message (RFC 2557 section 5). */
function absolute(location: string): string {
  return URL.parse(location, "thismessage:/")?.href ?? location;
}

function fromPart({ part, mimeType, bytes }: InlineImage): (Picture & { pixels: number }) | null {
  if (!DRAWN.test(mimeType)) return null;
  return { url: `data:${mimeType};base64,${base64(bytes)}`, part, pixels: pixels(bytes) };
}

/** A `data:` address, if it is a picture, in one spelling. */
function fromData(address: string): (Picture & { pixels: number }) | null {
  const comma = address.indexOf(",");
  const [type = "", ...parameters] = address
    .slice(5, comma)
    .toLowerCase()
    .split(";")
    .map((word) => word.trim());
  if (comma < 0 || !DRAWN.test(type) || parameters.at(-1) !== "base64") return null;
  const data = address
    .slice(comma + 1)
    .replace(/\s+/g, "")
    .replace(/%(2b|2f|3d)/gi, (escaped) => decodeURIComponent(escaped));
  if (!/^[a-z0-9+/]*={0,2}$/i.test(data)) return null;
  return { url: `data:${type};base64,${data}`, part: null, pixels: pixels(firstBytes(data)) };
}

function firstBytes(data: string): Uint8Array {
  const some = data.slice(0, 4 * 16_384);
  try {
    return Uint8Array.from(atob(some.slice(0, some.length - (some.length % 4))), (char) =>
      char.charCodeAt(0),
    );
  } catch {
    return new Uint8Array();
  }
}

function pixels(bytes: Uint8Array): number {
  const size = pictureSize(bytes);
  return size ? size.width * size.height : 0;
}

function base64(bytes: Uint8Array): string {
  const native = bytes as Uint8Array & { toBase64?(): string };
  if (native.toBase64) return native.toBase64();
  let out = "";
  // In slices: a call takes only so many arguments, and a multiple of three needs no padding.
  for (let at = 0; at < bytes.length; at += 12_288)
    out += btoa(String.fromCharCode(...bytes.subarray(at, at + 12_288)));
  return out;
}

const DRAWN = /^image\/(?:png|jpe?g|gif|webp|avif|bmp|x-icon|vnd\.microsoft\.icon)$/;
