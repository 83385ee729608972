//! One attached file: name, type, size, and one button.

import type { Attachment as File } from "postern-client/types";
import { type JSX, Match, Show, Switch } from "solid-js";
import { clip, clipName, fileType, size, words } from "../../i18n";
import type { Download } from "../../state/downloads";
import { IconButton } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import text from "../../ui/Text.module.css";
import css from "./Attachment.module.css";

export type AttachmentProps = {
  readonly attachment: File;
  /** Of this file, where it was asked for. */
  readonly download: Download | undefined;
  readonly onDownload: () => void;
  readonly onCancel: (download: number) => void;
};

export function Attachment(props: AttachmentProps): JSX.Element {
  const running = () => (props.download?.state === "running" ? props.download : null);
  const name = () => clipName(props.attachment.name, NAME_MAX);
  const part = () => Math.min(1, (running()?.received ?? 0) / Math.max(1, props.attachment.size));
  return (
    <div
      class={css.attachment}
      classList={{ [css.running]: running() !== null }}
      style={{ "--part": part() }}
    >
      <button
        type="button"
        class={css.save}
        title={`${name()} (${clip(props.attachment.mimeType, NAME_MAX)})`}
        disabled={running() !== null}
        onClick={() => props.onDownload()}
      >
        <Icon name={props.attachment.mimeType.startsWith("image/") ? "image" : "file"} />
        <span class={css.text}>
          <span class={text.unseen}>{words.DOWNLOAD} </span>
          <bdi class={css.name} data-testid="attachment-name">
            {name()}
          </bdi>
          <span class={`${css.note} ${text.figures}`}>
            <Note {...props} running={running()} />
          </span>
        </span>
        <Show when={!running()}>
          <Icon name={props.download?.state === "done" ? "check" : "download"} />
        </Show>
      </button>
      <Show when={running()}>
        {(one) => (
          <>
            <progress class={text.unseen} value={one().received} max={props.attachment.size} />
            <IconButton
              icon="close"
              label={words.cancelDownload(name())}
              title={words.CANCEL}
              onClick={() => props.onCancel(one().id)}
            />
          </>
        )}
      </Show>
    </div>
  );
}

/** What it is; or how its download goes. */
function Note(props: AttachmentProps & { running: Download | null }): JSX.Element {
  const whole = () => size(props.attachment.size);
  return (
    <Switch fallback={`${fileType(props.attachment.mimeType, props.attachment.name)}, ${whole()}`}>
      <Match when={props.running}>{(one) => words.partOf(size(one().received), whole())}</Match>
      <Match when={props.download?.state === "done"}>
        <span class={css.done} role="status">
          {words.SAVED}
        </span>
      </Match>
      <Match when={props.download?.problem}>
        {(problem) => (
          <span class={css.failed} role="alert" title={problem().detail}>
            {words.notSaved((words.PROBLEMS[problem().code] ?? words.OTHER_PROBLEM).what)}
          </span>
        )}
      </Match>
    </Switch>
  );
}

/** File systems take 255 bytes; more is no name. */
const NAME_MAX = 400;
