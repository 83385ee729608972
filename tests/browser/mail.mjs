//! Messages to append.

/**
 * A plain one.
 * @param {{ subject: string, from?: string, text?: string, html?: string, date?: Date }} parts
 */
export function message({ subject, from = "Ada Lovelace <ada@example.org>", text, html, date = new Date() }) {
  const [type, body] = html === undefined ? ["text/plain", text ?? `About ${subject}.`] : ["text/html", html];
  return lines(
    ...head({ subject, from, date }),
    `Content-Type: ${type}; charset=utf-8`,
    "Content-Transfer-Encoding: base64",
    "",
    wrapped(Buffer.from(body)),
  );
}

/** One with a file. @param {{ subject: string, name: string, bytes: Buffer, date?: Date }} parts */
export function messageWithFile({ subject, name, bytes, date = new Date() }) {
  return lines(
    ...head({ subject, from: "Grace Hopper <grace@example.org>", date }),
    'Content-Type: multipart/mixed; boundary="between"',
    "",
    "--between",
    "Content-Type: text/plain; charset=utf-8",
    "",
    "The file is attached.",
    "--between",
    `Content-Type: application/octet-stream; name="${name}"`,
    `Content-Disposition: attachment; filename="${name}"`,
    "Content-Transfer-Encoding: base64",
    "",
    wrapped(bytes),
    "--between--",
    "",
  );
}

function head({ subject, from, date }) {
  counter += 1;
  return [
    `From: ${from}`,
    "To: reader@example.org",
    `Subject: ${subject}`,
    `Date: ${date.toUTCString().replace("GMT", "+0000")}`,
    `Message-ID: <${process.pid}.${counter}@example.org>`,
    "MIME-Version: 1.0",
  ];
}

let counter = 0;

// RFC 2045 section 6.8: at most 76 characters a line.
function wrapped(bytes) {
  return bytes.toString("base64").replace(/.{76}/g, "$&\r\n");
}

function lines(...all) {
  return all.join("\r\n");
}
