//! Trusted Types, where the browser has them. Each policy stands in the one module that needs it, and is not exported.

type Rules = {
  createHTML?: (html: string) => string;
  createScriptURL?: (url: string) => string;
};

type Policy = {
  createHTML(html: string): TrustedHTML;
  createScriptURL(url: string): TrustedScriptURL;
};

/** A policy of that name; without Trusted Types the same rules, applied to plain strings. */
export function policy(name: string, rules: Rules): Policy {
  const made = window.trustedTypes?.createPolicy(name, rules);
  return (made ?? rules) as unknown as Policy;
}
