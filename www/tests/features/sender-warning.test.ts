//! Senders that pretend.

import { describe, expect, it } from "vitest";
import { warnAbout } from "../../src/features/message/sender-warning";

describe("senders", () => {
  const from = (name: string, address: string) => warnAbout({ from: [{ name, address }], sender: [] });

  it("that name another address are told", () => {
    expect(from("security@bank.example", "x@evil.example")).toContain("x@evil.example");
    expect(from("Anna <anna@a.example>", "anna@a.example")).toBeNull();
  });

  it("of mixed alphabets are spelled out", () => {
    expect(from("Bank", "info@bаnk.example")).toContain("xn--");
    expect(from("Почта", "info@почта.example")).toBeNull();
  });
});
