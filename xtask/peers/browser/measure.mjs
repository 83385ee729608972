// Lets Chromium read a file of FETCH responses through the npm package, and says in one line of JSON how long it took.
//
//   node measure.mjs FOLDER --reps N [--flags] FILE      FOLDER: the package; FILE: what a server says of its messages
//
// With --flags, flags alone are asked for; otherwise envelopes, structures, dates and sizes as well.

import { spawn } from "node:child_process";
import { createReadStream, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";

const words = process.argv.slice(2);
const flagsAlone = words.includes("--flags");
const [folder, , reps, file] = words.filter((word) => word !== "--flags");
if (!file) {
  console.error("usage: node measure.mjs FOLDER --reps N [--flags] FILE");
  process.exit(2);
}
const query = flagsAlone
  ? { flags: true }
  : { flags: true, envelope: true, bodyStructure: true, internalDate: true, size: true };

const TYPES = { ".js": "text/javascript", ".wasm": "application/wasm" };
const here = new URL(".", import.meta.url).pathname;
const page = '<!doctype html><meta charset="utf-8"><script type="module" src="/page.js"></script>';

/** The package's files, the page, the answers; and what the page found out. */
const finished = Promise.withResolvers?.() ?? deferred();
const server = createServer(async (request, response) => {
  const send = (type, body) => response.setHeader("content-type", type).end(body);
  if (request.url === "/") return send("text/html", page);
  if (request.url === "/page.js") return send(TYPES[".js"], readFileSync(join(here, "page.js")));
  if (request.url === "/plan") return send("application/json", JSON.stringify({ query, reps: Number(reps) }));
  if (request.url === "/processor") return send("text/plain", String(processorSeconds()));
  if (request.url === "/answers") return createReadStream(file).pipe(response);
  if (request.url === "/result") {
    let text = "";
    for await (const chunk of request) text += chunk;
    response.end();
    return finished.resolve(JSON.parse(text));
  }
  const path = join(folder, normalize(request.url.replace(/^\/package/, "")));
  if (!existsSync(path) || !statSync(path).isFile()) return response.writeHead(404).end();
  return send(TYPES[extname(path)] ?? "text/plain", readFileSync(path));
});
server.listen(0, "127.0.0.1", measure);

function deferred() {
  const made = {};
  made.promise = new Promise((resolve, reject) => Object.assign(made, { resolve, reject }));
  return made;
}

/** What all of the browser's processes have taken, by Linux's /proc; NaN elsewhere. A clock tick is 10 ms everywhere. */
function processorSeconds() {
  if (!existsSync("/proc/self/stat")) return Number.NaN;
  const processes = new Map();
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      processes.set(Number(pid), { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) });
    } catch {
      // It has ended since.
    }
  }
  const isOurs = (pid) => pid === browser.pid || (processes.has(pid) && isOurs(processes.get(pid).parent));
  const ours = [...processes].filter(([pid]) => isOurs(pid));
  return ours.reduce((sum, [, { ticks }]) => sum + ticks, 0) / 100;
}

let browser;

async function measure() {
  const profile = mkdtempSync(join(tmpdir(), "postern-bench-"));
  const address = `http://127.0.0.1:${server.address().port}/`;
  const flags = ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run", `--user-data-dir=${profile}`];
  browser = spawn(process.env.CHROMIUM ?? "chromium", [...flags, address], { stdio: "ignore" });
  browser.on("error", finished.reject);
  browser.on("exit", () => finished.reject(new Error("Chromium ended before it was through")));
  try {
    const { runs, memory } = await finished.promise;
    const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
    const secs = median(runs.map((run) => run.seconds));
    const processor = median(runs.map((run) => run.processor));
    console.log(JSON.stringify({ file, messages: runs[0].messages, secs, processor, memory, runs }));
  } finally {
    browser.removeAllListeners("exit");
    const ended = new Promise((resolve) => browser.on("exit", resolve));
    browser.kill();
    await ended;
    rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
    server.close();
    server.closeAllConnections();
  }
}
