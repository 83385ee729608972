//! HTML mail in its sandboxed frame.

import type { MessageView } from "postern-client/types";
import { type JSX, Show } from "solid-js";
import { words } from "../../i18n";
import { allowImagesFrom } from "../../image-choice";
import { type Frame, SANDBOX } from "../../mail-frame";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import css from "./HtmlBody.module.css";
import bar from "./MessageBar.module.css";

export function HtmlBody(props: { view: MessageView; frame: Drawn; onShowImages: () => void }): JSX.Element {
  const sender = () => props.view.from[0]?.address ?? "";
  return (
    <>
      <Show when={props.frame.blocked > 0}>
        <div class={bar.messageBar} role="note">
          <Icon name="image" />
          <span>{words.imagesHidden(props.frame.blocked)}</span>
          <Button onClick={() => props.onShowImages()}>{words.SHOW_IMAGES}</Button>
          <Show when={sender()}>
            <Button kind="quiet" onClick={() => allowImagesFrom(sender())}>
              {words.SHOW_FROM_SENDER}
            </Button>
          </Show>
        </div>
      </Show>
      <iframe
        class={css.frame}
        title={words.MESSAGE_TEXT}
        sandbox={SANDBOX}
        referrerpolicy="no-referrer"
        srcdoc={props.frame.document as unknown as string}
      />
    </>
  );
}

type Drawn = Frame & { readonly kind: "html" };
