//! A server that nobody should ever reach. It counts whoever knocks, and keeps what they say.

import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer as createHttp } from "node:http";
import { createServer as createHttps } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** Listens twice: in the clear and with TLS. */
export class Trap {
  /** How often somebody connected, even without a word. */
  connections = 0;
  /** Who asked for what. */
  requests = /** @type {{ url: string, headers: Record<string, string> }[]} */ ([]);
  #servers;

  static async start() {
    const folder = await mkdtemp(join(tmpdir(), "postern-trap-"));
    const [key, cert] = [join(folder, "key"), join(folder, "cert")];
    await promisify(execFile)("openssl", [
      ..."req -x509 -nodes -days 2 -subj /CN=trap -newkey ec -pkeyopt ec_paramgen_curve:prime256v1".split(
        " ",
      ),
      ...["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", cert],
    ]);
    const trap = new Trap();
    const answer = (request, response) => trap.#answer(request, response);
    trap.#servers = [
      createHttp(answer),
      createHttps({ key: await readFile(key), cert: await readFile(cert) }, answer),
    ];
    await rm(folder, { recursive: true });
    for (const server of trap.#servers) {
      server.on("connection", () => (trap.connections += 1));
      await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
    }
    return trap;
  }

  /** `http://127.0.0.1:…` */
  get plainly() {
    return `http://127.0.0.1:${this.#servers[0].address().port}`;
  }

  /** `https://127.0.0.1:…` */
  get securely() {
    return `https://127.0.0.1:${this.#servers[1].address().port}`;
  }

  /** As if nobody had come. */
  forget() {
    this.connections = 0;
    this.requests = [];
  }

  async stop() {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }

  #answer(request, response) {
    this.requests.push({ url: request.url, headers: request.headers });
    // An image, so that nothing is asked for twice; and the next one to ask has to connect anew.
    response.writeHead(200, {
      "content-type": "image/gif",
      "cache-control": "no-store",
      connection: "close",
    });
    response.end(PIXEL);
  }
}

const PIXEL = Buffer.from("R0lGODlhAQABAAAAACwAAAAAAQABAAACAkQBADs=", "base64");
