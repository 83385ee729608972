// What only JavaScript can say: a class that extends Error, an async generator, a pull source, Blobs; and randomness.

/** Thrown and rejected with by ImapClient and MailEngine. Declared in the package's types. */
export class ImapError extends Error {
  constructor(code, message, response, done, responseCode) {
    super(message);
    this.name = "ImapError";
    this.code = code;
    this.response = response;
    this.done = done;
    this.responseCode = responseCode;
  }
}

/** From the browser's cryptographic source. */
export function randomBytes(count) {
  return crypto.getRandomValues(new Uint8Array(count));
}

/** The bytes of a message, one chunk after the other. */
class Source {
  constructor(stream, size) {
    this.size = size;
    this.reader = stream.getReader();
  }

  async next() {
    const { done, value } = await this.reader.read();
    return done ? undefined : value;
  }

  cancel() {
    // It may have ended or failed already: nobody waits for it any more.
    this.reader.cancel().catch(() => {});
  }
}

/** A Blob, bytes, a text, or a stream whose size is known. */
export function source(message) {
  if (typeof message === "string" || message instanceof Uint8Array) message = new Blob([message]);
  return message instanceof Blob
    ? new Source(message.stream(), message.size)
    : new Source(message.stream, message.size);
}

/**
 * An async iterator over `next()`, which resolves with undefined at the end. `done()` runs once, however the
 * iteration ends: `break`, `return` and a thrown error go through `finally`.
 */
export async function* iterate(next, done) {
  try {
    for (;;) {
      const item = await next();
      if (item === undefined) return;
      yield item;
    }
  } finally {
    done();
  }
}

/**
 * The same over arrays, whose items it gives one by one. An abort is seen between two items of an array as between two
 * arrays: `next()` then says why.
 */
export async function* iterateBatches(next, done, signal) {
  try {
    for (;;) {
      const batch = await next();
      if (batch === undefined) return;
      for (const item of batch) {
        yield item;
        if (signal?.aborted) break;
      }
    }
  } finally {
    done();
  }
}

/** A byte stream over `next()`, pulled only as the reader reads: its own queue holds nothing. */
export function stream(next, done) {
  return new ReadableStream(
    {
      async pull(controller) {
        try {
          const chunk = await next();
          if (chunk !== undefined) return controller.enqueue(chunk);
          controller.close();
        } catch (error) {
          controller.error(error);
        }
        done();
      },
      cancel: () => done(),
    },
    { highWaterMark: 0 },
  );
}

/** A part of a message that is read when somebody asks for it. Declared in the package's types. */
class MessageAttachment {
  #open;

  constructor(attachment, open) {
    Object.assign(this, attachment);
    this.#open = open;
  }

  stream(options) {
    return this.#open(this.part, options);
  }

  async bytes(options) {
    const chunks = [];
    let length = 0;
    for (const reader = this.stream(options).getReader(); ; ) {
      const { done, value } = await reader.read();
      if (done) break;
      chunks.push(value);
      length += value.length;
    }
    const whole = new Uint8Array(length);
    let end = 0;
    for (const chunk of chunks) {
      whole.set(chunk, end);
      end += chunk.length;
    }
    return whole;
  }

  async blob(options) {
    return new Blob([await this.bytes(options)], { type: this.mimeType });
  }
}

/** A message whose attachments can be read. */
export function messageContent(message, open) {
  message.attachments = message.attachments.map((attachment) => new MessageAttachment(attachment, open));
  return message;
}
