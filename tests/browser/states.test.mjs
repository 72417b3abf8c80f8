// Pages that have less to show than most: an archive with nothing in it, an episode without a
// summary, without names, in one language. Each says what it has, and nothing looks broken.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { ofKind, openSite, withPage, withPages } from "./site.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const settings = "title = \"A new archive\"\nlanguages = [\"zh-Hans\", \"en\"]\n";
const sites = {};
before(async () => {
  sites.empty = await openSite({ files: [["site.toml", settings]] });
  sites.bare = await openSite({ files: [
    ["site.toml", settings],
    ["content/bridges/plain.txt", "Speaker 0\n\n我们今天讲桥。\n\nToday we speak of bridges.\n\nSpeaker 1\n\n好的。\n\nGood.\n"],
    ["content/bridges/nameless.srt", "1\n00:00:01,000 --> 00:00:03,000\n今天讲桥。\nToday we speak of bridges.\n\n2\n00:00:04,000 --> 00:00:08,000\n它在上游。\nIt is upstream.\n"],
    ["content/bridges/alone.txt", "Speaker 0\n\nToday we speak of bridges.\n\nSpeaker 1\n\nGood, then we start with the oldest one.\n"],
  ] });
});
after(async () => { for (const site of Object.values(sites)) await site.close(); });

const screens = [360, 1280].flatMap((width) => ["light", "dark"].map((colorScheme) => ({ viewport: { width, height: 900 }, colorScheme })));

/** Nothing wider than the screen, no box with nothing in it, nothing for axe to find. */
async function isSound(tab, page) {
  const found = await tab.evaluate(() => ({
    wide: document.documentElement.scrollWidth > innerWidth,
    hollow: [...document.querySelectorAll("main *:not(input, br, hr, img, audio, option)")].filter((part) =>
      part.checkVisibility() && part.getBoundingClientRect().height > 8 && !part.textContent.trim() && !part.querySelector("img, audio, input")).map((part) => part.outerHTML.slice(0, 80)),
  }));
  assert.deepEqual(found, { wide: false, hollow: [] }, page.name);
  await tab.evaluate(axe);
  const troubles = await tab.evaluate(async () => (await axe.run(document)).violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 160)}`));
  assert.deepEqual(troubles, [], page.name);
}

describe("an archive with nothing in it", () => {
  for (const [locale, words] of [["zh-CN", /content 文件夹/], ["en-US", /content folder/]]) {
    test(`says what to do, in the reader's language: ${locale}`, async () => {
      await withPage(sites.empty, sites.empty.url, { locale }, async (tab) => {
        const main = await tab.locator("main").innerText();
        assert.match(main, words);
        assert.match(main, /diglot serve/);
        assert.equal(/content 文件夹/.test(main) && /content folder/.test(main), false, "in one language");
      });
    });
  }

  test("every list says what will be there", async () => {
    const lists = sites.empty.pages.filter((page) => !["home", "404"].includes(page.kind));
    assert.ok(lists.length >= 5, `${lists.length} lists`);
    await withPages(sites.empty, lists, { locale: "en-US" }, async (tab, page) => {
      assert.equal(await tab.locator(".nothing").count(), 1, page.name);
      assert.match(await tab.locator(".nothing").innerText(), /^No .* yet\n+\S.*\.$/, page.name);
      assert.equal(await tab.locator("main :is(input, select, button)").count(), 0, `${page.name}: nothing to sort`);
    });
  });

  test("is sound on every screen", async () => {
    for (const screen of screens) await withPages(sites.empty, sites.empty.pages, screen, isSound);
  });
});

describe("an episode", () => {
  const episode = (name) => `${sites.bare.url}bridges/${name}/`;

  test("without a summary begins with what is said", async () => {
    await withPage(sites.bare, episode("plain"), { viewport: { width: 390, height: 844 } }, async (tab) => {
      assert.equal(await tab.locator(".summary").count(), 0);
      const { y, height } = await tab.locator(".t").first().boundingBox();
      assert.ok(y + height < 600, `the first turn ends at ${y + height}`);
    });
  });

  test("without speakers has neither names nor a choice of them", async () => {
    await withPage(sites.bare, episode("nameless"), {}, async (tab) => {
      assert.equal(await tab.locator(".w, .voices, .who").count(), 0);
      assert.equal(await tab.locator(".t [id] > p").count(), 4);
      const [first, head] = await Promise.all([tab.locator(".t p").first().boundingBox(), tab.locator("h1").boundingBox()]);
      assert.ok(Math.abs(first.x - head.x) < 2, "the text stands below its title");
    });
  });

  test("in one language has no choice of languages", async () => {
    await withPage(sites.bare, `${episode("alone")}?view=side`, {}, async (tab) => {
      assert.equal(await tab.locator(".modes").count(), 0);
      assert.deepEqual(await tab.locator(".t [id] > p").evaluateAll((texts) => texts.map((text) => text.lang)), ["en", "en"]);
    });
  });

  test("is sound on every screen", async () => {
    for (const screen of screens) await withPages(sites.bare, ofKind(sites.bare, "episode"), screen, isSound);
  });
});
