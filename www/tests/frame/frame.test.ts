//! Hostile mail in a real browser, under the page's own policy: no request, no script, and nothing left to ask with.

import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Framed } from "./browser";
import { STYLES, VECTORS } from "./vectors";

const LEAK = "https://a.leak.example/x";

let framed: Framed;
let page: Page;

beforeAll(async () => {
  framed = await Framed.start();
  page = framed.page;
});
afterAll(async () => await framed?.stop());

describe("hostile mail", () => {
  for (const vector of VECTORS) {
    it(vector, async () => {
      framed.forget();
      const shown = await page.evaluate(
        (html) => window.show(html, "blocked"),
        vector.replaceAll("URL", LEAK),
      );
      await framed.settle();
      expect(framed.asked).toEqual([]);
      expect(shown.document, "it is drawn").toContain("</body>");
      // The first layer alone: what is left names the other side nowhere, save as text that is read.
      expect(loading(shown.document)).toEqual([]);
    });
  }
});

describe("styles", () => {
  for (const remote of ["blocked", "allowed"] as const) {
    it(`ask for nothing with images ${remote}, in whatever spelling`, async () => {
      framed.forget();
      for (const vector of STYLES) {
        const shown = await page.evaluate(([html, images]) => window.show(html, images), [
          vector.replaceAll("URL", LEAK),
          remote,
        ] as const);
        expect(shown.document, vector).toContain("</body>");
        // A title is text that is read.
        expect(loading(shown.document.replace(/ title="[^"]*"/g, "")), vector).toEqual([]);
      }
      await framed.settle();
      expect(framed.asked).toEqual([]);
    }, 180_000);
  }

  const kept: [string, string][] = [
    ["<style/media=print>p{color:red}</style><p>x", "@media print {"],
    ["<STYLE\nmedia=print>p{color:red}</STYLE><p>x", "@media print {"],
    [`<p title="a <style > b" style="color: red">x`, `style="color: red"`],
    ["<p style='color:var(--x, red)'>", "color: var(--x, red)"],
    [
      "<style>:root{--brand:#0a7}.b{background:var(--brand)}</style><p class=b>x",
      "background: var(--brand);",
    ],
    [
      "<style>@supports (display:grid){p{color:red}}</style><p>x",
      "@supports (display:grid) {\np { color: red; }\n}",
    ],
    [
      "<p style='background:#234 url(https://a.example/x) center/cover'>",
      "background: #234 none center/cover",
    ],
    ["<p style='width:calc(100% - (2 * 8px))!important'>", "width: calc(100% - (2 * 8px)) !important"],
    ["<p style='font:700 14px/1.5 \"Segoe UI\", Arial'>", "font: 700 14px/1.5 &quot;Segoe UI&quot;, Arial"],
    [
      "<p style='background:linear-gradient(90deg,#0a7,#07a)'>",
      "background: linear-gradient(90deg,#0a7,#07a)",
    ],
    [
      "<p style='grid-template-columns:[a] 1fr repeat(3,1fr)'>",
      "grid-template-columns: [a] 1fr repeat(3,1fr)",
    ],
    [
      "<style>@media only screen and (max-width:600px){.c>td:first-child{width:100%!important}}</style>",
      ".c>td:first-child { width: 100% !important; }",
    ],
    ["<style>@media (width<600px){p{color:red}}</style>", "@media (width&lt; 600px) {"],
    ["<style><!-- p{color:red} --></style>", "p { color: red; }"],
    ["<p style='color:red;;;margin : 0 auto ;'>", "color: red; margin: 0 auto"],
    ["<p style='color:rgb(1,2,3'>", "color: rgb(1,2,3)"],
  ];
  for (const [html, text] of kept) {
    it(`keep what harms nobody: ${html}`, async () => {
      const { document } = await page.evaluate((one) => window.show(one), html);
      expect(document.replaceAll("< 600px", "&lt; 600px")).toContain(text);
    });
  }

  it("lose what costs the reader's machine, and what would reach into ours", async () => {
    const rules = [
      ...["p{animation:k 1s}", "p{filter:blur(9px)}", "p:has(a){color:red}", "p{font-size:99999px}"],
      ...[
        "p{&:hover{color:red}}",
        "@layer postern{p{color:red}}",
        ":root{color-scheme:dark}",
        "@keyframes k{from{top:0}}",
      ],
      ...["p{grid-template:repeat(999,1px)/auto}", "p{--postern-0:red}"],
    ];
    for (const rule of rules) {
      const { document } = await page.evaluate((one) => window.show(`<style>${one}</style><p>x`), rule);
      expect(document.slice(document.indexOf("</style>")), rule).not.toContain("{");
    }
  });
});

describe("images", () => {
  it("are counted while they are held back, and asked for once allowed", async () => {
    framed.forget();
    const hosts = ["plain.leak.example", "secure.leak.example"];
    const html = `<img src="https://${hosts[1]}/x"><table background="https://${hosts[1]}/x"><tr><td>x</table><img src="http://${hosts[0]}/y">`;
    const held = await page.evaluate((one) => window.show(one, "blocked"), html);
    expect(held.blocked).toBe(3);
    await framed.settle();
    expect(framed.asked).toEqual([]);
    await page.evaluate((one) => window.show(one, "allowed"), html);
    await framed.settle();
    expect(framed.asked).toEqual(hosts);
    framed.spend(hosts);
  });

  it("behind something load at once and always, whatever is hovered, wide or hidden", async () => {
    framed.forget();
    const hosts = ["hover", "wide", "light", "none", "print"].map((name) => `${name}.leak.example`);
    const html =
      `<style>.hover{background-image:none!important}.hover:hover{background-image:inherit}` +
      `@media (max-width:1px){.wide{display:none}}@media (min-width:2px){.wide{background:none!important}}` +
      `@media (prefers-color-scheme:light){.light{background:none!important;display:none}}` +
      `.none{display:none}:root{display:none!important}@media screen{.print{visibility:hidden;display:none}}</style>` +
      hosts
        .map(
          (host) => `<table><tr><td class="${host.split(".")[0]}" background="https://${host}/x">x</table>`,
        )
        .join("");
    await page.evaluate((one) => window.show(one, "allowed"), html);
    await expect.poll(() => framed.asked).toEqual(hosts.toSorted());
    framed.spend(hosts);
  });

  it("of styles stay away even then", async () => {
    framed.forget();
    await page.evaluate((url) => window.show(`<p style="background:url(${url})">x`, "allowed"), LEAK);
    await framed.settle();
    expect(framed.asked).toEqual([]);
  });
});

describe("links", () => {
  const cases: [string, string][] = [
    [`<a href="https://evil.example/">https://bank.example</a>`, `data-postern-host="evil.example"`],
    [
      `<a href="https://bank.example.evil.example/">bank.example</a>`,
      `data-postern-host="bank.example.evil.example"`,
    ],
    [`<a href="https://bank.example@evil.example/">x</a>`, `title="evil.example"`],
    [`<a href="https://www.bank.example/">x</a>`, `rel="noopener noreferrer"`],
    [`<a href="https://www.bank.example/">x</a>`, `target="_blank"`],
  ];
  for (const [html, kept] of cases) {
    it(html, async () => {
      const shown = await page.evaluate((one) => window.show(one, "blocked"), html);
      expect(body(shown.document)).toContain(kept);
    });
  }

  const hrefs: [string, string | null][] = [
    ["#s1", "about:srcdoc#s1"],
    ["tel:+49301234567", "tel:+49301234567"],
    ["sms:+49301234567", "sms:+49301234567"],
    ["webcal://kal.example/f.ics", "webcal://kal.example/f.ics"],
    ["geo:52.5,13.4", "geo:52.5,13.4"],
    ["mailto:x@mail.example?subject=Hi", "mailto:x@mail.example?subject=Hi"],
    [" HTTPS://Web.example/x ", "https://web.example/x"],
    ["www.example.com", "https://www.example.com/"],
    ["shop.example.com/a?b", "https://shop.example.com/a?b"],
    ["//cdn.example/x", "https://cdn.example/x"],
    ["ht\ntps://web.example/", "https://web.example/"],
    ["index.html", null],
    ["page.html/x", null],
    ["ftp://ftp.example/x", null],
    ["javascript:alert(1)", null],
    ["java\nscript:alert(1)", null],
    ["data:text/html,x", null],
    ["blob:https://a.example/x", null],
    ["file:///etc/passwd", null],
    ["about:blank", null],
    ["cid:x", null],
    ["", null],
  ];
  for (const [href, leads] of hrefs) {
    it(`of ${JSON.stringify(href)} ${leads === null ? "are dead" : `lead to ${leads}`}`, async () => {
      const { document } = await page.evaluate((one) => window.show(`<a href="${one}">x</a>`), href);
      const found = / href="([^"]*)"/.exec(body(document))?.[1] ?? null;
      expect(found?.replaceAll("&amp;", "&") ?? null).toBe(leads);
    });
  }

  it("to a place in the mail scroll there, by id and by name, and open no tab", async () => {
    const gap = `<div style="height:3000px">gap</div>`;
    const to = (name: string) => `<p><a href="#${name}" style="display:block;height:40px">to ${name}</a>`;
    const html = `${to("one")}${to("two")}${gap}<h2 id="one">One</h2>${gap}<a name="two"></a><p>Two`;
    for (const name of ["one", "two"]) {
      await page.evaluate((one) => window.show(one), html);
      // Not by its number among the frames: the one before may be among them for a moment yet.
      const frame = await (await page.waitForSelector("iframe")).contentFrame();
      await frame?.click(`text=to ${name}`);
      await expect.poll(() => frame?.evaluate(() => scrollY)).toBeGreaterThan(2000);
      expect(frame?.url()).toBe(`about:srcdoc#${name}`);
    }
    expect(page.context().pages()).toHaveLength(1);
  });

  it("of an image's map stay, and say where they lead", async () => {
    const html =
      `<img src="cid:m" usemap="#karte"><map name="karte"><area shape="rect" coords="0,0,60,60"` +
      ` href="https://links.example/" alt="links"></map>`;
    const { document } = await page.evaluate((one) => window.show(one), html);
    expect(body(document)).toMatch(
      /<img usemap="#karte"[^>]*><map name="karte"><area [^>]*coords="0,0,60,60"/,
    );
    expect(body(document)).toMatch(
      /href="https:\/\/links.example\/" target="_blank" rel="noopener noreferrer"/,
    );
  });

  it("to where they say they lead are left alone", async () => {
    const html = `<a href="https://shop.bank.example/">www.bank.example</a>`;
    const shown = await page.evaluate((one) => window.show(one, "blocked"), html);
    expect(body(shown.document)).not.toContain("data-postern-host");
  });
});

describe("pictures of the mail's own", () => {
  const png =
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
  /** Shows it beside a message whose parts are these: `part: contentId` or `part: @contentLocation`. */
  const drawn = async (html: string, parts: Record<string, string>) => {
    framed.forget();
    const shown = await page.evaluate(
      ([one, all, data]) =>
        window.show(one, {
          images: "allowed",
          parts: Object.entries(all).map(([part, name]) => ({
            part,
            contentId: name.startsWith("@") ? "" : name,
            contentLocation: name.startsWith("@") ? name.slice(1) : "",
            mimeType: "image/png",
            bytes: Uint8Array.from(atob(data), (char) => char.charCodeAt(0)),
          })),
        }),
      [html, parts, png] as const,
    );
    await framed.settle();
    expect(framed.asked).toEqual([]);
    return shown.drawn.toSorted();
  };
  const cases: [string, string, Record<string, string>, string[]][] = [
    ["by cid:", `<img src="cid:a@x">`, { "2": "a@x" }, ["2"]],
    ["in capitals, and without quotes", `<img src=CID:A@x>`, { "2": "a@X" }, ["2"]],
    ["percent-encoded", `<img src="cid:a%2Bb%40x">`, { "2": "a+b@x" }, ["2"]],
    ["percent-encoded in the header", `<img src="cid:a+b@x">`, { "2": "a%2Bb@x" }, ["2"]],
    ["with a lone percent sign", `<img src="cid:100%">`, { "2": "100%" }, ["2"]],
    ["in a srcset alone", `<img srcset="cid:a 1x, cid:b 2x">`, { "2": "a", "3": "b" }, ["2"]],
    [
      "behind a cell",
      `<table background="cid:a"><tr><td background="cid:b">x</table>`,
      { "2": "a", "3": "b" },
      ["2", "3"],
    ],
    ["in a style", `<p style="background-image:url('cid:a')">x`, { "2": "a" }, ["2"]],
    [
      "in a rule for what is there",
      `<style>.h{background:red url(cid:a)}</style><p class=h>x`,
      { "2": "a" },
      ["2"],
    ],
    ["in a rule for what is not there", `<style>.h{background:url(cid:a)}</style><p>x`, { "2": "a" }, []],
    ["in a rule for a pointer", `<style>p:hover{background:url(cid:a)}</style><p>x`, { "2": "a" }, []],
    ["in a link", `<a href="cid:a">x</a>`, { "2": "a" }, []],
    ["for Outlook alone", `<!--[if mso]><v:fill src="cid:a"/><![endif]-->`, { "2": "a" }, []],
    ["hidden", `<div style="display:none"><img src="cid:a"></div>`, { "2": "a" }, []],
    ["too small to see", `<img src="cid:a" width=1 height=1>`, { "2": "a" }, []],
    [
      "by an absolute location",
      `<img src="http://web.example/a/logo.png">`,
      { "2": "@http://web.example/a/logo.png" },
      ["2"],
    ],
    ["by a relative location", `<img src="pics/b.png">`, { "2": "@pics/b.png" }, ["2"]],
    [
      "by a location and a base",
      `<base href="http://web.example/a/"><img src="b.png">`,
      { "2": "@http://web.example/a/b.png" },
      ["2"],
    ],
    ["by a location in a style", `<p style="background:url(pics/b.png)">x`, { "2": "@pics/b.png" }, ["2"]],
    [
      "by a folded location",
      `<img src="http://web.example/logo.png">`,
      { "2": "@http://web.example/\r\n logo.png" },
      ["2"],
    ],
    ["of another name", `<img src="cid:b">`, { "2": "a" }, []],
    ["named by nothing", `<p>x`, { "2": "" }, []],
  ];
  for (const [name, html, parts, right] of cases) {
    it(`${name}: ${right.length === 0 ? "not drawn, so listed" : "drawn"}`, async () => {
      expect(await drawn(html, parts)).toEqual(right);
    });
  }

  it("are drawn while remote ones are held back, and stand in a style once however often it is used", async () => {
    const html = `<style>p{background:url(cid:a)}</style><p>x<p style="background:url(cid:a)">y<img src="${LEAK}">`;
    const shown = await page.evaluate(
      ([one, data]) =>
        window.show(one, {
          parts: [
            {
              ...{ part: "2", contentId: "a", contentLocation: "", mimeType: "image/png" },
              bytes: Uint8Array.from(atob(data), (char) => char.charCodeAt(0)),
            },
          ],
        }),
      [html, png] as const,
    );
    expect(shown.drawn).toEqual(["2"]);
    expect(shown.blocked).toBe(1);
    expect(shown.document.split("data:image/png").length).toBe(2);
  });
});

describe("a held-back image", () => {
  const cases: [string, string][] = [
    [`<img src="URL" width="300" height="100">`, "picture"],
    [`<img src="URL">`, "picture"],
    [`<img src="//a.leak.example/x">`, "picture"],
    [`<img src="URL" width="1" height="1" style="display:block">`, "speck"],
    [`<img src="URL" width=0 height=0>`, "speck"],
    [`<img src="URL" height="1" style="width:2px">`, "speck"],
    [`<img src="URL" style="width:1px;height:1px">`, "speck"],
    [`<img src="URL" style="max-width:1px;max-height:1px">`, "speck"],
    [`<img src="URL" style="display:none">`, "speck"],
    [`<div style="visibility:hidden"><img src="URL"></div>`, "speck"],
    [`<img src="URL" style="opacity:0">`, "speck"],
    [`<img src="URL" width="600" height="1">`, "gap"],
  ];
  for (const [html, held] of cases) {
    it(`is a ${held}: ${html}`, async () => {
      const shown = await page.evaluate((one) => window.show(one), html.replace("URL", LEAK));
      expect(shown.blocked).toBe(1);
      expect(body(shown.document)).toContain(`data-postern-held="${held}"`);
    });
  }

  it("without an address that could be asked is no box", async () => {
    const shown = await page.evaluate(() =>
      window.show(`<img src="cid:gone"><img src="x.png"><img alt="x">`),
    );
    expect(shown.blocked).toBe(0);
    expect(body(shown.document)).not.toContain("data-postern-held");
  });
});

describe("a frame's scheme and measures", () => {
  const dark = "@media (prefers-color-scheme: dark)";
  const cases: [string, string, string][] = [
    ["rules for the dark stay where the frame is dark", `<style>${dark}{p{color:#fff}}</style><p>x`, dark],
    [
      "and never apply where it is light",
      `<style>${dark}{p{color:#fff}}</style><p style="color:#111">x`,
      "@media (min-width:9999999px)",
    ],
    [
      "rules for the light always do there",
      `<style>@media (prefers-color-scheme:light){p{color:#111}}b{color:red}</style>`,
      "@media (min-width:0px)",
    ],
    [
      "a colourless background leaves the frame as it is",
      `<p style="background:none;color:inherit">x`,
      `class="plain`,
    ],
    ["colours make it light", `<p style="color:#123">x`, `class="own`],
    [
      "a mail with rules for narrow screens keeps its measures",
      `<style>@media (max-width:600px){p{width:9px}}</style>`,
      "responsive",
    ],
    ["another gives way on them", `<table width="600"><tr><td>x</table>`, `data-postern-wide=""`],
    ["a direction is found for each block", `<p>שלום עולם</p><p>x</p>`, "auto-direction"],
  ];
  for (const [name, html, part] of cases) {
    it(name, async () => {
      const { document } = await page.evaluate((one) => window.show(one), html);
      expect(document).toContain(part);
    });
  }

  it("where the mail gives a direction, it is the mail's", async () => {
    const { document } = await page.evaluate(() => window.show(`<div dir="rtl">שלום</div>`));
    expect(document).not.toContain(`auto-direction"`);
  });
});

describe("what people do write is drawn as it was designed:", () => {
  const cases: [string, () => string][] = [
    ["a long text in Chinese, without a space", () => `<p>${"本届会议的日程和会场".repeat(5_000)}`],
    [
      "a table without a space between its cells",
      () => `<table>${"<tr><td>12345<td>6789".repeat(3_500)}</table>`,
    ],
    ["tables 30 deep", () => `${"<table><tr><td>".repeat(30)}x${"</td></tr></table>".repeat(30)}`],
    [
      "10,000 elements",
      () => `<table>${"<tr><td style='padding:4px'><a href='#'>x</a>".repeat(3_000)}</table>`,
    ],
    ["an address of 8,000 characters", () => `<p>https://a.example/${"x".repeat(8_000)}`],
    ["100 quotes in each other", () => `${"<div><blockquote>x".repeat(100)}`],
  ];
  for (const [name, html] of cases) {
    it(name, async () => {
      const shown = await page.evaluate((one) => window.show(one), html());
      expect(shown.document).toContain("</body>");
    }, 60_000);
  }
});

describe("names that a mail gives to what is in it stand in no way:", () => {
  // Each is a property of the document, or of the form around, that is read while the mail is copied.
  const ofDocument = ["body", "head", "documentElement", "write", "close", "open", "createElement"];
  const more = ["querySelectorAll", "getElementsByTagName", "implementation", "defaultView"];
  const ofForm = ["firstChild", "nextSibling", "parentNode", "nodeType", "localName", "namespaceURI"];
  const cases: [string, string][] = [
    ...[...ofDocument, ...more].map((name): [string, string] => [
      `an image called ${name}`,
      `<p>the start<img name=${name} width=9 height=9><p>the end`,
    ]),
    ...ofForm.map((name): [string, string] => [
      `a field called ${name}`,
      `<p>the start<form><input name=${name}><p>inside</form><p>the end`,
    ]),
  ];
  for (const [name, html] of cases) {
    it(name, async () => {
      const { document } = await page.evaluate((one) => window.show(one), html);
      expect(document).toMatch(/the start.*the end/s);
      expect(document).not.toMatch(/<img[^>]* name=/);
    });
  }
});

it("a mail's own looks survive", async () => {
  const html =
    `<html><head><style>p{color:green}@media print{p{color:red}}</style></head>` +
    `<body bgcolor="#eee"><p style="margin:4px;background:url(x)" align="center">x</p></body></html>`;
  const { document } = await page.evaluate((one) => window.show(one, "blocked"), html);
  for (const kept of [
    "p { color: green; }",
    "@media print",
    'bgcolor="#eee"',
    "margin: 4px",
    'align="center"',
  ]) {
    expect(document).toContain(kept);
  }
});

function body(document: string): string {
  return document.slice(document.indexOf("</head>"));
}

/** What in the document could still ask: everything behind our own head that names the other side, links and text aside. */
function loading(document: string): string[] {
  const own = document.slice(document.indexOf("</style>"));
  return own.match(/<[a-z][^>]*leak\.example[^>]*>|url\([^)]*\)|@import[^;]*/gi) ?? [];
}
