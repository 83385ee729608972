//! Builds the page. The result is static: hashed files, no inline script, no inline style (security.md K3).

import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import solid from "vite-plugin-solid";
import { cssClasses, scopedName } from "./build/css-classes.mjs";
import { trustedTemplates } from "./build/trusted-templates.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  // The page may stand below a path of a site: whatever it asks for is looked for beside it.
  base: "./",
  plugins: [cssClasses(), solid(), trustedTemplates()],
  css: { modules: { generateScopedName: (name, file) => scopedName(file, name) } },
  resolve: {
    alias: { "postern-client": here("../client-wasm/pkg-page/postern_client.js") },
  },
  // The client is loaded in the worker alone, as a module: it brings its wasm file with it.
  worker: { format: "es" },
  server: { fs: { allow: [here(".."), here(".")] } },
  build: {
    target: "es2023",
    // The polyfill would be an inline script in all but name, and every browser that runs Postern preloads modules.
    modulePreload: { polyfill: false },
    // A data: URL of a picture would need its own line in the page's policy.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
});
