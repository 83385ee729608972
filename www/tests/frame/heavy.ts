//! Mails made to stop the page: small to send, endless to draw. Each is shown or said to be too much, and meanwhile the
//! page stays at hand.

/** By name. Functions, since some are megabytes. */
export const HEAVY: Readonly<Record<string, () => string>> = {
  // Depth.
  "100,000 nested div": () => `${"<div>".repeat(100_000)}x`,
  "5,000 nested div, closed": () => `${"<div>".repeat(5_000)}x${"</div>".repeat(5_000)}`,
  "600 nested blockquote": () => `${"<blockquote>".repeat(600)}x`,
  "300 nested span with a style each": () => `${"<span style='padding:1px'>".repeat(300)}x`,
  "100 nested tables": () => `${"<table><tr><td>".repeat(100)}x`,
  "39 nested tables, ten cells each": () =>
    nest(39, (inner) => `<table><tr>${"<td>x</td>".repeat(9)}<td>${inner}</td></tr></table>`),
  "divs that tables keep open": () => "<div><table><td></div>".repeat(5_000),
  "nested divs within a style within svg": () => `<svg><style>${"<div>".repeat(50_000)}</style></svg>`,
  "nested inline-block": () => `${"<div style='display:inline-block'>".repeat(170)}x`,
  "nested flex": () => `${"<div style='display:flex;flex-direction:column'><p>x</p>".repeat(60)}x`,
  "nested flex by a sheet": () =>
    `<style>div{display:flex;flex-direction:column;min-height:50%}</style>${"<div>x".repeat(170)}`,
  "nested grid by a sheet": () =>
    `<style>div{display:grid;grid-template-columns:auto min-content;align-items:center}</style>${"<div>x".repeat(170)}`,
  "nested columns by a sheet": () => `<style>div{columns:2}</style>${"<div>some text ".repeat(60)}`,
  "nested grid, by the other spelling": () =>
    `<style>div{DISPLAY:Block Grid;grid-template-columns:auto min-content;align-items:center}</style>${"<div>x".repeat(170)}`,
  "nested grid by a custom property": () =>
    `<style>:root{--d:grid}div{display:var(--d);grid-template-columns:minmax(min-content,1fr) auto}</style>${"<div>x<i>y</i>".repeat(170)}`,
  "nested columns, their number second": () =>
    `<style>div{columns:auto 2}</style>${"<div>some text ".repeat(60)}`,
  "nested tables as high as each other": () =>
    `${`<table height="100%"><tr height="100%"><td height="100%">`.repeat(39)}x`,
  "nested tables of styles, as high as each other": () =>
    `<style>div{display:table;height:100%}span{display:table-cell;height:100%}</style>${"<div><span>x".repeat(85)}`,
  "nested floats": () => `${"<div style='float:left'>x".repeat(170)}`,
  "nested details": () => `${"<details open><summary>x</summary>".repeat(300)}`,
  "nested lists": () => `${"<ul><li>x".repeat(3_000)}`,
  "nested bidi": () => `${"<bdo dir=rtl>x<bdo dir=ltr>".repeat(2_000)}`,
  // Numbers.
  "100,000 br": () => "<br>".repeat(100_000),
  "40,000 links": () => "<a href='https://a.example/'>link</a> ".repeat(40_000),
  "15,000 links": () => "<a href='https://a.example/'>link</a> ".repeat(15_000),
  "20,000 b and i": () => "<b><i>x".repeat(20_000),
  "formatting that is opened again": () =>
    `<p>${Array.from({ length: 500 }, (_, at) => `<font size=${at}>`).join("")}</p>${"<p>x</p>".repeat(5_000)}`,
  "misnested formatting": () => "<b><p><i></b>x</i>".repeat(8_000),
  "nested a": () => "<a href=#><div>".repeat(10_000),
  "nobr without an end": () => "<nobr>x".repeat(10_000),
  "nested forms in tables": () => "<table><form><tr><form><td>".repeat(3_000),
  "text that leaves tables": () => `<table>${"<b>x<tr>".repeat(10_000)}`,
  "one row of 15,000 cells": () => `<table><tr>${"<td>x</td>".repeat(15_000)}</tr></table>`,
  "7,000 rows": () => `<table>${"<tr><td>x</td></tr>".repeat(7_000)}</table>`,
  "wide cells": () =>
    `<table>${"<tr><td colspan=1000>x<td colspan=1000 rowspan=65534>y".repeat(3_000)}</table>`,
  "wide columns": () => `<table>${"<col span=1000>".repeat(1_000)}<tr><td>x</table>`,
  "cells over each other": () =>
    `<table>${Array.from({ length: 300 }, () => `<tr>${"<td rowspan=300 colspan=100>x".repeat(10)}`).join("")}</table>`,
  "10,000 tables": () => "<table><td>x</table>".repeat(10_000),
  "5,000 images": () => "<img src=https://a.example/x.png width=10>".repeat(5_000),
  "10,000 hr": () => "<hr>".repeat(10_000),
  "10,000 comments": () => "<!-- x -->y".repeat(10_000),
  "100,000 attributes": () => `<p ${Array.from({ length: 100_000 }, (_, at) => `a${at}=1`).join(" ")}>x`,
  "classes by the thousand": () => `<p class="${"c ".repeat(50_000)}">x`.repeat(3),
  "11,000 floats": () =>
    `<style>i{float:left;width:60%;height:1px}b{float:right;width:45%;height:300px}</style>${"<i>x</i><b>y</b>".repeat(5_500)}`,
  "floats beside a long text": () =>
    `<style>i{float:left;width:1px;height:20000px}</style>${"<i></i>".repeat(5_000)}${"word ".repeat(40_000)}`,
  // Text.
  "a word of a megabyte": () => `<p>${"x".repeat(1_000_000)}`,
  "words of 40,000": () => `<p>${`${"x".repeat(40_000)} `.repeat(20)}`,
  "a line of a megabyte": () => `<pre style="white-space:pre">${"word ".repeat(200_000)}</pre>`,
  "800,000 characters": () => `<p>${"Lorem ipsum dolor sit amet. ".repeat(28_000)}`,
  "a megabyte of quotation marks": () => `"'`.repeat(500_000),
  "quotation marks in a tag": () => `<p a=${`"'`.repeat(500_000)}>x`,
  "a megabyte of less-than": () => "<".repeat(1_000_000),
  "tags without an end": () => "<p ".repeat(300_000),
  "end tags alone": () => "</p>".repeat(100_000),
  "200,000 marks over a letter": () => `<p>a${"\u0301".repeat(200_000)}`,
  "marks over each letter": () => `<p>${`a${"\u0301\u0323\u0330".repeat(5)}`.repeat(20_000)}`,
  "200,000 entities": () => "&lt;&#x41;&nbsp;&CounterClockwiseContourIntegral;".repeat(50_000),
  "bidi controls": () => `<p>${"\u202ea\u202db\u2067c\u2068".repeat(40_000)}`,
  "emoji joined": () => `<p>${"👩\u200d".repeat(20_000)}`,
  "soft hyphens": () => `<p>${"a\u00ad".repeat(200_000)}`,
  "many scripts": () => `<p>${"aאبहไ漢".repeat(8_000)}`,
  "null characters": () => `<p>${"\0a".repeat(200_000)}`,
  // Styles.
  "3,000 nested @media": () => `<style>${"@media all{".repeat(3_000)}p{color:red}</style><p>x`,
  "3,000 nested @supports, in a picture": () =>
    `<svg><style>${"@supports (a:b)&#123;".repeat(3_000)}p{color:red}</style></svg><p>x`,
  "selectors in each other": () => `<style>${":is(".repeat(20_000)}p{color:red}</style><p>x`,
  "conditions in each other": () => `<style>@supports ${"(not ".repeat(20_000)}{p{color:red}}</style><p>x`,
  "3,000 nested rules": () => `<style>${"p{".repeat(3_000)}color:red</style><p>x`,
  "100,000 brackets": () =>
    `<style>p{color:${"(".repeat(100_000)}</style><p style="width:${"calc(".repeat(20_000)}">x`,
  "10,000 rules for each of 8,000 elements": () =>
    `<style>${"p{color:red}".repeat(10_000)}</style>${"<p>x</p>".repeat(8_000)}`,
  "2,000 rules for everything": () =>
    `<style>${"*{color:red}".repeat(2_000)}</style>${"<p>x</p>".repeat(8_000)}`,
  "long chains of selectors": () =>
    `<style>${"div div div div div div div div div div p{color:red}".repeat(2_000)}</style>${"<div>".repeat(150)}${"<p>x</p>".repeat(4_000)}`,
  "siblings of siblings": () =>
    `<style>${"p~p~p~p~p~p~i{color:red}".repeat(200)}</style>${"<p>x</p>".repeat(4_000)}<i>x</i>`,
  "siblings for each": () =>
    `<style>${"p~p~p~q~p{color:red}".repeat(200)}</style>${"<p>x</p>".repeat(4_000)}`,
  "siblings within :is()": () =>
    `<style>${"p:is(q~p,q~p~p){color:red}".repeat(200)}</style>${"<p>x</p>".repeat(4_000)}`,
  "places among siblings of a kind": () =>
    `<style>${"p:nth-child(2n+1 of .a){color:red}".repeat(200)}</style>${"<p class=a>x</p>".repeat(4_000)}`,
  "long attributes that are looked through": () =>
    `<style>${`[title*="${"a".repeat(500)}b"]{color:red}`.repeat(200)}</style>${`<p title="${"a".repeat(900)}">x</p>`.repeat(4_000)}`,
  "nth-child of everything": () =>
    `<style>${"p:nth-last-child(2n+1):nth-last-of-type(3n){color:red}".repeat(200)}</style>${"<p>x</p>".repeat(6_000)}`,
  ":has() everywhere": () =>
    `<style>${"div:has(p ~ p i){color:red}".repeat(500)}</style>${"<div><p>x</p></div>".repeat(4_000)}`,
  "not in not": () =>
    `<style>${":not(:not(:not(:not(p)))){color:red}".repeat(3_000)}</style>${"<p>x</p>".repeat(4_000)}`,
  "a selector of a megabyte": () => `<style>${".a,".repeat(200_000)}b{color:red}</style><b>x`,
  "a billion var()": () =>
    `<style>:root{--a0:xxxxxxxxxx;${Array.from({ length: 60 }, (_, at) => `--a${at + 1}:var(--a${at}) var(--a${at})`).join(";")}}p{font-family:var(--a60)}</style>${"<p>x</p>".repeat(100)}`,
  "var() of many": () =>
    `<style>:root{${Array.from({ length: 3_000 }, (_, at) => `--b${at + 1}:var(--b${at})`).join(";")};--b0:red}p{color:var(--b3000)}</style>${"<p>x</p>".repeat(2_000)}`,
  "39 shadows": () =>
    `<style>p{box-shadow:${Array.from({ length: 39 }, () => "0 0 200px red").join(",")}}</style>${"<p>x</p>".repeat(2_000)}`,
  "39 shadows of letters": () =>
    `<style>p{text-shadow:${Array.from({ length: 39 }, () => "0 0 200px red").join(",")}}</style>${"<p>some words</p>".repeat(4_000)}`,
  "100 shadows": () =>
    `<style>p{box-shadow:${Array.from({ length: 100 }, () => "0 0 200px red").join(",")}}</style>${"<p>x</p>".repeat(2_000)}`,
  filters: () =>
    `<style>p{filter:blur(90px) drop-shadow(0 0 90px red);backdrop-filter:blur(90px)}</style>${"<p>x</p>".repeat(2_000)}`,
  gradients: () =>
    `<style>p{background:${Array.from({ length: 60 }, () => "repeating-conic-gradient(red 0 1deg,blue 0 2deg)").join(",")}}</style>${"<p>x</p>".repeat(500)}`,
  "a font of 100,000 pixels": () => `<p style="font-size:99999px;line-height:9999">${"x".repeat(10_000)}`,
  "fonts that grow": () => `${"<big style='font-size:900%'>x".repeat(40)}`,
  "grids of a million": () =>
    `<div style="display:grid;grid-template:repeat(1000,1px)/repeat(1000,1px)">${"<i>x</i>".repeat(8_000)}</div><div style="display:grid"><i style="grid-area:9999/9999">x</i></div>`,
  "columns of a pixel": () =>
    `<div style="columns:1px;column-gap:0;height:1px">${"word ".repeat(80_000)}</div>`,
  "columns by the thousand": () => `<div style="columns:1000;column-gap:0">${"word ".repeat(20_000)}</div>`,
  "a long text before each": () =>
    `<style>p::before{content:"${"word ".repeat(50_000)}"}</style>${"<p>x</p>".repeat(4_000)}`,
  "a text before each": () =>
    `<style>p::before{content:"${"word ".repeat(35)}"}</style>${"<p>x</p>".repeat(8_000)}`,
  "a text before each, by custom properties that double": () =>
    `<style>:root{--a:"xxxxxxxxxxxxxxxxxxx ";${[..."bcdefg"].map((name, at) => `--${name}:${`var(--${"abcdef"[at]}) `.repeat(4)}`).join(";")}}p::before{content:var(--g)}</style>${"<p>x</p>".repeat(3_000)}`,
  "long marks of lists": () =>
    `<style>li{list-style-type:"${"word ".repeat(20_000)}"}</style><ul>${"<li>x</li>".repeat(4_000)}</ul>`,
  "long quotation marks": () =>
    `<style>p{quotes:"${"a ".repeat(20_000)}" "b"}p::before{content:open-quote open-quote}</style>${"<p>x</p>".repeat(4_000)}`,
  "counters with long words between": () =>
    `<style>div{counter-reset:a}div::before{counter-increment:a;content:counters(a,"${"long ".repeat(2_000)}")}</style>${"<div>".repeat(150)}x${"</div>".repeat(150)}`,
  counters: () =>
    `<style>p{counter-increment:a b c d}p::before{content:counters(a,".") counter(b) counter(c)}</style>${"<p>x</p>".repeat(7_000)}`,
  animations: () =>
    `<style>@keyframes k{from{width:0;box-shadow:0 0 9px}to{width:100%}}p{animation:k 1s infinite;transition:all 1s}</style>${"<p>x</p>".repeat(5_000)}`,
  "fixed and over each other": () =>
    `<style>p{position:fixed;inset:0;opacity:.5;mix-blend-mode:difference;transform:rotate3d(1,1,1,9deg)}</style>${"<p>x</p>".repeat(3_000)}`,
  "absolute and large": () =>
    `<style>p{position:absolute;width:19999px;height:19999px;border-radius:50%;border:99px dotted red}</style>${"<p>x</p>".repeat(500)}`,
  "a style of a megabyte": () => `<p style="${"color:red;".repeat(100_000)}">x`,
  "4,000 styles that differ": () =>
    Array.from(
      { length: 4_000 },
      (_, at) =>
        `<p style="color:#${at};margin:${at}px;padding:1px ${at}px;font:${at % 30}px/1.5 Arial,sans-serif">x`,
    ).join(""),
  "half a megabyte of sheets": () =>
    `<style>${Array.from({ length: 9_000 }, (_, at) => `.c${at} td a{color:#${at};margin:1px 2px 3px;padding:4px}`).join("")}</style><p>x`,
  escapes: () => `<style>${"\\66 \\6f \\6f{c\\6flor:r\\65 d}".repeat(20_000)}</style><foo>x`,
  "comments in a sheet": () =>
    `<style>${"/* x */".repeat(80_000)}p{color:red}${"/*".repeat(50_000)}</style><p>x`,
  "strings in a sheet": () => `<style>${`p{content:"'`.repeat(50_000)}</style><p>x`,
  "1,000 sheets": () => "<style>p{color:red}</style>".repeat(1_000),
  // Pictures.
  "a picture of 900 megapixels": () => `<img src="data:image/png;base64,${png(30_000, 30_000)}">`,
  "500 pictures of 60 megapixels": () =>
    Array.from(
      { length: 500 },
      (_, at) => `<img src="data:image/png;base64,${png(8_000, 7_000 + at)}">`,
    ).join(""),
  "the same picture 2,500 times": () => `<img src="data:image/png;base64,${png(10, 10)}">`.repeat(2_500),
  "3 MB of data": () => `<img src="data:image/png;base64,${"A".repeat(3_000_000)}">text`,
};

function nest(times: number, around: (inner: string) => string): string {
  let out = "x";
  for (let at = 0; at < times; at += 1) out = around(out);
  return out;
}

/** The beginning of a PNG of this size. */
function png(width: number, height: number): string {
  const bytes = new Uint8Array(33);
  bytes.set([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52]);
  const view = new DataView(bytes.buffer);
  view.setUint32(16, width);
  view.setUint32(20, height);
  bytes.set([8, 2, 0, 0, 0], 24);
  return btoa(String.fromCharCode(...bytes));
}
