//! Strokes as actions.

import { describe, expect, it } from "vitest";
import { KeyReader } from "../../src/actions/keys";
import { flag, markRead } from "../../src/actions/mark";
import { goSent, next } from "../../src/actions/navigate";
import { help } from "../../src/actions/page";

describe("keys", () => {
  it("are read alone, shifted and one after the other", () => {
    const reader = new KeyReader();
    expect(reader.read(stroke("j"))).toBe(next);
    expect(reader.read(stroke("I", { shiftKey: true }))).toBe(markRead);
    expect(reader.read(stroke("?", { shiftKey: true }))).toBe(help);
    expect(reader.read(stroke("g", { timeStamp: 100 }))).toBeNull();
    expect(reader.read(stroke("s", { timeStamp: 200 }))).toBe(goSent);
    expect(reader.read(stroke("s", { timeStamp: 300 }))).toBe(flag);
  });

  it("that come late are read alone", () => {
    const reader = new KeyReader();
    reader.read(stroke("g", { timeStamp: 0 }));
    expect(reader.read(stroke("s", { timeStamp: 5_000 }))).toBe(flag);
  });

  it("with a modifier belong to the browser", () => {
    expect(new KeyReader().read(stroke("s", { ctrlKey: true }))).toBeNull();
  });
});

function stroke(key: string, more: Partial<KeyboardEvent> = {}) {
  return { key, shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, timeStamp: 0, ...more };
}
