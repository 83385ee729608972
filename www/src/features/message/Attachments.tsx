//! What is attached. Nothing is opened here, only saved (security.md H7).

import type { Attachment as File, MessageId } from "postern-client/types";
import type { JSX } from "solid-js";
import { words } from "../../i18n";
import type { Download } from "../../state/downloads";
import { Guarded } from "../../ui/Guarded";
import { Sliced } from "../../ui/Sliced";
import { Attachment } from "./Attachment";
import css from "./Attachments.module.css";

export type AttachmentsProps = {
  readonly message: MessageId;
  readonly attachments: readonly File[];
  readonly downloads: readonly Download[];
  /** Whether they stand below a frame, which needs most of the room. */
  readonly framed: boolean;
  readonly onDownload: (attachment: File) => void;
  readonly onCancel: (download: number) => void;
};

export function Attachments(props: AttachmentsProps): JSX.Element {
  const running = (part: string) =>
    props.downloads.find((one) => one.message === props.message && one.part === part);
  return (
    <section
      class={css.attachments}
      classList={{ [css.framed]: props.framed }}
      aria-label={words.ATTACHMENTS}
    >
      <h2>{words.attachments(props.attachments.length)}</h2>
      <ul>
        <Sliced
          class={css.showMore}
          each={props.attachments}
          slice={20}
          page={200}
          more={words.showMore}
          around={(button) => <li class={css.more}>{button}</li>}
        >
          {(attachment) => (
            <li>
              <Guarded what="attachment" place="inline">
                <Attachment
                  attachment={attachment}
                  download={running(attachment.part)}
                  onDownload={() => props.onDownload(attachment)}
                  onCancel={props.onCancel}
                />
              </Guarded>
            </li>
          )}
        </Sliced>
      </ul>
    </section>
  );
}
