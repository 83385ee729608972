//! Work in slices: whoever has much to do pauses often enough that the page stays at hand.

export class Slices {
  readonly #signal: AbortSignal | undefined;
  #until = performance.now() + SLICE_MS;
  #steps = 0;

  constructor(signal?: AbortSignal) {
    this.#signal = signal;
  }

  /** Whether it is time to pause. Looks at the clock once in a few calls. */
  get due(): boolean {
    this.#steps += 1;
    return (this.#steps & 15) === 0 && performance.now() > this.#until;
  }

  /** The same, by the clock: for steps that are long themselves. */
  get late(): boolean {
    return performance.now() > this.#until;
  }

  /** Lets the page do what waits. Throws once the work is not wanted any more. */
  async pause(): Promise<void> {
    await new Promise<void>((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        port1.close();
        resolve();
      };
      port2.postMessage(null);
    });
    this.#signal?.throwIfAborted();
    this.#until = performance.now() + SLICE_MS;
  }
}

/** Short of a frame. */
const SLICE_MS = 10;
