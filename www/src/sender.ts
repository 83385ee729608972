//! Senders that pretend (security.md H8): a name that looks like another address, a domain of mixed alphabets.

import type { MessageView } from "postern-client/types";

/** One sentence, where the reader should look twice at who wrote; else none. */
export function warnAbout(view: Pick<MessageView, "from" | "sender">): string | null {
  const from = view.from[0];
  if (!from) return null;
  const claimed = ADDRESS.exec(from.name)?.[0];
  if (claimed && claimed.toLowerCase() !== from.address.toLowerCase()) {
    return `The name says “${claimed}”, but this message is from ${from.address}.`;
  }
  const domain = from.address.slice(from.address.lastIndexOf("@") + 1);
  if (isMixed(domain)) {
    const spelled = URL.parse(`https://${domain}`)?.host ?? domain;
    return `This sender’s address uses letters of several alphabets that look alike. Spelled out it is ${spelled}.`;
  }
  if (view.from.length > 1) return "This message names several senders.";
  return null;
}

/** Latin letters beside those that imitate them. */
function isMixed(domain: string): boolean {
  return domain
    .split(".")
    .some((label) => /\p{Script=Latin}/u.test(label) && /\p{Script=Cyrillic}|\p{Script=Greek}/u.test(label));
}

const ADDRESS = /[^\s<>"'(),;:]{1,64}@[^\s<>"'(),;:]{1,255}\.[^\s<>"'(),;:.]{2,}/;
