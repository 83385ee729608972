//! The page's own tests: store, words, keys and text in Node, hostile mail in a real Chromium.

import { defineConfig } from "vitest/config";

export default defineConfig({ test: { include: ["tests/**/*.test.ts"], testTimeout: 20_000 } });
