//! Every action that has a key, in the groups that the help shows. A new key is a line here.

import { words } from "../i18n";
import type { Action } from "./action";
import { flag, markRead, markUnread } from "./mark";
import { back, goDrafts, goInbox, goSent, goTrash, next, open, previous, readText } from "./navigate";
import { close, help, refresh, select } from "./page";

export const ACTIONS: readonly { readonly title: string; readonly actions: readonly Action[] }[] = [
  { title: words.KEY_GROUPS.move, actions: [next, previous, open, readText, back] },
  { title: words.KEY_GROUPS.act, actions: [select, flag, markRead, markUnread] },
  { title: words.KEY_GROUPS.go, actions: [goInbox, goSent, goDrafts, goTrash] },
  { title: words.KEY_GROUPS.anywhere, actions: [refresh, help, close] },
];
