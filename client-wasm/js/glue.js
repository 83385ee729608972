// What only JavaScript can say: a class that extends Error, an async generator, a pull source.

/** Thrown and rejected with by ImapClient and MailEngine. Declared in the package's types. */
export class ImapError extends Error {
  constructor(code, message, response) {
    super(message);
    this.name = "ImapError";
    this.code = code;
    this.response = response;
  }
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
