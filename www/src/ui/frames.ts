//! Work that is too long for one go, done between frames.

/**
 * Calls `step` once a frame for as long as it returns true. Returns what stops it. The first call is not made here: what
 * can be there at once is drawn by the caller.
 */
export function everyFrame(step: () => boolean): () => void {
  let timer = 0;
  let frame = 0;
  const next = () => {
    // After the frame is painted: a step never delays the picture of the one before.
    frame = requestAnimationFrame(() => {
      timer = window.setTimeout(() => step() && next());
    });
  };
  next();
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}

/**
 * How much work fits into one go. It begins small, grows while a go is quick and shrinks where it was slow: what a
 * character costs differs a hundredfold between alphabets, browsers and machines.
 */
export class Pace {
  #amount: number;
  readonly #least: number;
  readonly #most: number;

  constructor(least: number, most: number) {
    this.#amount = least;
    this.#least = least;
    this.#most = most;
  }

  /** Does a go of the right amount, and learns from the time that it took. What it returns comes back. */
  go<T>(work: (amount: number) => T): T {
    const started = performance.now();
    const done = work(this.#amount);
    const took = performance.now() - started;
    if (took > SLOW_MS) this.#amount = Math.max(this.#least, Math.floor(this.#amount / 4));
    else if (took < QUICK_MS) this.#amount = Math.min(this.#most, this.#amount * 2);
    return done;
  }
}

/** With half of a frame for all else. */
const QUICK_MS = 8;
const SLOW_MS = 24;
