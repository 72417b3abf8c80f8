import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { ofKind, openSite, samples, withPage } from "./site.mjs";

let site;
before(async () => { site = await openSite(); });
after(() => site?.close());

const kinds = ["404", "episode", "episodes", "home", "quotes", "show", "shows", "speaker", "speakers", "tag", "tags"];

test("the demo has a page of every kind", () => {
  assert.deepEqual([...new Set(site.pages.map((page) => page.kind))].sort(), kinds);
  assert.ok(ofKind(site, "episode").length >= 6);
});

for (const width of [320, 360, 768, 1280]) {
  test(`no page is wider than a screen of ${width} pixels`, async () => {
    const wide = [];
    for (const page of samples(site)) {
      await withPage(site, page.url, { viewport: { width, height: 800 } }, async (tab) => {
        await tab.addStyleTag({ content: ".t { content-visibility: visible !important }" });
        const found = await tab.evaluate(() => document.documentElement.scrollWidth);
        if (found > width) wide.push(`${page.name}: ${found}`);
      });
    }
    assert.deepEqual(wide, []);
  });
}

test("no cue overlaps another, and no text is cut off", async () => {
  for (const width of [320, 768, 1280]) {
    for (const page of ofKind(site, "episode")) {
      await withPage(site, page.url, { viewport: { width, height: 800 } }, async (tab) => {
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
  }
});

test("every page declares its language, and every run of text in another language its own", async () => {
  for (const page of site.pages) {
    await withPage(site, page.url, {}, async (tab) => {
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
  }
});
