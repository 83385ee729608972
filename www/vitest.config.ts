//! The page's own tests: state, actions, words and text in Node; the scripted page and hostile mail in a real Chromium.

import { defineConfig } from "vitest/config";

// Nothing takes so long, not even on two cores that six other programs keep busy. Only a test that fails waits for it.
const PATIENCE = 120_000;

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    globalSetup: ["tests/scripted/setup.ts"],
    // Most of a test's time goes by in its browser: as many files at once as the least machine has processors.
    maxWorkers: 2,
    testTimeout: PATIENCE,
    hookTimeout: PATIENCE,
    expect: { poll: { timeout: PATIENCE } },
  },
});
