import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { longestBilingual, ofKind, openSite, samples, withPage, withPages } from "./site.mjs";

let site;
// Lists in several pages, so that the pager is looked at too.
before(async () => { site = await openSite({ pageSize: 4 }); });
after(() => site?.close());

const kinds = ["404", "about", "episode", "episodes", "home", "quotes", "show", "shows", "speaker", "speakers", "tag", "tags"];

test("the demo has a page of every kind", () => {
  assert.deepEqual([...new Set(site.pages.map((page) => page.kind))].sort(), kinds);
  assert.ok(ofKind(site, "episode").length >= 6);
});

for (const width of [320, 360, 768, 1280]) {
  test(`no page is wider than a screen of ${width} pixels`, async () => {
    const wide = [];
    await withPages(site, samples(site), { viewport: { width, height: 800 } }, async (tab, page) => {
      await tab.addStyleTag({ content: ".t { content-visibility: visible !important }" });
      const found = await tab.evaluate(() => document.documentElement.scrollWidth);
      if (found > width) wide.push(`${page.name}: ${found}`);
    });
    assert.deepEqual(wide, []);
  });
}

test("no way to read makes an episode wider than the screen", async () => {
  for (const width of [320, 768, 1280]) {
    await withPage(site, longestBilingual(site).url, { viewport: { width, height: 800 } }, async (tab) => {
      await tab.addStyleTag({ content: ".t { content-visibility: visible !important }" });
      for (const input of await tab.locator(".modes input").all()) {
        await input.evaluate((input) => { input.checked = true; });
        const found = await tab.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(found <= width, `${await input.inputValue()} at ${width}: ${found}`);
      }
    });
  }
});

test("no cue overlaps another, and no text is cut off", async () => {
  for (const width of [320, 768, 1280]) {
    await withPages(site, ofKind(site, "episode"), { viewport: { width, height: 800 } }, async (tab, page) => {
      await tab.addStyleTag({ content: ".t { content-visibility: visible !important }" });
      const troubles = await tab.evaluate(() => {
        const cues = [...document.querySelectorAll(".t > div")].map((cue) => [cue.id, cue.getBoundingClientRect()]);
        const over = cues.filter(([, rect], index) => index > 0 && rect.top < cues[index - 1][1].bottom - 1);
        const out = cues.filter(([, rect]) => rect.left < 0 || rect.right > innerWidth + 1 || rect.height < 8);
        return [...over, ...out].map(([id]) => id);
      });
      assert.deepEqual(troubles, [], `${page.name} at ${width}`);
    });
  }
});

test("every page declares its language, and every run of text in another language its own", async () => {
  await withPages(site, site.pages, {}, async (tab, page) => {
    const found = await tab.evaluate(() => {
      const han = /\p{Script=Han}/u;
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const wrong = [];
      while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (element.closest("script, style, code")) continue;
        const text = walker.currentNode.data;
        const lang = element.closest("[lang]")?.lang ?? "";
        if (!/^(zh|ja)/.test(lang) && text.match(/\p{Script=Han}/gu)?.length > 12) wrong.push(`${lang}: ${text.trim().slice(0, 40)}`);
        if (/^(zh|ja)/.test(lang) && !han.test(text) && text.match(/\b[a-z]{2,}\b/g)?.length > 7) wrong.push(`${lang}: ${text.trim().slice(0, 40)}`);
      }
      return { lang: document.documentElement.lang, wrong };
    });
    assert.ok(found.lang, `${page.name} has no language`);
    assert.deepEqual(found.wrong, [], page.name);
  });
});
