//! Builds the scripted page once, for all test files that look at it.

import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import type { TestProject } from "vitest/node";

const CONFIG = fileURLToPath(new URL("vite.scripted.config.ts", import.meta.url));
/** Each run has a folder of its own below it. */
const BUILDS = fileURLToPath(new URL("../../node_modules/.scripted/", import.meta.url));

declare module "vitest" {
  export interface ProvidedContext {
    /** The folder that the page was built into. */
    scripted: string;
  }
}

/** What it returns takes the page away again. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  await mkdir(BUILDS, { recursive: true });
  const out = await mkdtemp(BUILDS);
  await build({ configFile: CONFIG, logLevel: "error", build: { outDir: out } });
  project.provide("scripted", out);
  return async () => await rm(out, { recursive: true, force: true });
}
