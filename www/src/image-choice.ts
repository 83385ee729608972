//! Whose remote images the reader wants to see. Kept until the page is closed.

import { createSignal } from "solid-js";

const [senders, setSenders] = createSignal<ReadonlySet<string>>(new Set());

/** Whether images from this address are shown without asking. */
export function allowsImages(address: string): boolean {
  return address !== "" && senders().has(address.toLowerCase());
}

/** From now on, images from this address are shown. */
export function allowImagesFrom(address: string): void {
  setSenders(new Set([...senders(), address.toLowerCase()]));
}

/** Nobody's images any more: the next person at this page chooses anew. */
export function forgetImageChoices(): void {
  setSenders(new Set<string>());
}
