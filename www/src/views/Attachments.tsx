//! What is attached: name, type, size, and one button each. Nothing is opened here, only saved (security.md H7).

import type { Attachment, MessageId } from "postern-client/types";
import { type JSX, Match, Show, Switch } from "solid-js";
import type { Download } from "../store";
import { clip, clipName, count, fileType, OTHER_PROBLEM, PROBLEMS, showMore, size } from "../words";
import { Guarded } from "./Guarded";
import { Icon } from "./Icon";
import { Sliced } from "./Sliced";
import "./attachments.css";

export type AttachmentsProps = {
  readonly message: MessageId;
  readonly attachments: readonly Attachment[];
  readonly downloads: readonly Download[];
  readonly onDownload: (attachment: Attachment) => void;
  readonly onCancel: (download: number) => void;
};

export function Attachments(props: AttachmentsProps): JSX.Element {
  const running = (part: string) =>
    props.downloads.find((one) => one.message === props.message && one.part === part);
  return (
    <section class="attachments" aria-label="Attachments">
      <h2>{count(props.attachments.length, "attachment", "attachments")}</h2>
      <ul>
        <Sliced
          each={props.attachments}
          slice={20}
          page={200}
          more={showMore}
          around={(button) => <li class="attachments-more">{button}</li>}
        >
          {(attachment) => (
            <li>
              <Guarded what="this attachment" place="inline">
                <One
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

function One(props: {
  attachment: Attachment;
  download: Download | undefined;
  onDownload: () => void;
  onCancel: (download: number) => void;
}): JSX.Element {
  const running = () => (props.download?.state === "running" ? props.download : null);
  const name = () => clipName(props.attachment.name, NAME_MAX);
  const part = () => Math.min(1, (running()?.received ?? 0) / Math.max(1, props.attachment.size));
  return (
    <div class="attachment" classList={{ running: running() !== null }} style={{ "--part": part() }}>
      <button
        type="button"
        class="attachment-save"
        title={`${name()} (${clip(props.attachment.mimeType, NAME_MAX)})`}
        disabled={running() !== null}
        onClick={() => props.onDownload()}
      >
        <Icon name={props.attachment.mimeType.startsWith("image/") ? "image" : "file"} />
        <span class="attachment-text">
          <span class="unseen">Download </span>
          <bdi class="attachment-name">{name()}</bdi>
          <span class="attachment-note figures">
            <Switch
              fallback={`${fileType(props.attachment.mimeType, props.attachment.name)}, ${size(props.attachment.size)}`}
            >
              <Match when={running()}>
                {(one) => (
                  <>
                    {size(one().received)} of {size(props.attachment.size)}
                  </>
                )}
              </Match>
              <Match when={props.download?.state === "done"}>
                <span class="attachment-done" role="status">
                  Saved to your downloads
                </span>
              </Match>
              <Match when={props.download?.problem}>
                {(problem) => (
                  <span class="attachment-failed" role="alert" title={problem().detail}>
                    Not saved. {(PROBLEMS[problem().code] ?? OTHER_PROBLEM).what}
                  </span>
                )}
              </Match>
            </Switch>
          </span>
        </span>
        <Show when={!running()}>
          <Icon name={props.download?.state === "done" ? "check" : "download"} />
        </Show>
      </button>
      <Show when={running()}>
        {(one) => (
          <>
            <progress class="unseen" value={one().received} max={props.attachment.size} />
            <button
              type="button"
              class="icon-button"
              aria-label={`Cancel the download of ${name()}`}
              title="Cancel"
              onClick={() => props.onCancel(one().id)}
            >
              <Icon name="close" />
            </button>
          </>
        )}
      </Show>
    </div>
  );
}

/** File systems take 255 bytes; more is no name. */
const NAME_MAX = 400;
