//! A road between proxy and server that can be closed or held up: the server lives on, and nobody gets through.

import { once } from "node:events";
import { connect, createServer } from "node:net";
import { Transform } from "node:stream";

/** Passes bytes on, untouched, while it is open. */
export class Gate {
  #server;
  #open = true;
  #sockets = new Set();
  #brakes = /** @type {Set<Brake>} */ (new Set());
  #allowance = Number.POSITIVE_INFINITY;

  /** @param {string} address of the server behind it, `host:port` */
  static async before(address) {
    const gate = new Gate();
    const [host, port] = address.split(":");
    gate.#server = createServer((socket) => gate.#pass(socket, connect({ host, port: Number(port) })));
    gate.#server.listen(0, "127.0.0.1");
    await once(gate.#server, "listening");
    return gate;
  }

  /** `localhost:…`: the name that the server's certificate holds. */
  get address() {
    return `localhost:${this.#server.address().port}`;
  }

  /** Cuts every connection; each new one is cut at once. */
  close() {
    this.#open = false;
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Lets through again. */
  open() {
    this.#open = true;
  }

  /**
   * Holds each connection once the server has sent so many bytes more over it: nothing is lost, nothing ends, and those
   * that carry less work on.
   * @param {number} bytes
   */
  holdAfter(bytes) {
    this.#allowance = bytes;
    for (const brake of this.#brakes) brake.allow(bytes);
  }

  /** Lets everything pass that was held. */
  release() {
    this.holdAfter(Number.POSITIVE_INFINITY);
  }

  /** Is gone. */
  async stop() {
    this.close();
    this.#server.close();
    await once(this.#server, "close");
  }

  #pass(near, far) {
    const brake = new Brake(this.#allowance);
    this.#brakes.add(brake);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ]) {
      this.#sockets.add(from);
      from.on("error", () => {});
      from.on("close", () => {
        this.#sockets.delete(from);
        this.#brakes.delete(brake);
        to.destroy();
      });
    }
    if (!this.#open) return near.destroy();
    near.pipe(far);
    far.pipe(brake).pipe(near);
  }
}

/** Passes bytes on until its allowance is used up. */
class Brake extends Transform {
  #left;
  #waiting = () => {};

  constructor(allowance) {
    super();
    this.#left = allowance;
  }

  /** So many from now on. */
  allow(bytes) {
    this.#left = bytes;
    const waiting = this.#waiting;
    this.#waiting = () => {};
    waiting();
  }

  _transform(chunk, encoding, done) {
    if (this.#left <= 0) {
      this.#waiting = () => this._transform(chunk, encoding, done);
      return;
    }
    this.#left -= chunk.length;
    done(null, chunk);
  }
}
