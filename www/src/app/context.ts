//! What actions are about where they stand: the whole page, one message, one row.

import type { Flags, MessageId } from "postern-client/types";
import type { Context, Focus } from "../actions/action";
import { cursorAt, flagsOf, targets } from "../state/selection";
import type { App } from "./app";

/** Followed by whoever reads of it: a button that stands in a view is drawn anew when its label changes. */
export function createContext(
  app: App,
  focus: Focus,
  about: { messages?: () => readonly MessageId[]; flags?: () => readonly Flags[] } = {},
): Context {
  const [list, message, selection] = [app.get("list"), app.get("message"), app.get("selection")];
  const all = () => ({ list: list(), message: message(), selection: selection() });
  const messages = about.messages ?? (() => targets(all()));
  const flags = about.flags ?? (() => flagsOf(all(), messages()));
  return {
    get messages() {
      return messages();
    },
    get flags() {
      return flags();
    },
    get selected() {
      return selection().ids.size;
    },
    get cursor() {
      return cursorAt(selection(), list());
    },
    get rows() {
      return list()?.length ?? 0;
    },
    send: app.send,
    dispatch: app.dispatch,
    go: {
      ...app.navigation,
      closeFolders() {
        const { folders } = app.current().place;
        if (folders) app.navigation.showFolders(false);
        return folders;
      },
    },
    focus,
  };
}
