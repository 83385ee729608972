//! Downloads, as the reader asks for them and calls them off.

import type { Attachment, DownloadId, MessageId } from "postern-client/types";
import type { Send } from "../engine/start";
import { Saver } from "./saver";
import type { Store } from "./store";

export interface Downloads {
  readonly saver: Saver;
  start(message: MessageId, attachment: Attachment): void;
  cancel(download: DownloadId): void;
}

export function createDownloads(store: Store, send: Send): Downloads {
  const saver = new Saver(send, (download, detail) => {
    send({ type: "cancelDownload", download });
    store.dispatch([{ type: "downloadNotSaved", download, detail }]);
  });
  let newest = 0;
  return {
    saver,
    start(message, { part, name, size }) {
      newest += 1;
      const id = newest;
      const earlier = store.current().downloads.filter((one) => one.message === message && one.part === part);
      store.dispatch([
        ...earlier.map((one) => ({ type: "downloadForgotten", download: one.id }) as const),
        { type: "downloadStarted", download: { id, message, part, name, size } },
      ]);
      saver.start(id, name);
      send({ type: "download", download: id, message, part });
    },
    cancel(download) {
      saver.forget(download);
      send({ type: "cancelDownload", download });
      store.dispatch([{ type: "downloadForgotten", download }]);
    },
  };
}
