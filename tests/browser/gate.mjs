//! A road between proxy and server that can be closed: the server lives on, and nobody gets through.

import { once } from "node:events";
import { connect, createServer } from "node:net";

/** Passes bytes on, untouched, while it is open. */
export class Gate {
  #server;
  #open = true;
  #sockets = new Set();

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

  /** Is gone. */
  async stop() {
    this.close();
    this.#server.close();
    await once(this.#server, "close");
  }

  #pass(near, far) {
    for (const [from, to] of [
      [near, far],
      [far, near],
    ]) {
      this.#sockets.add(from);
      from.on("error", () => {});
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      if (this.#open) from.pipe(to);
    }
    if (!this.#open) near.destroy();
  }
}
