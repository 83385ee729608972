//! "(3) Inbox – Postern", and a mark on the tab's picture.

import { mailboxName } from "../i18n";
import { isInside } from "../state/account";
import { withId, withRole } from "../state/folders";
import { careful } from "./careful";
import type { Store } from "./store";

export function showTitle(store: Store): void {
  careful(() => {
    const inside = isInside(store.get("account")());
    const folders = store.get("folders")();
    const unread = inside ? (withRole(folders, "inbox")?.unread ?? 0) : 0;
    const open = inside ? withId(folders, store.get("place")().mailbox) : undefined;
    const name = open ? `${mailboxName(open)} – Postern` : "Postern";
    document.title = unread > 0 ? `(${unread}) ${name}` : name;
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    const wanted = unread > 0 ? "favicon-unread.svg" : "favicon.svg";
    if (icon && icon.getAttribute("href") !== wanted) icon.setAttribute("href", wanted);
  });
}
