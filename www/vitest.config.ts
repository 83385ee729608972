//! Tests of what needs no browser: the store, the words, the keys, the text. The rest is tested in real browsers.

import { defineConfig } from "vitest/config";

export default defineConfig({ test: { include: ["tests/*.test.ts"], environment: "node" } });
