//! A message's text: plain text as text nodes, HTML in its sandboxed frame.

import type { MessageView } from "postern-client/types";
import { createMemo, For, type JSX, Show } from "solid-js";
import { allowImagesFrom } from "../image-choice";
import { type Frame, SANDBOX } from "../mail-frame";
import { type Block, blocks, host, pieces } from "../text-body";
import { imagesHidden } from "../words";
import { Icon } from "./Icon";
import "./body.css";

export function TextBody(props: { text: string }): JSX.Element {
  const parts = createMemo(() => blocks(props.text));
  // A message that is nothing but a quote is shown, not folded away.
  const foldable = () => parts().some((block) => block.kind === "text");
  return (
    <div class="text-body" data-testid="text-body">
      <For each={parts()}>
        {(block) => (
          <Show when={block.kind === "quote" && foldable()} fallback={<Paragraph block={block} />}>
            <details class="quote">
              <summary>Quoted text</summary>
              <Paragraph block={block} />
            </details>
          </Show>
        )}
      </For>
    </div>
  );
}

function Paragraph(props: { block: Block }): JSX.Element {
  return (
    <p class={props.block.kind} dir="auto">
      <For each={pieces(props.block.text)}>
        {(piece) => (
          <Show when={piece.link} fallback={piece.text}>
            {(link) => (
              <a href={link()} target="_blank" rel="noopener noreferrer" title={host(link()) ?? piece.text}>
                {piece.text}
              </a>
            )}
          </Show>
        )}
      </For>
    </p>
  );
}

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
