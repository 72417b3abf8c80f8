// The demo's feeds as programs read them: podcast-partytime, the parser of the Podcast Index;
// feedsmith, which shares nothing with it but the reader of XML; and the strict parser of the browser.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, test } from "node:test";
import { parseJsonFeed, parseOpml, parseRssFeed } from "feedsmith";
import { openSite, withPage } from "./site.mjs";

process.env.PARTYTIME_LOG = "silent";
const { parseFeed } = createRequire(import.meta.url)("podcast-partytime");

const audio = `+++
title = "</title> & ]]> \\u0001 <b>"
audio = { "zh-Hans" = "one.mp3", en = "https://media.example.org/two.m4a" }
audio_size = { en = 1234 }
date = 2025-01-02
guid = "x & y"
duration = "1:02:03"
+++
**A**: 一句话。
One sentence.

**B**: 又一句。
Another one.
`;

let demo, other;
before(async () => {
  demo = await openSite();
  other = await openSite({ files: [
    ["site.toml", 'title = "Two"\nlanguages = ["zh-Hans", "en"]\n'],
    ["content/two/show.toml", 'title = "T\\u0007wo <&> \\"]]>"\ndescription = "<p>"\n'],
    ["content/two/1.md", audio],
    ["content/two/one.mp3", "twelve bytes"],
  ] });
});
after(() => Promise.all([demo?.close(), other?.close()]));

const text = (site, name) => readFile(path.join(site.folder, name), "utf8");
const feeds = ["feed.xml", "night-ferry/feed.xml", "ashore/feed.xml"];

test("the browser's own parser finds every XML file well formed", async () => {
  for (const [site, names] of [[demo, [...feeds, "shows.opml", "sitemap.xml"]], [other, ["feed.xml", "two/feed.xml", "shows.opml", "sitemap.xml"]]]) {
    const files = await Promise.all(names.map((name) => text(site, name)));
    const wrong = await withPage(site, site.url, {}, (tab) => tab.evaluate((files) => files.map((file) => {
      const tree = new DOMParser().parseFromString(file, "application/xml");
      return tree.querySelector("parsererror")?.textContent ?? null;
    }), files));
    assert.deepEqual(wrong, names.map(() => null));
  }
});

test("podcast-partytime reads the show's feed, with nothing lost", async () => {
  const feed = parseFeed(await text(demo, "night-ferry/feed.xml"));
  assert.ok(feed, "it is a valid feed");
  assert.equal(feed.title, "夜渡 · Night Ferry");
  assert.equal(feed.author, "夜渡 · Night Ferry");
  assert.deepEqual(feed.owner, { name: "Night Ferry", email: "letters@example.org" });
  assert.equal(feed.explicit, false);
  assert.equal(feed.itunesType, "serial");
  assert.ok(feed.itunesImage.endsWith("/night-ferry/cover.png"), feed.itunesImage);
  assert.match(feed.guid, /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.deepEqual(feed.license, { identifier: "cc-by-4.0", url: "https://spdx.org/licenses/CC-BY-4.0.html" });
  assert.equal(feed.locked, true);
  assert.equal(feed.medium, "podcast");
  const people = (list) => list.map((person) => `${person.role}: ${person.name}`);
  assert.deepEqual(people(feed.podcastPeople), ["Host: 沈遥 · Shen Yao", "Host: 艾达·马伦 · Ida Marren", "Audio Engineer: 唐秋 · Tang Qiu"]);

  const lid = feed.items.find((item) => item.link.endsWith("/010-the-lid/"));
  assert.deepEqual(people(lid.podcastPeople), [
    "Host: 沈遥 · Shen Yao", "Host: 艾达·马伦 · Ida Marren", "Guest: 乔美芬 · Qiao Meifen",
    "Translator: 苏禾 · Su He", "Audio Engineer: 唐秋 · Tang Qiu",
  ]);
  assert.equal(lid.podcastPeople.find((person) => person.role === "Translator").group, "Writing");
  assert.equal(lid.license.identifier, "cc-by-sa-4.0");
  assert.equal(lid.podcastTranscripts.length, 2);
  assert.deepEqual(lid.podcastTranscripts.map((file) => file.language).sort(), ["en", "zh-Hans"]);
  assert.deepEqual(lid.alternativeEnclosures.map((one) => [one.lang, one.length]), [["zh-Hans", 115385], ["en", 116180]]);
  assert.equal(lid.podcastChapters.type, "application/json+chapters");
  const chapters = JSON.parse(await text(demo, decodeURIComponent(lid.podcastChapters.url.slice(demo.url.length))));
  assert.equal(chapters.version, "1.2.0");
  assert.deepEqual(chapters.chapters.map((chapter) => chapter.startTime), [0, 40, 88]);
});

test("a recording per language is an enclosure per language", async () => {
  const feed = parseFeed(await text(other, "two/feed.xml"));
  const [item] = feed.items;
  assert.equal(item.guid, "x & y");
  assert.equal(item.duration, 3723);
  assert.deepEqual([item.enclosure.length, item.enclosure.type], [12, "audio/mpeg"]);
  const found = item.alternativeEnclosures.map((one) => [one.lang, one.type, one.length, one.default, one.source[0].uri]);
  assert.deepEqual(found, [
    ["zh-Hans", "audio/mpeg", 12, true, item.enclosure.url],
    ["en", "audio/mp4", 1234, false, "https://media.example.org/two.m4a"],
  ]);
});

test("feedsmith reads every feed, and RSS and JSON say the same", async () => {
  for (const [site, folders] of [[demo, ["", "night-ferry/", "ashore/"]], [other, ["", "two/"]]]) {
    for (const folder of folders) {
      const rss = parseRssFeed(await text(site, `${folder}feed.xml`));
      const json = parseJsonFeed(await text(site, `${folder}feed.json`));
      assert.equal(rss.atom.links[0].href, `${site.url}${folder}feed.xml`);
      assert.equal(json.feed_url, `${site.url}${folder}feed.json`);
      assert.equal(json.home_page_url, rss.link);
      assert.ok(rss.title && rss.description && rss.itunes.author && rss.podcast.guid);
      assert.equal(rss.items.length, json.items.length);
      for (const [index, item] of rss.items.entries()) {
        const same = json.items[index];
        assert.deepEqual([item.link, item.guid.value, item.title], [same.url, same.id, same.title]);
        if (item.pubDate) assert.equal(new Date(item.pubDate).toISOString(), new Date(same.date_published).toISOString());
        assert.equal(item.enclosures?.[0]?.url, same.attachments?.[0]?.url);
      }
      assert.equal(new Set(rss.items.map((item) => item.guid.value)).size, rss.items.length, "every guid is one item's");
    }
  }
});

test("the list of feeds leads to each of them", async () => {
  const list = parseOpml(await text(demo, "shows.opml"));
  const outlines = list.body.outlines;
  assert.equal(outlines.length, 2);
  for (const outline of outlines) {
    assert.equal(outline.type, "rss");
    assert.ok(parseRssFeed(await text(demo, decodeURIComponent(outline.xmlUrl.slice(demo.url.length)))).title);
  }
});
