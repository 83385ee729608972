//! How much of a mail's HTML is drawn. Past any of these a browser stands still for longer than a reader forgives, so
//! that the mail is shown as text instead. The largest newsletters we know have 8,000 elements, 300 kB, and tables 25 deep.

/** The mail is too much to draw; says what of it. */
export class TooMuch extends Error {}

/** In characters. The engine reads as much. */
export const HTML_MAX = 4 * 1024 * 1024;

/** Tags in the source, those in comments too. */
export const TAGS_MAX = 60_000;
/** Attributes of one tag: a browser compares each with those before. */
export const ATTRIBUTES_MAX = 400;
/** Elements that stand open at once. */
export const OPEN_MAX = 400;
/** Of these `b`, `font` and the like: a browser opens them all again in each paragraph. */
export const OPEN_FORMATTING_MAX = 48;

/** Elements that are drawn. */
export const ELEMENTS_MAX = 12_000;
/** Deeper ones are drawn beside each other. */
export const DEPTH_MAX = 180;
/** Tables in each other. */
export const TABLES_MAX = 40;
/** Fields of tables that cells reach over: two attributes can make millions of them. */
export const FIELDS_MAX = 30_000;
/**
 * Boxes in each other that lay out what is in them more than once: one for a flexible box, a grid, or a cell as high as a
 * part of what is around it; four for columns.
 */
export const FLEXIBLE_MAX = 10;
/** Boxes that float. */
export const FLOATS_MAX = 1_500;
/** Characters of text. */
export const TEXT_MAX = 600_000;
/** Characters in one run of text without a space. */
export const WORD_MAX = 12_000;
/** How often the text changes between alphabets: a browser looks for a font at each change. */
export const ALPHABETS_MAX = 20_000;
export const IMAGES_MAX = 2_000;
/** Of all style sheets together, in characters. */
export const SHEETS_MAX = 512 * 1024;
/** Elements that a browser looks at for all the rules of a mail, as if each matched what its last part allows. */
export const MATCHES_MAX = 600_000;
/** Characters that rules put before and behind elements. */
export const GENERATED_MAX = 100_000;
/** Of one attribute, in characters; addresses and styles aside. */
export const ATTRIBUTE_MAX = 8_192;
/** Of one `style` attribute, in characters. */
export const STYLE_MAX = 32_768;
/** Of the mail's own pictures as they are put in place, in characters. */
export const PICTURES_MAX = 48 * 1024 * 1024;
/** Pixels of one picture, and of all: a few bytes can stand for gigabytes. */
export const PIXELS_MAX = 64_000_000;
export const ALL_PIXELS_MAX = 400_000_000;
