//! The words of the page, in the reader's language. There is one language so far.

export { type Catalogue, fileType, problemWords } from "./catalogue";
export { clip, clipName, initial } from "./clip";
export * as words from "./en";
export { fullDate, isoDate, mediumDate, number, shortDate, size } from "./format";
export { mailboxName, NAME_MAX } from "./mailbox-name";
