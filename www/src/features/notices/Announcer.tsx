//! What changed, for who can't see it.

import { type Accessor, createEffect, createMemo, createSignal, type JSX, on } from "solid-js";
import { words } from "../../i18n";
import type { Notices } from "../../state/notices";
import text from "../../ui/Text.module.css";

export function Announcer(props: { notices: Accessor<Notices> }): JSX.Element {
  const [said, setSaid] = createSignal("");
  const news = createMemo(() => props.notices().news);
  const done = createMemo(() => props.notices().done);
  createEffect(on(news, (now) => setSaid(arrived(now)), { defer: true }));
  createEffect(on(done, (now) => now && setSaid(words.done(now)), { defer: true }));
  return (
    <div class={text.unseen} role="status" aria-live="polite" data-testid="announcer">
      {said()}
    </div>
  );
}

function arrived(news: Notices["news"]): string {
  const newest = news?.rows.at(-1);
  if (!news || !newest) return "";
  if (news.count > 1) return words.newMessages(news.count);
  if (newest.isBlank) return words.NEW_BLANK;
  return words.newMessage(newest.correspondent || words.NO_CORRESPONDENT, newest.subject || words.NO_SUBJECT);
}
