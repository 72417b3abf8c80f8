// What an episode's page weighs when it arrives: all that the browser asks for by itself, packed
// as servers pack it. Looks at the longest talk there is: an 800-line one, where it is at hand.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import { longestBilingual, openSite, root, silence, withPage } from "./site.mjs";

const long = await readFile(path.join(root, "../shared/seed/a16z-openai-800m.txt")).catch(() => null);
if (!long) console.error("skipped in part: there is no ../shared/seed, so the demo's longest page is weighed");

const sites = {};
before(async () => {
  sites.read = long ? await openSite({ files: [["content/talk.txt", long]] }) : await openSite();
  sites.heard = await openSite({ files: [["content/talks/one/transcript.txt", "Speaker 0\n\n第一句。\n\nOne.\n"], ["content/talks/one/episode.md", "+++\naudio = \"a.wav\"\n+++\n"], ["content/talks/one/a.wav", silence(30)]] });
});
after(async () => { for (const site of Object.values(sites)) await site.close(); });

/** What a page asks for before anyone touches it, by kind, in bytes as packed. */
async function weigh(site, locale) {
  const weights = { document: 0, stylesheet: 0, script: 0 };
  const bodies = [];
  await withPage(site, longestBilingual(site).url, { locale, viewport: { width: 1280, height: 900 } }, async (tab) => {
    tab.on("response", (response) => {
      const kind = response.request().resourceType();
      if (kind in weights) bodies.push(response.body().then((body) => { weights[kind] += gzipSync(body, { level: 9 }).length }));
    });
    await tab.reload({ waitUntil: "networkidle" });
    await tab.mouse.wheel(0, 4000);
    await tab.waitForTimeout(500);
  });
  await Promise.all(bodies);
  return weights;
}

for (const locale of ["zh-CN", "en-US"]) {
  test(`a page to read is at most 60,000 bytes, its scripts 12 KB (${locale})`, async () => {
    const { document, stylesheet, script } = await weigh(sites.read, locale);
    const told = `${document} + ${stylesheet} + ${script}`;
    assert.ok(document > 5000 && stylesheet > 4000 && script > 4000, told);
    assert.ok(document + stylesheet + script <= 60_000, told);
    assert.ok(script <= 12 * 1024, told);
  });
}

test("with a recording, scripts are still at most 12 KB", async () => {
  const { script } = await weigh(sites.heard, "en-US");
  assert.ok(script > 8000 && script <= 12 * 1024, `${script}`);
});

test("what is asked for later comes when it is asked for", async () => {
  await withPage(sites.read, longestBilingual(sites.read).url, { viewport: { width: 1280, height: 900 } }, async (tab) => {
    const loaded = () => tab.evaluate(() => performance.getEntriesByType("resource").map((entry) => new URL(entry.name).pathname.split("/").pop()));
    for (const name of ["find.js", "voices.js", "pick.js", "columns.js"]) assert.ok(!(await loaded()).includes(name), name);
    await tab.keyboard.press("/");
    await tab.locator(".find").waitFor();
    await tab.keyboard.press("Escape");
    await tab.locator(".who summary").click();
    await tab.locator(".t [id] > p").nth(3).selectText();
    await tab.locator(".pick").waitFor();
    await tab.locator(".modes [value=side]").check({ force: true });
    await tab.locator(".col").first().waitFor({ state: "attached" });
    for (const name of ["find.js", "voices.js", "pick.js", "columns.js"]) assert.ok((await loaded()).includes(name), name);
  });
});
