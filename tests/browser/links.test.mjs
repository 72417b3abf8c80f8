import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { openReader } from "./crawl.mjs";
import { openSite } from "./site.mjs";

let site, tab, get, readHtml, readXml, crawl;
before(async () => {
  // Short lists, so that they go on on second pages.
  site = await openSite({ pageSize: 2 });
  tab = await site.browser.newPage();
  ({ get, readHtml, readXml, crawl } = openReader(tab));
});
after(() => site?.close());

test("every link, fragment, image and feed of the site resolves", async () => {
  const { lost, seen } = await crawl(site, [site.url, ...site.pages.map((page) => page.url)]);
  assert.deepEqual(lost, []);
  const names = await readdir(site.folder, { recursive: true, withFileTypes: true });
  const files = names.filter((entry) => entry.isFile()).map((entry) => path.relative(site.folder, path.join(entry.parentPath ?? entry.path, entry.name)));
  const asked = new Set([...seen].map((url) => decodeURIComponent(new URL(url).pathname)));
  const base = new URL(site.url).pathname;
  const unasked = files.filter((name) => !asked.has(base + name) && !asked.has(base + name.replace(/(^|\/)index\.html$/, "$1")));
  // What has its place by convention is not linked, nor what belongs to readings, which the demo has off.
  assert.deepEqual(unasked.filter((name) => !/^(\.nojekyll|robots\.txt|sitemap\.xml|404\.html|llms\.txt|CNAME|\.diglot-manifest|learn\.(css|js))$/.test(name)), []);
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
