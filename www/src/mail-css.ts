//! CSS of a mail, read and written again by the browser's own parser: nothing that loads, nothing hidden in an escape.

/** One `style` attribute, cleaned. Empty where nothing is left. */
export function cleanDeclarations(text: string): string {
  const element = inert.createElement("div");
  element.style.cssText = text;
  clean(element.style);
  return element.style.cssText;
}

/** One style sheet, cleaned: plain rules, and those for a width or a printer. Everything else goes. */
export function cleanSheet(text: string): string {
  const sheet = new CSSStyleSheet();
  // Ignores @import, and loads nothing: the sheet is never part of a document.
  sheet.replaceSync(text.slice(0, SHEET_MAX));
  return cleanRules(sheet.cssRules);
}

function cleanRules(rules: CSSRuleList): string {
  return [...rules].map(cleanRule).filter(safe).join("\n");
}

function cleanRule(rule: CSSRule): string {
  if (rule instanceof CSSMediaRule) {
    return `@media ${rule.media.mediaText} {\n${cleanRules(rule.cssRules)}\n}`;
  }
  if (rule instanceof CSSStyleRule) {
    clean(rule.style);
    // Written from its parts: rules nested inside it are left out.
    return `${rule.selectorText} { ${rule.style.cssText} }`;
  }
  return "";
}

function clean(style: CSSStyleDeclaration): void {
  for (const name of [...style]) {
    // The browser keeps the text of a custom property as it came, escapes and all: what it hides can't be told.
    if (name.startsWith("--") || LOADS.test(style.getPropertyValue(name))) style.removeProperty(name);
  }
}

/** A `<` could end the style element that the rule is written into. */
function safe(rule: string): boolean {
  return rule !== "" && !rule.includes("<");
}

// A document without a window: nothing in it loads, runs or is drawn.
const inert = document.implementation.createHTMLDocument("");

// Functions that fetch, or that take their value from elsewhere.
const LOADS = /(?:url|image|image-set|src|cross-fade|element|paint|var|env|attr)\s*\(/i;

const SHEET_MAX = 512 * 1024;
