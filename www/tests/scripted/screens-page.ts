//! The page of states: each screen in a frame of its own, as wide and as dark as is chosen above. `npm run states` shows it.

import { type Act, SCREENS, type Screen } from "./screens";

const WIDTHS = [1280, 900, 380];
const SCHEMES = ["light", "dark"] as const;
const CSS = `
  body { margin: 16px; font: 14px system-ui, sans-serif; background: #808080; color: #fff; }
  nav { position: sticky; top: 0; display: flex; gap: 16px; padding: 8px; background: #808080; z-index: 1; }
  section { display: inline-block; margin: 8px; vertical-align: top; }
  h2 { margin: 0 0 4px; font-size: 14px; font-weight: 600; }
  iframe { border: 0; block-size: 760px; background: Canvas; }
`;

const style = document.createElement("style");
style.textContent = CSS;
document.head.append(style);
const width = chooser("Width", WIDTHS.map(String));
const scheme = chooser("Colours", SCHEMES);
const only = chooser("Screen", ["all", ...Object.keys(SCREENS)]);
const bar = document.createElement("nav");
bar.append(width.label, scheme.label, only.label);
const screens = document.createElement("main");
document.body.append(bar, screens);
draw();

function draw(): void {
  const shown = Object.entries(SCREENS).filter(([name]) => only.value() === "all" || only.value() === name);
  screens.replaceChildren(...shown.map(([name, screen]) => section(name, screen)));
}

function section(name: string, screen: Screen): HTMLElement {
  const section = document.createElement("section");
  const title = document.createElement("h2");
  title.textContent = name;
  const frame = document.createElement("iframe");
  frame.title = name;
  frame.width = width.value();
  frame.src = "/";
  frame.addEventListener(
    "load",
    () => reach(frame, screen).catch((error) => (title.textContent = `${name}: ${error}`)),
    {
      once: true,
    },
  );
  section.append(title, frame);
  return section;
}

async function reach(frame: HTMLIFrameElement, { user, api, acts, sees }: Screen): Promise<void> {
  const view = frame.contentWindow as (Window & typeof globalThis) | null;
  if (!view) throw new Error("no frame");
  view.document.documentElement.style.colorScheme = scheme.value();
  if (api) {
    view.fetch = async (path) => {
      const json = api[`/${path}`];
      return new Response(JSON.stringify(json ?? null), { status: json === undefined ? 404 : 200 });
    };
  }
  if (user !== undefined) {
    const [address, password] = [await found(view, "[name=username]"), await found(view, "[name=password]")];
    (address as HTMLInputElement).value = `${user}@example.org`;
    (password as HTMLInputElement).value = "secret";
    (await found(view, "form [type=submit]")).click();
  }
  for (const act of acts ?? []) await does(view, act);
  await found(view, sees);
}

async function does(view: Window & typeof globalThis, act: Act): Promise<void> {
  if ("click" in act) (await found(view, act.click)).click();
  else if ("press" in act) {
    const target = view.document.activeElement ?? view.document.body;
    const key = act.press.replace("Shift+", "");
    const shiftKey = key !== act.press;
    target.dispatchEvent(new view.KeyboardEvent("keydown", { key, shiftKey, bubbles: true }));
  } else {
    Object.defineProperty(view.navigator, "onLine", { get: () => false });
    view.dispatchEvent(new view.Event("offline"));
  }
}

/** Once it is there; half a minute is long enough for anything. */
async function found(view: Window & typeof globalThis, selector: string): Promise<HTMLElement> {
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    const element = view.document.querySelector<HTMLElement>(selector);
    if (element) return element;
    await new Promise(requestAnimationFrame);
  }
  throw new Error(`no ${selector}`);
}

function chooser(name: string, options: readonly string[]): { label: HTMLElement; value: () => string } {
  const label = document.createElement("label");
  const select = document.createElement("select");
  select.append(...options.map((one) => new Option(one)));
  select.addEventListener("change", () => draw());
  label.append(`${name} `, select);
  return { label, value: () => select.value };
}
