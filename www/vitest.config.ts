//! The page's own tests: state, actions, words and text in Node; the scripted page and hostile mail in a real Chromium.

import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

// Nothing takes so long, not even on two cores that six other programs keep busy. Only a test that fails waits for it.
const PATIENCE = 120_000;
const SOLID = fileURLToPath(new URL("node_modules/solid-js/dist/solid.js", import.meta.url));

export default defineConfig({
  // Solid as it is in a browser: for a server it has signals that wake nobody.
  resolve: { alias: [{ find: /^solid-js$/, replacement: SOLID }] },
  test: {
    // Most of a test's time goes by in its browser: as many files at once as the least machine has processors.
    maxWorkers: 2,
    testTimeout: PATIENCE,
    hookTimeout: PATIENCE,
    expect: { poll: { timeout: PATIENCE } },
    projects: [
      project("node", ["tests/{app,actions,engine,features,i18n,state}/**/*.test.ts", "tests/*.test.ts"]),
      project("frame", ["tests/frame/*.test.ts"]),
      // The one that needs the scripted page.
      project("scripted", ["tests/scripted/*.test.ts"], ["tests/scripted/setup.ts"]),
    ],
  },
});

function project(name: string, include: string[], globalSetup: string[] = []) {
  return { extends: true, test: { name, include, globalSetup } } as const;
}
