//! The list and the page as a whole: select, look for new mail, the help, and closing whatever is nearest.

import { words } from "../i18n";
import type { Action } from "./action";

export const select: Action = {
  label: () => words.SELECT,
  keys: ["x"],
  enabled: (cx) => cx.cursor >= 0,
  run: (cx) => cx.dispatch({ type: "toggled", at: cx.cursor, range: false }),
};

export const refresh: Action = {
  label: () => words.REFRESH,
  icon: "refresh",
  keys: ["Shift+n"],
  run: (cx) => cx.send({ type: "refresh" }),
};

export const help: Action = {
  label: () => words.KEYBOARD_SHORTCUTS,
  help: words.SHOW_KEYS,
  icon: "keyboard",
  keys: ["?"],
  run: (cx) => cx.focus.help(),
};

export const close: Action = {
  label: (cx) => (cx.selected > 0 ? words.SELECT_NONE : words.CLOSE_NEAREST),
  help: words.CLOSE_NEAREST,
  icon: "close",
  keys: ["Escape"],
  run(cx) {
    if (cx.selected > 0) cx.dispatch({ type: "selectionCleared" });
    else if (!cx.go.closeFolders()) cx.go.closeMessage();
  },
};
