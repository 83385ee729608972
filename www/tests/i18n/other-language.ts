//! Another language can't miss a word. The type check is the test: it fails where one of these lines is no error any more.

import { type Catalogue, words } from "../../src/i18n";

const { SIGN_OUT: _, ...lacking } = words;

export const whole: Catalogue = { ...words, LANGUAGE: "de", SIGN_OUT: "Abmelden" };
// @ts-expect-error a word is missing
export const one: Catalogue = { ...lacking };
// @ts-expect-error a word is missing in a group
export const two: Catalogue = { ...words, KEY_GROUPS: { move: "", act: "", go: "" } };
// @ts-expect-error a sentence is no function
export const three: Catalogue = { ...words, messages: "Nachrichten" };
// @ts-expect-error a sentence takes other things
export const four: Catalogue = { ...words, messages: (n: string) => n };
