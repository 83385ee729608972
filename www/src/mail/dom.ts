//! Reads a mail's document past the names that the mail gives to what is in it.
//!
//! `<img name=body>` takes the place of `document.body`, and `<input name=nextSibling>` that of a form's next sibling
//! (HTML, "DOM tree accessors" and "The form element"): a mail could be empty, or never end.

export const bodyOf = reader(Document.prototype, "body");
export const rootOf = reader(Document.prototype, "documentElement");
export const nodeType = reader(Node.prototype, "nodeType");
export const firstChild = reader(Node.prototype, "firstChild");
export const nextSibling = reader(Node.prototype, "nextSibling");
export const parentNode = reader(Node.prototype, "parentNode");
export const localName = reader(Element.prototype, "localName");
export const namespaceURI = reader(Element.prototype, "namespaceURI");
export const lastElementChild = reader(Element.prototype, "lastElementChild");

/** `document.querySelectorAll`. */
export function all<Found extends Element = Element>(of: Document, selectors: string): NodeListOf<Found> {
  return Document.prototype.querySelectorAll.call(of, selectors) as NodeListOf<Found>;
}

/** `document.write`. */
export function write(to: Document, html: TrustedHTML): void {
  Document.prototype.write.call(to, html as unknown as string);
}

/** `document.close`. */
export function close(document: Document): void {
  Document.prototype.close.call(document);
}

/** The getter of a property, as every object has it. */
function reader<Of extends object, Key extends keyof Of & string>(
  prototype: Of,
  key: Key,
): (of: Of) => Of[Key] {
  const get = Object.getOwnPropertyDescriptor(prototype, key)?.get;
  if (!get) throw new TypeError(`${key} has no getter here`);
  return (of) => get.call(of) as Of[Key];
}
