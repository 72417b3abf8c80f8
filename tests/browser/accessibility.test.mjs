import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { longestBilingual, openSite, samples, withPage, withPages } from "./site.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let site;
// Lists in several pages, so that the pager is looked at too.
before(async () => { site = await openSite({ pageSize: 4 }); });
after(() => site?.close());

/** What axe-core finds on a page as it stands, one line each. */
async function violations(tab) {
  // Turns out of sight are not laid out; axe must see them all.
  await tab.addStyleTag({ content: ".t { content-visibility: visible !important }" });
  await tab.evaluate(axe);
  return tab.evaluate(async () => {
    const runOnly = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
    const { violations } = await axe.run(document, { runOnly });
    return violations.map(({ id, nodes }) => `${id} (${nodes.length}): ${nodes[0].html.slice(0, 160)} ${nodes[0].failureSummary}`);
  });
}

for (const colorScheme of ["light", "dark"]) {
  for (const width of [360, 1280]) {
    test(`axe finds nothing on any kind of page, ${colorScheme}, ${width} pixels wide`, async () => {
      await withPages(site, samples(site), { colorScheme, viewport: { width, height: 900 } }, async (tab, page) => {
        assert.deepEqual(await violations(tab), [], page.name);
      });
    });
  }

  test(`axe finds nothing in any way to read, ${colorScheme}`, async () => {
    await withPage(site, longestBilingual(site).url, { colorScheme }, async (tab) => {
      const inputs = tab.locator(".modes input");
      for (const fold of await tab.locator(".b details, .drop").all()) await fold.evaluate((fold) => { fold.open = true; });
      for (let index = 0; index < await inputs.count(); index += 1) {
        await inputs.nth(index).check({ force: true });
        assert.deepEqual(await violations(tab), [], await inputs.nth(index).inputValue());
      }
    });
  });
}

test("the keyboard reaches the text first, then the ways to read", async () => {
  await withPage(site, longestBilingual(site).url, {}, async (tab) => {
    await tab.keyboard.press("Tab");
    assert.equal(await tab.evaluate(() => document.activeElement.getAttribute("href")), "#content");
    const reached = [];
    for (let presses = 0; presses < 40 && !reached.includes("mode-lines"); presses += 1) {
      await tab.keyboard.press("Tab");
      reached.push(await tab.evaluate(() => document.activeElement.id));
    }
    assert.ok(reached.includes("mode-lines"));
    await tab.keyboard.press("ArrowRight");
    assert.equal(await tab.evaluate(() => document.activeElement.id), "mode-side");
  });
});
