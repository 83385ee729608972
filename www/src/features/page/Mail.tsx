//! The three panes, each with its slices, and what floats above them.

import type { Flags } from "postern-client/types";
import { createMemo, createSignal, type JSX, Show } from "solid-js";
import type { Context } from "../../actions/action";
import type { App } from "../../app/app";
import { createContext } from "../../app/context";
import { createPresence } from "../../app/presence";
import { useKeys } from "../../app/shortcuts";
import { createShownRows } from "../../app/shown-rows";
import { words } from "../../i18n";
import { rowAt } from "../../state/list";
import { paneOf } from "../../state/place";
import { Guarded } from "../../ui/Guarded";
import { Splitter } from "../../ui/Splitter";
import { Folders } from "../folders/Folders";
import { KeyHelp } from "../help/KeyHelp";
import { List } from "../list/List";
import { Message } from "../message/Message";
import { Announcer } from "../notices/Announcer";
import { ConnectionBar } from "../notices/ConnectionBar";
import { Notices } from "../notices/Notices";
import css from "./Mail.module.css";
import { createPanes } from "./panes";
import { SignOutButton } from "./SignOutButton";

export function Mail(props: { app: App }): JSX.Element {
  const { app } = props;
  const { get, navigation, downloads } = app;
  const [account, folders, list, message] = [get("account"), get("folders"), get("list"), get("message")];
  const [notices, place] = [get("notices"), get("place")];
  const pane = createMemo(() => paneOf(place()));
  const [help, setHelp] = createSignal(false);
  const offline = createPresence(app.store, app.send);
  const shownRows = createShownRows(app.send);

  const panes = createPanes(pane, () => setHelp(true));
  const { focus } = panes;

  const everywhere = createContext(app, focus);
  const openMessage = createContext(app, focus, {
    messages: () => idsOf(message()),
    flags: () => flagsOfOne(message()?.flags),
  });
  const contextOf = (at: number): Context => {
    const row = () => rowAt(list(), at);
    return createContext(app, focus, { messages: () => idsOf(row()), flags: () => flagsOfOne(row()?.flags) });
  };
  useKeys((action) => action.enabled?.(everywhere) !== false && action.run(everywhere), help);

  return (
    <div class={css.mail} data-pane={pane()}>
      <Guarded what="folders" of={folders()} class={css.folders} instead={<SignOutButton app={app} />}>
        <Folders
          class={css.folders}
          ref={panes.folders}
          folders={folders}
          place={place}
          address={account().address}
          onOpen={navigation.openMailbox}
          onHelp={focus.help}
          onSignOut={app.signOut}
        />
      </Guarded>
      <Guarded what="list" of={list()} class={css.list}>
        <List
          class={css.list}
          pane={panes.list}
          ref={panes.rows}
          folders={folders}
          list={list}
          message={message}
          selection={get("selection")}
          cx={everywhere}
          contextOf={contextOf}
          dispatch={app.dispatch}
          onOpen={navigation.openRow}
          onShown={shownRows}
          onShowFolders={() => navigation.showFolders(true)}
        />
      </Guarded>
      <Splitter label={words.LIST_WIDTH} />
      <main class={css.reading}>
        <Guarded what="message" of={message()}>
          <Message
            message={message}
            downloads={get("downloads")}
            cx={openMessage}
            onRetry={navigation.openMessage}
            onDownload={downloads.start}
            onCancel={downloads.cancel}
            ref={panes.message}
          />
        </Guarded>
      </main>
      <Guarded what="connection" of={account().session} place="floating">
        <ConnectionBar
          account={account}
          offline={offline}
          send={app.send}
          onSignOut={app.signOut}
          onUnlocked={panes.backToReading}
        />
      </Guarded>
      <Guarded what="notice" of={notices().failures} place="floating">
        <Notices notices={notices} dispatch={app.dispatch} onEmpty={panes.backToReading} />
      </Guarded>
      <Guarded what="news" of={notices().news} place="floating">
        <Announcer notices={notices} />
      </Guarded>
      <Show when={help()}>
        <Guarded what="help" place="floating">
          <KeyHelp cx={everywhere} onClose={() => setHelp(false)} />
        </Guarded>
      </Show>
    </div>
  );
}

function idsOf(one: { readonly id: number } | null | undefined): readonly number[] {
  return one ? [one.id] : NO_MESSAGES;
}

function flagsOfOne(flags: Flags | null | undefined): readonly Flags[] {
  return flags ? [flags] : NO_FLAGS;
}

const NO_MESSAGES: readonly number[] = [];
const NO_FLAGS: readonly Flags[] = [];
