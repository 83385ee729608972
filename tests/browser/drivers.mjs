//! Two browsers behind one face: Chromium by Playwright, Firefox by WebDriver.
//!
//! A test is written once against `Page` and runs in both. `Page` finds things as a person does who can't see
//! the page: by role and accessible name. It has no pauses; whatever takes time is waited for by its effect.

import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { Browser, Builder, Key } from "selenium-webdriver";
import firefox from "selenium-webdriver/firefox.js";
import { find } from "./in-page.mjs";
import { PATIENCE, until } from "./wait.mjs";

/** Which browsers a run tests: `POSTERN_BROWSERS=chromium` leaves the others out. */
export const BROWSERS = (process.env.POSTERN_BROWSERS ?? "chromium,firefox").split(",");

/**
 * @typedef {object} Options
 * @property {"light" | "dark"} [scheme] what the reader's system is set to
 * @property {{ width: number, height: number }} [size]
 * @property {string[]} [args] further arguments of the browser's command line
 * @property {string} [log] a file for the browser's own record of its network, complete after `close`
 */

/**
 * Starts a browser with an empty profile.
 * @param {string} name @param {Options} [options] @returns {Promise<Page>}
 */
export async function open(name, options = {}) {
  const size = options.size ?? { width: 1280, height: 800 };
  const scheme = options.scheme ?? "light";
  const downloads = await mkdtemp(join(tmpdir(), "postern-downloads-"));
  const all = { ...options, size, scheme, downloads };
  return name === "firefox" ? await openFirefox(all) : await openChromium(all);
}

/**
 * One tab. What only one of the two drivers can do is `chromium` or `driver`, and undefined in the other.
 *
 * Each driver adds, in its own way: `goto(url)`, `evaluate(look, argument)`, `clickElement(script)`, `press("Shift+u")`
 * or keys that follow one another at once,
 * `type(text)`, `frameText()` of the frame that HTML mail is shown in, `files()` that were saved to the reader's
 * downloads, `resize(width, height)`, `screenshot(path)`, `close()`.
 */
export class Page {
  /** Every address that the tab asked for, in order. */
  requests = /** @type {string[]} */ ([]);
  /** Errors of the console, and what a policy blocked. */
  complaints = /** @type {string[]} */ ([]);

  constructor(/** @type {string} */ browser, /** @type {string} */ downloads) {
    this.browser = browser;
    this.downloads = downloads;
  }

  /**
   * What `look` returns inside the page.
   * @template A, R @param {(argument: A) => R} look @param {A} [argument] @returns {Promise<Awaited<R>>}
   */
  async read(look, argument) {
    return await this.evaluate(look, argument);
  }

  /**
   * Waits until `look` returns something true inside the page, and returns it.
   * @template A, R @param {string} what @param {(argument: A) => R} look @param {A} [argument]
   */
  async until(what, look, argument) {
    return await this.eventually(what, () => this.evaluate(look, argument));
  }

  /**
   * Waits until `ask` returns something true, wherever it looks, and returns it. If that never comes, the error tells
   * what the page shows.
   * @template R @param {string} what @param {() => R | Promise<R>} ask
   */
  async eventually(what, ask) {
    try {
      return await until(what, ask);
    } catch (error) {
      const text = await this.read(() => document.body.innerText);
      throw new Error(`${error.message}\nThe page says:\n${text}\n${this.complaints.join("\n")}`, {
        cause: error,
      });
    }
  }

  /** Waits until there is something of this role and name. @param {string} role @param {string} name */
  async sees(role, name, within = "body") {
    await this.until(`${role} "${name}"`, `${finding(role, name, within)} !== null`);
  }

  /** Waits until there is nothing of this role and name. @param {string} role @param {string} name */
  async misses(role, name, within = "body") {
    await this.until(`no ${role} "${name}"`, `${finding(role, name, within)} === null`);
  }

  /** Clicks it, once it is there. @param {string} role @param {string} name @param {string} [within] a selector */
  async click(role, name, within = "body") {
    // It may be drawn anew between the look and the click.
    await until(`${role} "${name}" to click on`, () => this.clickElement(finding(role, name, within)));
  }

  /** Writes into the field of this name, in place of what it holds. @param {string} name @param {string} text */
  async fill(name, text) {
    await this.click("textbox", name);
    await this.press("Control+a");
    await this.type(text);
  }
}

/** An expression for what is looked for, to run inside the page. */
function finding(...query) {
  return `(${find})(${JSON.stringify(query)})`;
}

class ChromiumPage extends Page {
  #saved = [];

  constructor(context, page, downloads) {
    super("chromium", downloads);
    this.context = context;
    this.chromium = page;
    context.on("request", (request) => this.requests.push(request.url()));
    page.on("websocket", (socket) => this.requests.push(socket.url()));
    context.on("console", (message) => {
      const bad = message.type() === "error" || message.type() === "warning";
      // That is `listen` itself, which the sandbox of a mail's frame keeps out.
      const ours = /^Blocked script execution in 'about:srcdoc'/.test(message.text());
      if (bad && !ours) this.complaints.push(message.text());
    });
    page.on("download", (download) => this.#saved.push(download));
    page.on("pageerror", (error) => this.complaints.push(String(error)));
  }
  async goto(url) {
    await this.chromium.goto(url);
  }
  async evaluate(look, argument) {
    return await this.chromium.evaluate(look, argument);
  }
  async clickElement(script) {
    const element = (await this.chromium.evaluateHandle(script)).asElement();
    await element?.click();
    return element !== null;
  }
  async press(...strokes) {
    // Not one after the other's answer: a sequence of keys counts only if it is quick.
    await Promise.all(strokes.map((keys) => this.chromium.keyboard.press(keys)));
  }
  async type(text) {
    await this.chromium.keyboard.type(text);
  }
  async files() {
    return await Promise.all(this.#saved.map((download) => download.path()));
  }
  async frameText() {
    const frame = this.chromium.frames().at(-1);
    return frame === this.chromium.mainFrame() ? "" : await frame.innerText("body");
  }
  async resize(width, height) {
    await this.chromium.setViewportSize({ width, height });
  }
  async screenshot(path) {
    await this.chromium.screenshot({ path });
  }
  async close() {
    await this.context.close();
    await rm(this.downloads, { recursive: true, force: true });
  }
}

class FirefoxPage extends Page {
  constructor(driver, downloads) {
    super("firefox", downloads);
    this.driver = driver;
  }
  async goto(url) {
    await this.driver.get(url);
  }
  async evaluate(look, argument) {
    // A function crosses as its text; WebDriver waits for the promise that a script returns.
    if (typeof look === "string") return await this.driver.executeScript(`return (${look})`);
    return await this.driver.executeScript(`return (${look})(arguments[0])`, argument);
  }
  async clickElement(script) {
    const element = await this.driver.executeScript(`return (${script})`);
    await element?.click();
    return element !== null;
  }
  async press(...strokes) {
    const actions = this.driver.actions();
    for (const keys of strokes) {
      const names = keys.split("+").map((key) => KEYS[key] ?? key);
      for (const key of names) actions.keyDown(key);
      for (const key of names.toReversed()) actions.keyUp(key);
    }
    await actions.perform();
  }
  async type(text) {
    await this.driver.actions().sendKeys(text).perform();
  }
  async files() {
    const names = await readdir(this.downloads);
    // A download in progress is a `.part` beside an empty file.
    if (names.some((name) => name.endsWith(".part"))) return [];
    return names.map((name) => join(this.downloads, name));
  }
  async frameText() {
    const frame = await this.driver.findElement({ css: "iframe" });
    try {
      await this.driver.switchTo().frame(frame);
      return await this.evaluate(() => document.body.innerText);
    } finally {
      await this.driver.switchTo().defaultContent();
    }
  }
  async resize(width, height) {
    // Not by the window, which has a least width.
    const context = await this.driver.getWindowHandle();
    const bidi = await this.driver.getBidi();
    const viewport = { width, height };
    await bidi.send({ method: "browsingContext.setViewport", params: { context, viewport } });
  }
  async screenshot(path) {
    await writeFile(path, Buffer.from(await this.driver.takeScreenshot(), "base64"));
  }
  async close() {
    await this.driver.quit();
    await rm(this.downloads, { recursive: true, force: true });
  }
}

async function openChromium({ scheme, size, downloads, args = [], log }) {
  const context = await chromium.launchPersistentContext("", {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [...CHROMIUM_ARGS, ...args, ...(log ? [`--log-net-log=${log}`] : [])],
    colorScheme: scheme,
    viewport: size,
    ignoreHTTPSErrors: true,
    acceptDownloads: true,
    timeout: PATIENCE,
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
  });
  await context.addInitScript(listen);
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(PATIENCE);
  return new ChromiumPage(context, page, downloads);
}

async function openFirefox({ scheme, size, downloads, args = [], log }) {
  const options = new firefox.Options()
    .setBinary(process.env.FIREFOX ?? "/usr/bin/firefox-esr")
    .addArguments("-headless", ...args)
    .setAcceptInsecureCerts(true)
    .enableBidi();
  const preferences = {
    "layout.css.prefers-color-scheme.content-override": scheme === "dark" ? 0 : 1,
    "browser.download.folderList": 2,
    "browser.download.dir": downloads,
    "browser.download.always_ask_before_handling_new_types": false,
    "intl.accept_languages": "en-GB",
    // Firefox's own business on the network would drown the page's.
    "network.captive-portal-service.enabled": false,
    "network.connectivity-service.enabled": false,
    // Names resolve and speculation happens as in a reader's Firefox, also where the test machine has no network.
    "network.dns.disablePrefetch": false,
    "network.manage-offline-status": false,
  };
  for (const [key, value] of Object.entries(preferences)) options.setPreference(key, value);
  const service = new firefox.ServiceBuilder(process.env.GECKODRIVER ?? "geckodriver");
  const environment = { ...process.env, TZ: "Europe/Berlin" };
  if (log) Object.assign(environment, { MOZ_LOG: "sync,nsHttp:3,nsHostResolver:5", MOZ_LOG_FILE: log });
  service.setEnvironment(environment);
  const driver = await new Builder()
    .forBrowser(Browser.FIREFOX)
    .setFirefoxOptions(options)
    .setFirefoxService(service)
    .build();
  await driver.manage().setTimeouts({ script: PATIENCE, pageLoad: PATIENCE });
  const page = new FirefoxPage(driver, downloads);
  await follow(driver, page);
  await page.resize(size.width, size.height);
  return page;
}

/** Has Firefox tell what it asks for and complains of, by WebDriver BiDi. */
async function follow(driver, page) {
  const bidi = await driver.getBidi();
  bidi.socket.on("message", (data) => {
    const { method, params } = JSON.parse(data.toString());
    if (method === "network.beforeRequestSent") page.requests.push(params.request.url);
    if (method === "log.entryAdded" && (params.level === "error" || params.level === "warn")) {
      page.complaints.push(params.text);
    }
  });
  await bidi.subscribe("network.beforeRequestSent", []);
  await bidi.subscribe("log.entryAdded", []);
  await bidi.send({
    method: "script.addPreloadScript",
    params: { functionDeclaration: String(listen) },
  });
}

/** Runs in every document before its own scripts. */
function listen() {
  // How often a frame has loaded: nobody can look into a mail's.
  window.framesLoaded = 0;
  const loaded = ({ target }) => {
    if (target.tagName === "IFRAME") window.framesLoaded += 1;
  };
  document.addEventListener("load", loaded, true);
  // Elements that moved without anybody having asked for it. Chromium alone tells.
  window.layoutShifts = [];
  if (PerformanceObserver.supportedEntryTypes.includes("layout-shift")) {
    const note = (list) => window.layoutShifts.push(...list.getEntries().map(shift));
    new PerformanceObserver(note).observe({ type: "layout-shift", buffered: true });
  }
  // A policy that blocked something says so in the console.
  addEventListener("securitypolicyviolation", (event) => {
    console.error(`policy: ${event.effectiveDirective} blocked ${event.blockedURI} ${event.sample}`);
  });

  function shift({ value, hadRecentInput, sources }) {
    const moved = sources.map(({ node }) => `${node?.nodeName}.${node?.className ?? ""}`);
    return { value, hadRecentInput, moved };
  }
}

const CHROMIUM_ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

// What Playwright calls a key, for WebDriver.
const KEYS = {
  Control: Key.CONTROL,
  Shift: Key.SHIFT,
  Enter: Key.ENTER,
  Escape: Key.ESCAPE,
  Tab: Key.TAB,
  ArrowDown: Key.ARROW_DOWN,
  ArrowUp: Key.ARROW_UP,
  Home: Key.HOME,
  End: Key.END,
  " ": " ",
};
