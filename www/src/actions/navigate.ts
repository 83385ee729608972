//! From message to message, from mailbox to mailbox, into a text and back out.

import type { MailboxRole } from "postern-client/types";
import { words } from "../i18n";
import type { Action } from "./action";

export const next: Action = {
  label: () => words.NEXT_MESSAGE,
  icon: "down",
  keys: ["j", "ArrowDown"],
  enabled: (cx) => cx.cursor < cx.rows - 1,
  run: (cx) => cx.go.move(1),
};

export const previous: Action = {
  label: () => words.PREVIOUS_MESSAGE,
  icon: "up",
  keys: ["k", "ArrowUp"],
  enabled: (cx) => cx.cursor !== 0 && cx.rows > 0,
  run: (cx) => cx.go.move(-1),
};

export const open: Action = {
  label: () => words.OPEN_MESSAGE,
  keys: ["Enter", "o"],
  run(cx) {
    cx.go.openRow(Math.max(0, cx.cursor));
    cx.focus.message();
  },
};

export const readText: Action = {
  label: () => words.INTO_TEXT,
  keys: ["Space"],
  run: (cx) => cx.focus.text(),
};

export const back: Action = {
  label: () => words.BACK_TO_LIST,
  icon: "back",
  keys: ["u"],
  run: (cx) => cx.go.closeMessage(),
};

export const goInbox = goTo("inbox", "g i");
export const goSent = goTo("sent", "g s");
export const goDrafts = goTo("drafts", "g d");
export const goTrash = goTo("trash", "g t");

function goTo(role: MailboxRole, keys: string): Action {
  return {
    label: () => words.ROLES[role],
    icon: role,
    keys: [keys],
    run: (cx) => cx.go.openRole(role) && cx.focus.list(),
  };
}
