//! Senders that pretend (security.md H8): a name that looks like another address, a domain of mixed alphabets.

import type { MessageView } from "postern-client/types";
import { clip, words } from "../../i18n";

/** One sentence, where the reader should look twice at who wrote; else none. */
export function warnAbout(view: Pick<MessageView, "from" | "sender">): string | null {
  const from = view.from[0];
  if (!from) return null;
  const claimed = addressIn(from.name.slice(0, READ).replaceAll("＠", "@"));
  if (claimed && claimed.toLowerCase() !== from.address.toLowerCase()) {
    return words.nameSaysOther(clip(claimed, SHOWN), clip(from.address, SHOWN));
  }
  const domain = from.address.slice(from.address.lastIndexOf("@") + 1);
  if (isMixed(domain)) {
    const spelled = URL.parse(`https://${domain}`)?.host ?? domain;
    return words.mixedAlphabets(clip(spelled, SHOWN));
  }
  if (view.from.length > 1) return words.SEVERAL_SENDERS;
  return null;
}

/** The first address that a name holds. From each `@` to both sides: no name, however made, takes long. */
function addressIn(name: string): string | null {
  for (let at = name.indexOf("@"); at >= 0; at = name.indexOf("@", at + 1)) {
    const local = LOCAL.exec(name.slice(Math.max(0, at - 64), at))?.[0];
    const domain = DOMAIN.exec(name.slice(at + 1, at + 256))?.[0];
    if (local && domain) return `${local}@${domain}`;
  }
  return null;
}

/** Latin letters beside those that imitate them. */
function isMixed(domain: string): boolean {
  return domain
    .split(".")
    .some((label) => /\p{Script=Latin}/u.test(label) && /\p{Script=Cyrillic}|\p{Script=Greek}/u.test(label));
}

const LOCAL = /[^\s<>"'(),;:@]*$/;
const DOMAIN = /^[^\s<>"'(),;:@.]+(?:\.[^\s<>"'(),;:@.]+)+/;
/** As far into a name as anybody reads. */
const READ = 1_000;
/** As much of an address as a sentence has room for. */
const SHOWN = 200;
