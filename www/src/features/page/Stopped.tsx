//! The engine is gone, and with it the session.

import type { JSX } from "solid-js";
import { words } from "../../i18n";
import { Button } from "../../ui/Button";
import { Reason } from "../../ui/Reason";
import css from "./Stopped.module.css";

export function Stopped(props: { detail: string }): JSX.Element {
  return (
    <main class={css.stopped}>
      <h1>{words.STOPPED.what}</h1>
      <p>{words.STOPPED.todo}</p>
      <Button kind="primary" onClick={() => location.reload()}>
        {words.RELOAD}
      </Button>
      <Reason detail={props.detail} />
    </main>
  );
}
