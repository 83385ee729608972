//! Lets Solid's compiled templates pass `require-trusted-types-for 'script'`.
//!
//! Solid turns JSX into one static HTML string per template and assigns it to `innerHTML` in one place. That
//! place gets a policy of its own, which no other module can reach. The alternative, a default policy that
//! lets everything through, would guard nothing.

import type { Plugin } from "vite";

const ASSIGNMENT = /\bt\.innerHTML = html;/g;
const RUNTIME = /solid-js\/web\/dist\/(?:web|dev)\.js$/;

const POLICY = `
const solidTemplates = globalThis.trustedTypes?.createPolicy("solid-templates", { createHTML: html => html })
  ?? { createHTML: html => html };
`;

/** Wraps the assignment, and fails the build where Solid has it no longer, or more than once. */
export function trustedTemplates(): Plugin {
  let wrapped = 0;
  return {
    name: "trusted-templates",
    enforce: "pre",
    apply: "build",
    transform(code, id) {
      if (!RUNTIME.test(id)) return null;
      const found = code.match(ASSIGNMENT)?.length ?? 0;
      if (found !== 1) this.error(`expected one innerHTML assignment in ${id}, found ${found}`);
      wrapped += 1;
      const out = code.replace(ASSIGNMENT, "t.innerHTML = solidTemplates.createHTML(html);");
      // At the end: the policy is created when the module has loaded, before the first template is used.
      return { code: out + POLICY, map: null };
    },
    buildEnd(error) {
      if (!error && wrapped !== 1)
        this.error(`expected Solid's runtime once in the page, found it ${wrapped} times`);
    },
  };
}
