//! The whole page: sign-in, or the mail; or that it stopped working.

import { createEffect, createMemo, type JSX, Show } from "solid-js";
import type { App } from "../../app/app";
import { forgetImageChoices } from "../../image-choice";
import { isInside } from "../../state/account";
import { Guarded } from "../../ui/Guarded";
import { SignIn } from "../sign-in/SignIn";
import { Mail } from "./Mail";
import { SignOutButton } from "./SignOutButton";
import { Stopped } from "./Stopped";

export function Page(props: { app: App }): JSX.Element {
  const { app } = props;
  const account = app.get("account");
  const inside = createMemo(() => isInside(account()));
  createEffect(() => !inside() && forgetImageChoices());
  return (
    <Show when={account().broken === null} fallback={<Stopped detail={account().broken ?? ""} />}>
      <Guarded what="page" of={inside()} instead={inside() ? <SignOutButton app={app} /> : undefined}>
        <Show
          when={inside()}
          fallback={
            <SignIn
              account={account}
              notices={app.get("notices")}
              onSignIn={app.signIn}
              onSignOut={app.signOut}
            />
          }
        >
          <Mail app={app} />
        </Show>
      </Guarded>
    </Show>
  );
}
