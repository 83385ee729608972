//! How much memory the page's worker takes, by Chromium's own account. The page knows nothing of it.

/** Looks into the first dedicated worker of a tab through the DevTools protocol. */
export class WorkerMemory {
  #session;
  #worker;
  #pending = new Map();
  #id = 0;

  /** @param {import("playwright-core").Page} tab */
  static async of(tab) {
    const memory = new WorkerMemory();
    memory.#session = await tab.context().newCDPSession(tab);
    const attached = new Promise((resolve) => {
      memory.#session.on("Target.attachedToTarget", ({ sessionId, targetInfo }) => {
        if (targetInfo.type === "worker") resolve(sessionId);
      });
    });
    memory.#session.on("Target.receivedMessageFromTarget", ({ message }) =>
      memory.#receive(JSON.parse(message)),
    );
    await memory.#session.send("Target.setAutoAttach", {
      autoAttach: true,
      waitForDebuggerOnStart: false,
      flatten: false,
    });
    memory.#worker = await attached;
    return memory;
  }

  /** Measures again and again until `end` is called. */
  async watch() {
    const wasmBefore = await this.#wasm();
    const heapBefore = await this.#heap();
    let heapMost = heapBefore;
    let samples = 0;
    let over = false;
    const sampling = (async () => {
      while (!over) {
        heapMost = Math.max(heapMost, await this.#heap());
        samples += 1;
      }
    })();
    return {
      /** The growth, in bytes. A WebAssembly memory never shrinks: at the end it is at its largest. */
      end: async () => {
        over = true;
        await sampling;
        return { wasm: (await this.#wasm()) - wasmBefore, heap: heapMost - heapBefore, samples };
      },
    };
  }

  /** Objects and buffers of JavaScript, those that nobody uses any more included. */
  async #heap() {
    const {
      usedSize,
      backingStorageSize = 0,
      embedderHeapUsedSize = 0,
    } = await this.#send("Runtime.getHeapUsage");
    return usedSize + backingStorageSize + embedderHeapUsedSize;
  }

  /** All WebAssembly memories of the worker together: found by their kind, since no variable leads to them. */
  async #wasm() {
    const { result: kind } = await this.#send("Runtime.evaluate", {
      expression: "WebAssembly.Memory.prototype",
    });
    const { objects } = await this.#send("Runtime.queryObjects", { prototypeObjectId: kind.objectId });
    const { result } = await this.#send("Runtime.callFunctionOn", {
      objectId: objects.objectId,
      functionDeclaration:
        "function () { return this.reduce((sum, one) => sum + one.buffer.byteLength, 0); }",
      returnByValue: true,
    });
    if (!(result.value > 0)) throw new Error("the worker has no WebAssembly memory");
    return result.value;
  }

  async #send(method, params = {}) {
    this.#id += 1;
    const id = this.#id;
    const answer = new Promise((resolve, reject) => this.#pending.set(id, { resolve, reject }));
    const message = JSON.stringify({ id, method, params });
    await this.#session.send("Target.sendMessageToTarget", { sessionId: this.#worker, message });
    return await answer;
  }

  #receive({ id, result, error }) {
    const waiting = this.#pending.get(id);
    this.#pending.delete(id);
    if (error) waiting?.reject(new Error(error.message));
    else waiting?.resolve(result);
  }
}
