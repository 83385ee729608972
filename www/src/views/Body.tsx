//! HTML mail in its sandboxed frame.

import type { MessageView } from "postern-client/types";
import { type JSX, Show } from "solid-js";
import { allowImagesFrom } from "../image-choice";
import { type Frame, SANDBOX } from "../mail-frame";
import { imagesHidden } from "../words";
import { Icon } from "./Icon";
import "./body.css";

export function HtmlBody(props: { view: MessageView; frame: Drawn; onShowImages: () => void }): JSX.Element {
  const sender = () => props.view.from[0]?.address ?? "";
  return (
    <>
      <Show when={props.frame.blocked > 0}>
        <div class="message-bar" role="note">
          <Icon name="image" />
          <span>{imagesHidden(props.frame.blocked)}</span>
          <button type="button" class="button" onClick={() => props.onShowImages()}>
            Show images
          </button>
          <Show when={sender()}>
            <button type="button" class="button quiet" onClick={() => allowImagesFrom(sender())}>
              Show from this sender
            </button>
          </Show>
        </div>
      </Show>
      <iframe
        class="mail-frame"
        title="Message text"
        sandbox={SANDBOX}
        referrerpolicy="no-referrer"
        srcdoc={props.frame.document as unknown as string}
      />
    </>
  );
}

type Drawn = Frame & { readonly kind: "html" };
