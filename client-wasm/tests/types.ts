// What a TypeScript program would write with ImapClient: it must compile, and what is marked must not. Never run.

import init, { ImapClient, ImapError, type ListEntry, type SearchQuery } from "../pkg/postern_client.js";

export async function everything(
  file: File,
  stream: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): Promise<void> {
  await init();
  const client: ImapClient = await ImapClient.connect("wss://mail.example.com/imap", {
    signal,
    answerTimeout: 20_000,
  });
  await client.login("ada", "secret", { iterations: { min: 1000 } });
  // @ts-expect-error a bound is a number
  await client.login("ada", "secret", { iterations: { min: "1000" } });
  await client.authenticate({ user: "ada", accessToken: async () => "token", mechanism: "oauthbearer" });
  await client.authenticate({ user: "ada", password: "secret", mechanism: "scramSha256" });
  // @ts-expect-error a password has no token's mechanism
  await client.authenticate({ user: "ada", password: "secret", mechanism: "xoauth2" });
  const on: string[] = await client.enable(["UTF8=ACCEPT"]);

  const options = {
    pattern: "*",
    which: "subscribed",
    status: true,
    rights: true,
    metadata: ["/private/comment"],
  };
  const mailboxes: ListEntry[] = await client.list({ ...options, which: "subscribed" });
  // @ts-expect-error there is no such option
  await client.list({ subscribed: true });
  const { size } = await client.status("INBOX", { attributes: ["size"] });
  const { uidValidity, highestModSeq: modSeq } = await client.select("INBOX");
  if (uidValidity !== null && modSeq !== null) {
    const { changes } = await client.select("INBOX", { changesSince: { uidValidity, modSeq }, signal });
    const { vanished } = changes ?? (await client.changes(modSeq, "1:*"));
    const { modified } = await client.storeUnlessChanged([1, 2], "add", ["\\Seen"], modSeq);
    await client.expunge(modified ?? vanished.join());
  }

  const query: SearchQuery = {
    since: new Date(),
    subject: "tea",
    not: { seen: true },
    or: [{ older: 60 }, { header: { "List-Id": "" } }],
  };
  const uids: number[] = await client.search(query);
  // @ts-expect-error a text
  await client.search({ subject: 1 });
  const found = await client.esearch({}, { count: true, partial: { first: 1, last: 50, fromEnd: true } });
  const page: number[] | null = found.partial;
  await client.esort([{ by: "date", descending: true }], null, { min: true });
  await client.sort([{ by: "subject" }], query, { signal });
  await client.thread(query, { by: "refs" });
  await client.multiSearch(["personal", { subtreeOne: ["Lists"] }], query, { all: true });
  if (found.context) await client.cancelUpdate([found.context]);

  const fetching = client.fetch("1:*", {
    envelope: true,
    annotations: { entries: ["/*"], attributes: ["value"] },
  });
  for await (const message of fetching) {
    const subject: string | null | undefined = message.envelope?.subject;
    const comment: string | null | undefined = message.annotations?.["/comment"]?.["value.priv"];
    console.log(subject, comment, message.internalDate);
  }
  await client.fetchBody(1, "1.2", { decoded: true, signal }).pipeTo(new WritableStream());

  const { text, html, attachments, inlineImages } = await client.readMessage(1, { signal });
  const [attachment] = attachments;
  const shown: string | null = text ?? html;
  const blob: Blob | undefined = await attachment?.blob({ signal });
  console.log(shown, attachment?.name, blob?.size, inlineImages.map(({ contentId }) => contentId));

  await client.append("Drafts", file, { flags: ["\\Draft"], received: Date.now() });
  await client.append("Drafts", [{ text: "a" }, { url: "/INBOX/;UID=1" }]);
  await client.appendAll("Drafts", [
    { message: { stream, size: 9 } },
    { message: new Uint8Array(1), form: "binary" },
  ]);
  // @ts-expect-error a stream must say its size
  await client.append("Drafts", { stream });
  await client.notify([{ mailboxes: "personal", events: ["messageNew", "messageExpunge"] }], {
    status: true,
  });

  for await (const event of client.idle({ signal, renewAfter: 60_000 })) {
    if (event.type === "searchUpdate") console.log(event.added.map(({ uids }) => uids));
    // @ts-expect-error only of another event
    if (event.type === "exists") console.log(event.uids);
  }
  try {
    await client.logout();
  } catch (error) {
    if (error instanceof ImapError && error.code === "partial") {
      console.log(error.done?.appended?.uids, error.done?.copied?.to, error.response, error.responseCode);
    }
  }
  console.log(on, mailboxes, size, uids, page);
}
