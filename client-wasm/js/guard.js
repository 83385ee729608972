// Stands at the end of the package's script, if `wasm`, `ImapClient`, `MailEngine` and `ImapError` are in scope: `cargo
// xtask wasm` puts it there. What wasm-bindgen throws by itself, before `init()`, after `free()` or for an argument of
// another type, becomes an `ImapError` here.

/** What is wrong with calling a method of `handle` now; undefined where nothing is. */
function refusal(handle) {
  if (wasm === undefined) {
    return new ImapError("wrongState", "the package is not loaded yet: await its default export, init(), first");
  }
  if (handle?.__wbg_ptr === 0 || freed.has(handle)) {
    return new ImapError("closed", "this object was freed; make a new one");
  }
  return undefined;
}

/** Those that `free()` was called on. */
const freed = new WeakSet();

/** An exception as an ImapError. What the package's own code threw is one, or the reason of a signal. */
function told(error) {
  const isForeign = error instanceof TypeError || error?.constructor === Error;
  return isForeign ? new ImapError("invalidArgument", `an argument is of another type: ${error.message}`) : error;
}

// wasm-bindgen takes whatever it is given for a string, and traps within the module where it is none.
const passString = passStringToWasm0;
passStringToWasm0 = (text, ...rest) => {
  if (typeof text === "string") return passString(text, ...rest);
  throw new TypeError(`a string is expected, and not ${text === null ? "null" : typeof text}`);
};

/** A method that throws, or rejects where it gives a promise, with ImapErrors alone. */
function guarded(method, isPromised) {
  return function (...args) {
    const handle = typeof this === "function" ? undefined : this;
    const refused = refusal(handle);
    if (refused) {
      if (isPromised) return Promise.reject(refused);
      throw refused;
    }
    try {
      return method.apply(this, args);
    } catch (error) {
      if (isPromised) return Promise.reject(told(error));
      throw told(error);
    }
  };
}

/** What gives no promise. */
const AT_ONCE = new Set(["idle", "fetch", "fetchBody", "onClose", "onUpdates", "send"]);

for (const type of [ImapClient, MailEngine]) {
  const methods = Object.getOwnPropertyDescriptors(type.prototype);
  for (const [name, { value, get }] of Object.entries(methods)) {
    if (name === "constructor" || name.startsWith("__") || name === "free") continue;
    if (get) {
      Object.defineProperty(type.prototype, name, { get: guarded(get, false), configurable: true });
    } else if (name === "close") {
      // Of what is closed already, or was never there, there is nothing to close.
      type.prototype.close = function () {
        if (!refusal(this)) value.call(this);
      };
    } else if (typeof value === "function") {
      type.prototype[name] = guarded(value, !AT_ONCE.has(name));
    }
  }
  // Not wasm-bindgen's own, which fails while a method runs and never frees it then: the garbage collector does.
  const free = function () {
    this.close();
    freed.add(this);
  };
  type.prototype.free = free;
  if (Symbol.dispose) type.prototype[Symbol.dispose] = free;
}
ImapClient.connect = guarded(ImapClient.connect, true);

// A class's binding can be changed by its own module alone.
MailEngine = new Proxy(MailEngine, {
  construct(type, args, target) {
    const refused = refusal(undefined);
    if (refused) throw refused;
    try {
      return Reflect.construct(type, args, target);
    } catch (error) {
      throw told(error);
    }
  },
});
