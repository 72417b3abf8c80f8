import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { after, before, test } from "node:test";
import { openSite } from "./site.mjs";

let site;
let tab;
before(async () => {
  // Short lists, so that they go on on second pages.
  site = await openSite({ pageSize: 2 });
  tab = await site.browser.newPage();
});
after(() => site?.close());

const answers = new Map();

async function get(url) {
  if (!answers.has(url)) {
    const response = await fetch(url);
    const type = response.headers.get("content-type") ?? "";
    const text = /html|xml|text/.test(type) ? await response.text() : "";
    answers.set(url, { status: response.status, type, text });
  }
  return answers.get(url);
}

/** What a page says of itself and where it points, read by the browser's own parser. */
function readHtml(html, url) {
  return tab.evaluate(([html, url]) => {
    const page = new DOMParser().parseFromString(html, "text/html");
    const base = page.createElement("base");
    base.href = url;
    page.head.prepend(base);
    const links = [];
    for (const [selector, name] of [["[href]:not(base)", "href"], ["[src]", "src"]]) {
      for (const element of page.querySelectorAll(selector)) links.push(new URL(element.getAttribute(name), url).href);
    }
    for (const meta of page.querySelectorAll("meta[property='og:image'], meta[property='og:url']")) links.push(meta.content);
    return { links, ids: [...page.querySelectorAll("[id]")].map((element) => element.id), title: page.title, h1: page.querySelectorAll("h1").length };
  }, [html, url]);
}

/** Every address and every problem of an XML file. */
function readXml(xml) {
  return tab.evaluate((xml) => {
    const parsed = new DOMParser().parseFromString(xml, "application/xml");
    const error = parsed.querySelector("parsererror")?.textContent;
    const text = (selector) => [...parsed.querySelectorAll(selector)].map((element) => element.textContent.trim());
    const attribute = (selector, name) => [...parsed.querySelectorAll(selector)].map((element) => element.getAttribute(name));
    return {
      error,
      root: parsed.documentElement.localName,
      items: parsed.querySelectorAll("item").length,
      guids: text("item > guid"),
      links: [...text("link, loc, guid[isPermaLink=true], url"), ...attribute("[href]", "href"), ...attribute("enclosure", "url")].filter(Boolean),
    };
  }, xml);
}

test("every link, fragment, image and feed of the site resolves", async () => {
  const lost = [];
  const seen = new Set();
  const queue = [{ url: site.url, from: "the start" }, ...site.pages.map((page) => ({ url: page.url, from: "the folder" }))];
  const fragments = [];
  while (queue.length > 0) {
    const { url, from } = queue.shift();
    const whole = new URL(url);
    if (whole.origin !== new URL(site.url).origin) continue;
    if (!whole.href.startsWith(site.url)) {
      lost.push(`${from} leaves the site's base: ${url}`);
      continue;
    }
    const fragment = decodeURIComponent(whole.hash.slice(1));
    whole.hash = "";
    if (fragment) fragments.push({ url: whole.href, fragment, from });
    if (seen.has(whole.href)) continue;
    seen.add(whole.href);
    const answer = await get(whole.href);
    if (answer.status !== 200) lost.push(`${from} → ${whole.href}: ${answer.status}`);
    const next = answer.type.includes("html") ? (await readHtml(answer.text, whole.href)).links
      : answer.type.includes("xml") && !answer.type.includes("svg") ? (await readXml(answer.text)).links : [];
    for (const link of next) queue.push({ url: link, from: whole.pathname });
  }
  for (const { url, fragment, from } of fragments) {
    const page = await readHtml((await get(url)).text, url);
    if (!page.ids.includes(fragment)) lost.push(`${from} → ${url}#${fragment}: no such place`);
  }
  assert.deepEqual([...new Set(lost)], []);
  assert.ok(seen.size > 30, `${seen.size} addresses`);
});

test("every page can be reached from the first by links alone", async () => {
  const seen = new Set([site.url]);
  for (const url of seen) {
    const answer = await get(url);
    if (!answer.type.includes("html")) continue;
    for (const link of (await readHtml(answer.text, url)).links) {
      const plain = link.split("#")[0];
      if (plain.startsWith(site.url)) seen.add(plain);
    }
  }
  const unreached = site.pages.filter((page) => page.kind !== "404" && !seen.has(page.url)).map((page) => page.name);
  assert.deepEqual(unreached, []);
});

test("every page has one heading, a title of its own and ids that occur once", async () => {
  const titles = new Map();
  for (const page of site.pages) {
    const found = await readHtml((await get(page.url)).text, page.url);
    assert.equal(found.h1, 1, page.name);
    assert.equal(new Set(found.ids).size, found.ids.length, page.name);
    assert.equal(titles.get(found.title), undefined, `${page.name} has the title of ${titles.get(found.title)}: ${found.title}`);
    titles.set(found.title, page.name);
  }
});

test("feeds and sitemap are well-formed, and list what there is", async () => {
  const names = await readdir(site.folder, { recursive: true });
  const feeds = names.filter((name) => name.endsWith("feed.xml"));
  assert.ok(feeds.length >= 3, `feeds: ${feeds}`);
  for (const name of feeds) {
    const feed = await readXml((await get(site.url + encodeURI(name))).text);
    assert.equal(feed.error, undefined, name);
    assert.equal(feed.root, "rss", name);
    assert.ok(feed.items > 0, name);
    assert.equal(new Set(feed.guids).size, feed.items, `${name}: every item has a guid of its own`);
    assert.ok(feed.links.every((link) => /^https?:/.test(link)), `${name}: addresses are absolute`);
  }
  const sitemap = await readXml((await get(`${site.url}sitemap.xml`)).text);
  assert.equal(sitemap.error, undefined);
  const listed = new Set(sitemap.links);
  const unlisted = site.pages.filter((page) => page.kind !== "404" && !listed.has(page.url)).map((page) => page.name);
  assert.deepEqual(unlisted, []);
  const robots = (await get(`${site.url}robots.txt`)).text;
  assert.ok(robots.includes(`${site.url}sitemap.xml`), robots);
});

test("an address that is not there gets the page that says so", async () => {
  const answer = await get(`${site.url}no-such-page/`);
  assert.equal(answer.status, 404);
  const page = await readHtml(answer.text, `${site.url}no/such/page`);
  const style = page.links.find((link) => link.includes(".css"));
  assert.ok(style?.startsWith(site.url), "its style is found from any depth");
});

test("structured data is JSON that names the episode", async () => {
  for (const page of site.pages.filter((page) => page.kind === "episode")) {
    const data = await tab.evaluate((html) => {
      const page = new DOMParser().parseFromString(html, "text/html");
      return [...page.querySelectorAll("script[type='application/ld+json']")].map((script) => script.textContent);
    }, (await get(page.url)).text);
    assert.equal(data.length, 1, page.name);
    const parsed = JSON.parse(data[0]);
    assert.equal(parsed["@type"], "PodcastEpisode", page.name);
    assert.ok(parsed.name, page.name);
    assert.equal(parsed.url, page.url);
  }
});
