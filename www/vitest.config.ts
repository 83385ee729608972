//! The page's own tests: store, words, keys and text in Node, hostile mail in a real Chromium.

import { defineConfig } from "vitest/config";

// Nothing takes so long, not even on two cores that six other programs keep busy. Only a test that fails waits for it.
const PATIENCE = 120_000;

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    testTimeout: PATIENCE,
    hookTimeout: PATIENCE,
    expect: { poll: { timeout: PATIENCE } },
  },
});
