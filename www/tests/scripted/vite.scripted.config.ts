//! The page with a scripted mailbox in the engine's place: for looking at it, never for serving it.

import { fileURLToPath } from "node:url";
import { mergeConfig } from "vite";
import page from "../../vite.config.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default mergeConfig(page, {
  root: here("../.."),
  resolve: { alias: { "postern-client": here("./engine.ts") } },
  build: { outDir: here("../../node_modules/.scripted/page"), emptyOutDir: true },
});
