//! Shows one mail in its frame, as the page does: for the test beside it.

import { mailFrame, SANDBOX } from "../../src/mail-frame";

declare global {
  interface Window {
    /** Shows it, and returns the frame's document once it has loaded. */
    show(html: string, remoteImages: "blocked" | "allowed"): Promise<{ document: string; blocked: number }>;
  }
}

window.show = (html, remoteImages) => {
  const { document: safe, blocked } = mailFrame(html, { inlineImages: [], remoteImages });
  const frame = document.createElement("iframe");
  frame.setAttribute("sandbox", SANDBOX);
  frame.srcdoc = safe as unknown as string;
  return new Promise((resolve) => {
    frame.onload = () => resolve({ document: String(safe), blocked });
    document.body.replaceChildren(frame);
  });
};
