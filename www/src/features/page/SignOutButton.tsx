//! The way out, where the folders with their own can't be shown.

import type { JSX } from "solid-js";
import type { App } from "../../app/app";
import { words } from "../../i18n";
import { Button } from "../../ui/Button";

export function SignOutButton(props: { app: App }): JSX.Element {
  return (
    <Button kind="quiet" onClick={() => props.app.signOut()}>
      {words.SIGN_OUT}
    </Button>
  );
}
