//! The whole page: sign-in, or three panes. Holds the keyboard, the focus, the title and what screen readers hear.

import type { MailboxRole } from "postern-client/types";
import {
  type Accessor,
  catchError,
  createEffect,
  createMemo,
  createSignal,
  type JSX,
  on,
  onCleanup,
  onMount,
  Show,
} from "solid-js";
import type { Client } from "../client";
import { forgetImageChoices } from "../image-choice";
import { type Command, KeyReader } from "../keys";
import { createListModel } from "../list-model";
import type { State } from "../store";
import { count, NEW_BLANK, NO_CORRESPONDENT, NO_SUBJECT } from "../words";
import { ConnectionBar, Notices } from "./Bars";
import { Folders, mailboxName } from "./Folders";
import { Guarded } from "./Guarded";
import { KeyHelp } from "./KeyHelp";
import { List } from "./List";
import { MessagePane } from "./Message";
import { Resizer } from "./Resizer";
import { SignIn } from "./SignIn";
import { Reason } from "./Told";
import "./app.css";

export function App(props: { client: Client }): JSX.Element {
  const inside = createMemo(() => {
    const { state } = props.client.state().session;
    return state === "online" || state === "reconnecting" || state === "locked";
  });
  createEffect(() => !inside() && forgetImageChoices());
  showTitle(props.client, inside);

  return (
    <Show when={props.client.broken() === null} fallback={<Broken detail={props.client.broken() ?? ""} />}>
      <Guarded
        what="this page"
        of={inside()}
        instead={inside() ? <SignOutButton client={props.client} /> : undefined}
      >
        <Show when={inside()} fallback={<SignIn client={props.client} />}>
          <Mail client={props.client} />
        </Show>
      </Guarded>
    </Show>
  );
}

function Mail(props: { client: Client }): JSX.Element {
  const { client } = props;
  let grid: HTMLElement | undefined;
  let article: HTMLElement | undefined;
  const model = createListModel(client);
  const [help, setHelp] = createSignal(false);
  const place = client.place;
  const pane = createMemo(() =>
    place().message !== null ? "message" : place().folders ? "folders" : "list",
  );

  // Where nothing is open yet, the inbox is.
  careful(() => {
    const inbox = findMailbox("inbox") ?? client.state().mailboxes.find((row) => row.selectable);
    if (place().mailbox === null && inbox) client.openMailbox(inbox.id);
  });

  // From a closed message the focus goes back to the list; on a narrow screen an opened one takes it.
  careful(
    on(pane, (now, before) => {
      if (now === "list") grid?.focus({ preventScroll: true });
      else if (now === "message" && before === "list" && NARROW.matches)
        article?.focus({ preventScroll: true });
    }),
  );

  function backToReading(): void {
    const shown = pane() === "message" && NARROW.matches ? article : grid;
    shown?.focus({ preventScroll: true });
  }

  function findMailbox(role: MailboxRole) {
    return client.state().mailboxes.find((row) => row.role === role);
  }

  function go(role: MailboxRole): void {
    const row = findMailbox(role);
    if (!row) return;
    client.openMailbox(row.id);
    grid?.focus({ preventScroll: true });
  }

  const commands: Record<Command, () => void> = {
    next: () => model.move(1),
    previous: () => model.move(-1),
    open() {
      model.open(Math.max(0, model.cursorAt()));
      article?.focus({ preventScroll: true });
    },
    read: () => (article?.querySelector("iframe") ?? article)?.focus(),
    back: () => client.closeMessage(),
    select: () => model.cursorAt() >= 0 && model.toggle(model.cursorAt(), false),
    flag: model.flag,
    markRead: () => model.markSeen(true),
    markUnread: () => model.markSeen(false),
    refresh: () => client.send({ type: "refresh" }),
    goInbox: () => go("inbox"),
    goSent: () => go("sent"),
    goDrafts: () => go("drafts"),
    goTrash: () => go("trash"),
    help: () => setHelp(true),
    close() {
      if (model.selected().size > 0) model.clear();
      else if (place().folders) client.showFolders(false);
      else client.closeMessage();
    },
  };
  useKeys(commands, help);
  takeKeysBack(() => grid);

  return (
    <div class="app" data-pane={pane()}>
      <Guarded
        what="the folders"
        of={client.state().mailboxes}
        place="folders"
        instead={<SignOutButton client={client} />}
      >
        <Folders client={client} onHelp={() => setHelp(true)} />
      </Guarded>
      <Guarded what="the list" of={client.state().list} place="list">
        <List
          client={client}
          model={model}
          ref={(element) => {
            grid = element;
            if (pane() === "list") queueMicrotask(() => element.focus({ preventScroll: true }));
          }}
        />
      </Guarded>
      <Resizer />
      <main class="reading">
        <Guarded what="this message" of={client.state().message}>
          <MessagePane
            client={client}
            model={model}
            ref={(element) => {
              article = element;
            }}
          />
        </Guarded>
      </main>
      <Guarded what="how the connection is" of={client.state().session} place="floating">
        <ConnectionBar client={client} onUnlocked={backToReading} />
      </Guarded>
      <Guarded what="a notice" of={client.state().failures} place="floating">
        <Notices client={client} />
      </Guarded>
      <Guarded what="what is new" of={client.state().news} place="floating">
        <Announcer client={client} said={model.said} />
      </Guarded>
      <Show when={help()}>
        <Guarded what="the help" place="floating">
          <KeyHelp onClose={() => setHelp(false)} />
        </Guarded>
      </Show>
    </div>
  );
}

/** Reads the keyboard, except where it writes or where the focused thing has a use for the key itself. */
function useKeys(commands: Record<Command, () => void>, paused: () => boolean): void {
  const reader = new KeyReader();
  const onKey = (event: KeyboardEvent) => {
    const target = event.target instanceof Element ? event.target : document.body;
    if (event.defaultPrevented || paused() || target.closest("input, textarea, select")) return;
    const arrow = event.key.startsWith("Arrow");
    if (arrow && target !== document.body && !target.closest(".rows")) return;
    // Space scrolls the text once the focus is there, as anywhere.
    const own =
      event.key === " " ? "button, a, summary, article" : event.key === "Enter" ? "button, a, summary" : null;
    if (own && target.closest(own) && !target.querySelector("iframe")) return;
    const command = reader.read(event);
    if (!command) return;
    event.preventDefault();
    commands[command]();
  };
  onMount(() => document.addEventListener("keydown", onKey));
  onCleanup(() => document.removeEventListener("keydown", onKey));
}

/** A mail's frame keeps every key for itself once it was clicked. The pointer back on the list takes them back. */
function takeKeysBack(grid: () => HTMLElement | undefined): void {
  const onPointer = (event: PointerEvent) => {
    const outside = event.target instanceof Element && event.target.closest(".list, .folders");
    if (outside && document.activeElement instanceof HTMLIFrameElement)
      grid()?.focus({ preventScroll: true });
  };
  onMount(() => document.addEventListener("pointerover", onPointer));
  onCleanup(() => document.removeEventListener("pointerover", onPointer));
}

/** What changed, for who can't see it. */
function Announcer(props: { client: Client; said: Accessor<string> }): JSX.Element {
  const [words, setWords] = createSignal("");
  const news = createMemo(() => props.client.state().news);
  createEffect(on(news, (now) => setWords(arrived(now)), { defer: true }));
  createEffect(on(props.said, (now) => setWords(now), { defer: true }));
  return (
    <div class="unseen" role="status" aria-live="polite" data-testid="announcer">
      {words()}
    </div>
  );
}

function arrived(news: State["news"]): string {
  const newest = news?.rows.at(-1);
  if (!news || !newest) return "";
  if (news.count > 1) return count(news.count, "new message", "new messages");
  if (newest.isBlank) return NEW_BLANK;
  return `New message from ${newest.correspondent || NO_CORRESPONDENT}: ${newest.subject || NO_SUBJECT}`;
}

/** Where the folders' own can't be shown. */
function SignOutButton(props: { client: Client }): JSX.Element {
  return (
    <button type="button" class="button quiet" onClick={() => props.client.signOut()}>
      Sign out
    </button>
  );
}

function Broken(props: { detail: string }): JSX.Element {
  return (
    <main class="broken">
      <h1>Postern stopped working in this tab</h1>
      <p>
        Reload the page and sign in again. If that doesn’t help, use a newer browser: it must run WebAssembly.
      </p>
      <button type="button" class="button primary" onClick={() => location.reload()}>
        Reload
      </button>
      <Reason detail={props.detail} />
    </main>
  );
}

/** "(3) Inbox – Postern", and a mark on the tab's picture. */
function showTitle(client: Client, inside: () => boolean): void {
  const show = () => {
    const { mailboxes, list } = client.state();
    const unread = inside() ? (mailboxes.find((row) => row.role === "inbox")?.unread ?? 0) : 0;
    const open = mailboxes.find((row) => row.id === list?.mailbox);
    const name = inside() && open ? `${mailboxName(open)} – Postern` : "Postern";
    document.title = unread > 0 ? `(${unread}) ${name}` : name;
    const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    const wanted = unread > 0 ? "favicon-unread.svg" : "favicon.svg";
    if (icon && icon.getAttribute("href") !== wanted) icon.setAttribute("href", wanted);
  };
  careful(show);
}

/** An effect of the page as a whole. What fails there is left undone; it takes nothing with it. */
function careful(effect: () => void): void {
  catchError(() => createEffect(effect), console.error);
}

const NARROW = matchMedia("(width < 700px)");
