//! Functions that run inside the page. Each stands alone: only its text crosses.

/**
 * The first visible element of a role and an accessible name, or null. A name that ends in … is a beginning,
 * and one between two … a part.
 * The name is computed as far as the page needs it: labels, own text, and what is hidden from screen readers is not read.
 * @param {[role: string, name: string, within: string]} query @returns {Element | null}
 */
export function find([role, name, within]) {
  const own = {
    alert: "[role=alert]",
    article: "article",
    button: "button, summary, input[type=submit]",
    dialog: "dialog[open]",
    heading: "h1, h2, h3",
    link: "a[href]",
    listbox: "select[size]",
    main: "main",
    navigation: "nav",
    textbox: "input:not([type=checkbox], [type=radio], [type=submit]), textarea",
  };
  const scope = document.querySelector(within);
  const candidates = scope?.querySelectorAll(`[role=${role}]${own[role] ? `, ${own[role]}` : ""}`) ?? [];
  for (const element of candidates) {
    const given = element.getAttribute("role");
    if ((given === null || given === role) && visible(element) && matches(nameOf(element))) return element;
  }
  return null;

  function matches(text) {
    if (name.startsWith("…")) return text.includes(name.slice(1, -1));
    return name.endsWith("…") ? text.startsWith(name.slice(0, -1)) : text === name;
  }
  function visible(element) {
    return (
      element.checkVisibility({ visibilityProperty: true }) &&
      element.closest("[aria-hidden=true], [inert]") === null
    );
  }
  function nameOf(element) {
    const by = element.getAttribute("aria-labelledby");
    if (by)
      return clean(
        by
          .split(/\s+/)
          .map((id) => textOf(document.getElementById(id)))
          .join(" "),
      );
    const label = element.getAttribute("aria-label");
    if (label) return clean(label);
    if (element.labels?.length) return clean([...element.labels].map(textOf).join(" "));
    return clean(textOf(element) || element.title || element.value || "");
  }
  function textOf(node) {
    if (node === null) return "";
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    if (node.nodeType !== Node.ELEMENT_NODE || node.getAttribute("aria-hidden") === "true") return "";
    const label = node.getAttribute("aria-label");
    if (label) return ` ${label} `;
    if (node.tagName === "INPUT") return "";
    return [...node.childNodes].map(textOf).join(node.tagName === "SPAN" || node.tagName === "B" ? "" : " ");
  }
  function clean(text) {
    return text.replace(/\s+/g, " ").trim();
  }
}
