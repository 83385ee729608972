//! CSS modules whose classes are checked, and cost nothing at run time.
//!
//! `css.name` in a view becomes the class itself, as a literal: Solid makes a static template of literals alone, and what
//! the module has no class for breaks the build. For the type checker each module gets its declarations, below
//! `node_modules/.css-types` (tsconfig.json's `rootDirs`), so that a wrong name is an error in an editor too.
//! A class is called after its file: `.gutter` of `Row.module.css` is `row-gutter`, and `.row` there is `row`.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const SRC = fileURLToPath(new URL("../src", import.meta.url));
const TYPES = fileURLToPath(new URL("../node_modules/.css-types", import.meta.url));

const MODULE = /\.module\.css$/;
const IMPORT = /^import (\w+) from ("(\.[^"]+\.module\.css)");$/gm;

/** What a class is called on the page. @param {string} file @param {string} local @returns {string} */
export function scopedName(file, local) {
  const from = kebab(basename(file).replace(/\.module\.css.*$/, ""));
  const name = kebab(local);
  return name === from ? name : `${from}-${name}`;
}

/** @param {string} name */
function kebab(name) {
  return name.replace(/(?<=[a-z0-9])[A-Z]/g, "-$&").toLowerCase();
}

/** The classes of a module, as views name them. @param {string} source @returns {Set<string>} */
export function classesOf(source) {
  const bare = source.replace(/\/\*.*?\*\//gs, "").replace(/:global\([^)]*\)/g, "");
  const selectors = [...bare.matchAll(/([^{};]+)\{/g)].map(([, selector]) => selector ?? "");
  return new Set(
    selectors.flatMap((one) => [...one.matchAll(/\.([A-Za-z][\w-]*)/g)].map(([, name]) => name ?? "")),
  );
}

/**
 * A view with its classes in place, and what it used.
 * @param {string} code @param {string} id
 * @returns {{ code: string, used: Map<string, Set<string>> } | null} null where it uses no module
 */
export function withClasses(code, id) {
  const used = new Map();
  let out = code;
  for (const [line, name, , path] of code.matchAll(IMPORT)) {
    const file = resolve(dirname(id), path ?? "");
    const known = classesOf(readFileSync(file, "utf8"));
    const names = new Set();
    used.set(file, names);
    const literal = (/** @type {string} */ local) => {
      if (!known.has(local)) throw new Error(`${basename(file)} has no class “${local}” (${basename(id)})`);
      names.add(local);
      return JSON.stringify(scopedName(file, local));
    };
    out = out
      .replace(line, `import "${path}";`)
      .replace(new RegExp(`\\[${name}\\.(\\w+)\\](?=\\s*:)`, "g"), (_, local) => literal(local))
      .replace(new RegExp(`(?<![\\w.$])${name}\\.(\\w+)`, "g"), (_, local) => literal(local));
  }
  return used.size > 0 ? { code: out, used } : null;
}

/** Puts the classes in place. @returns {import("vite").Plugin[]} */
export function cssClasses() {
  return [
    {
      name: "css-classes",
      enforce: "pre",
      transform(code, id) {
        const file = id.replace(/\?.*$/, "");
        if (!/\.tsx?$/.test(file)) return null;
        const done = withClasses(code, file);
        return done && { code: done.code, map: null };
      },
    },
    {
      name: "css-classes-kept",
      enforce: "post",
      apply: "build",
      // Nobody imports a name of it any more: its rules are what it is there for.
      transform(_code, id) {
        return MODULE.test(id) ? { code: "", map: null, moduleSideEffects: "no-treeshake" } : null;
      },
    },
  ];
}

/** Writes the declarations, and complains of classes that nobody uses. */
function declare() {
  const all = readdirSync(SRC, { recursive: true }).map((name) => join(SRC, String(name)));
  /** @type {Map<string, Set<string>>} */
  const used = new Map();
  for (const file of all.filter((name) => /\.tsx?$/.test(name))) {
    for (const [sheet, names] of withClasses(readFileSync(file, "utf8"), file)?.used ?? []) {
      used.set(sheet, new Set([...(used.get(sheet) ?? []), ...names]));
    }
  }
  rmSync(TYPES, { recursive: true, force: true });
  const problems = [];
  const names = new Map();
  for (const file of all.filter((name) => MODULE.test(name))) {
    const classes = [...classesOf(readFileSync(file, "utf8"))];
    for (const name of classes) {
      const scoped = scopedName(file, name);
      if (!used.get(file)?.has(name)) problems.push(`${relative(SRC, file)}: nobody uses .${name}`);
      if (names.has(scoped)) problems.push(`${relative(SRC, file)}: .${scoped} is ${names.get(scoped)}'s`);
      names.set(scoped, relative(SRC, file));
    }
    const types = join(TYPES, relative(SRC, `${file}.d.ts`));
    mkdirSync(dirname(types), { recursive: true });
    const members = classes.map((name) => `  readonly ${name}: string;\n`).join("");
    writeFileSync(types, `declare const css: {\n${members}};\nexport default css;\n`);
  }
  if (problems.length > 0) {
    console.error(problems.join("\n"));
    process.exit(1);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) declare();
