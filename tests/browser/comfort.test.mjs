// For whom the usual is not enough: forced colours, a page at 200 %, another language than the
// site's first, no single-key shortcuts; and the pages in one language alone.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { files as bridges } from "./talk.mjs";
import { longestBilingual, openSite, silence, withPage, withPages } from "./site.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const cues = (words) => `WEBVTT\n\n${words.map((word, index) => `00:0${index}.000 --> 00:0${index}.900\n<v P${index % 2}>${word}\n`).join("\n")}`;

let site;
before(async () => {
  site = await openSite({ files: [
    ["site.toml", 'title = { zh-Hans = "桥", en = "Bridges" }\nlanguages = ["zh-Hans", "en"]\n[pages]\ntwins = true\n'],
    ...bridges.filter(([name]) => name.startsWith("content/")),
    ["content/about.zh-Hans.md", "# 关于\n\n一座桥。\n"], ["content/about.en.md", "# About\n\nA bridge.\n"],
    ["content/heard/one/episode.md", '+++\noriginal = "en"\naudio = "a.wav"\nchapters = "parts.json"\n+++\n'],
    ["content/heard/one/parts.json", '{"version": "1.2.0", "chapters": [{"startTime": 0, "title": {"zh-Hans": "开头", "en": "The start"}}, {"startTime": 3, "title": "3"}]}'],
    ["content/heard/one/a.wav", silence(9)],
    ["content/heard/one/transcript.en.vtt", cues(["One bridge.", "Two bridges.", "Three bridges.", "Four bridges."])],
    ["content/heard/one/transcript.zh-Hans.vtt", cues(["一座桥。", "两座桥。", "三座桥。", "四座桥。"])],
  ] });
});
after(() => site?.close());

const heard = () => `${site.url}heard/one/`;
const wide = { viewport: { width: 1280, height: 800 }, locale: "en-US" };

describe("forced colours", () => {
  test("the bar and the player keep their edges, and say what is chosen", async () => {
    for (const colorScheme of ["light", "dark"]) {
      await withPage(site, heard(), { ...wide, colorScheme, forcedColors: "active" }, async (tab) => {
        const style = (selector, pseudo) => tab.locator(selector).first().evaluate((element, pseudo) => {
          const { color, backgroundColor, borderTopStyle, borderTopColor } = getComputedStyle(element, pseudo);
          return { color, backgroundColor, borderTopStyle, borderTopColor };
        }, pseudo);
        const [on, off] = [await style(".modes :checked + span"), await style(".modes :not(:checked) + span")];
        assert.notEqual(on.color, off.color);
        const player = await style(".player");
        assert.equal(player.borderTopStyle, "solid");
        assert.notEqual(player.borderTopColor, player.backgroundColor);
        const speed = await style(".player select");
        assert.notEqual(speed.color, speed.backgroundColor);
        await tab.locator(".player [value=on]").click();
        await tab.locator(".now").waitFor();
        const now = await tab.locator(".now").evaluate((line) => getComputedStyle(line).outlineStyle + getComputedStyle(line).borderInlineStartStyle);
        assert.notEqual(now, "nonenone", "the line being said is told without its background");
      });
    }
  });
});

describe("a page at 200 %", () => {
  // A screen of 1280 pixels has 640 of them then.
  const options = { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2, locale: "en-US" };
  test("nothing is wider than the screen, and the controls leave room for the text", async () => {
    await withPage(site, heard(), options, async (tab) => {
      await tab.locator("audio").evaluate((audio) => { audio.currentTime = 1; });
      assert.equal(await tab.evaluate(() => document.documentElement.scrollWidth), 640);
      const taken = await tab.evaluate(() => [".bar", ".player"].reduce((sum, name) => sum + document.querySelector(name).offsetHeight, 0));
      assert.ok(taken <= 220, `${taken} of 400 pixels`);
      for (const control of await tab.locator(".player button:visible, .player select, .bar summary:visible, .finder").all()) {
        const box = await control.boundingBox();
        assert.ok(box.x >= 0 && box.x + box.width <= 640 && box.height >= 24, await control.evaluate((one) => one.outerHTML));
      }
    });
  });
});

describe("words that stand in attributes", () => {
  const names = (tab) => tab.evaluate(() => [...document.body.querySelectorAll("[aria-label], [placeholder], [title]")]
    .flatMap((one) => ["aria-label", "placeholder", "title"].map((name) => one.getAttribute(name))).filter(Boolean));
  test("are in the reader's language, in tools that come later too", async () => {
    await withPage(site, heard(), wide, async (tab) => {
      await tab.keyboard.press("/");
      await tab.locator(".find").waitFor();
      const all = await names(tab);
      assert.ok(all.length > 8 && all.includes("Find in the transcript") && all.includes("Speed"), all.join());
      assert.deepEqual(all.filter((name) => /\p{sc=Han}/u.test(name)), []);
    });
    await withPage(site, heard(), { ...wide, locale: "zh-CN" }, async (tab) => {
      assert.ok((await names(tab)).includes("速度"));
      // Reading in one language alone, one is spoken to in it.
      await tab.locator(".modes [value=en]").check({ force: true });
      await tab.waitForFunction(() => document.querySelector(".player select").title === "Speed");
      await tab.locator(".modes [value=zh-Hans]").check({ force: true });
      await tab.waitForFunction(() => document.querySelector(".player select").title === "速度");
    });
  });
});

test("single keys can be switched off, and stay off", async () => {
  await withPage(site, longestBilingual(site).url, wide, async (tab) => {
    const chosen = () => tab.locator(".modes :checked").inputValue();
    await tab.keyboard.press("v");
    assert.equal(await chosen(), "side");
    const keys = tab.locator(".keys input");
    await keys.uncheck();
    await tab.evaluate(() => document.activeElement.blur());
    for (const key of ["v", "/", "j", "y"]) await tab.keyboard.press(key);
    assert.equal(await chosen(), "side");
    assert.equal(await tab.locator(".find").count(), 0);
    await tab.reload();
    assert.equal(await tab.locator(".keys input").isChecked(), false);
    await tab.keyboard.press("v");
    assert.equal(await chosen(), "side");
    await tab.locator(".keys input").check();
    await tab.keyboard.press("v");
    assert.equal(await chosen(), "zh-Hans");
  });
});

test("reveal begins with the language that was spoken", async () => {
  await withPage(site, `${heard()}?view=reveal`, { ...wide, locale: "zh-CN" }, async (tab) => {
    const line = tab.locator(".t > div").first();
    assert.deepEqual([await line.locator("[lang=en]").isVisible(), await line.locator("[lang=zh-Hans]").isVisible()], [true, false]);
  });
});

test("chapters of a file stand in the contents, in both languages", async () => {
  await withPage(site, heard(), wide, async (tab) => {
    const labels = await tab.locator(".contents a").allTextContents();
    assert.equal(labels.length, 2);
    assert.ok(labels[0].includes("开头") && labels[0].includes("The start"), labels[0]);
  });
});

test("pages in one language alone, and about pages: axe finds nothing, and nothing is too wide", async () => {
  const pages = site.pages.filter((page) => /^(en|zh-Hans)\//.test(page.name) || page.kind === "about");
  assert.ok(pages.length > 12 && pages.some((page) => page.kind === "about"), `${pages.length}`);
  for (const [width, colorScheme] of [[360, "dark"], [1280, "light"]]) {
    await withPages(site, pages, { colorScheme, viewport: { width, height: 800 } }, async (tab, page) => {
      await tab.addStyleTag({ content: ".t { content-visibility: visible !important }" });
      assert.ok(await tab.evaluate(() => document.documentElement.scrollWidth) <= width, page.name);
      const langs = await tab.evaluate(() => [...new Set([...document.querySelectorAll(".t p")].map((line) => line.lang))]);
      if (page.name.startsWith("en/")) assert.ok(!langs.includes("zh-Hans"), page.name);
      await tab.evaluate(axe);
      const found = await tab.evaluate(async () => (await axe.run()).violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 120)}`));
      assert.deepEqual(found, [], page.name);
    });
  }
});
