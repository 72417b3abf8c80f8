// What learners can do, where a site turns it on.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { openSite, withPage } from "./site.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const wide = { viewport: { width: 1280, height: 900 } };
const lines = Array.from({ length: 90 }, (_, at) => `Ann: 第 ${at} 句，重庆很重。\nSentence ${at} says Chongqing is heavy.`).join("\n\n");
const languages = "languages = [\"zh-Hans\", \"en\"]\n";

let site;
let page;
before(async () => {
  site = await openSite({ files: [
    ["site.toml", `${languages}[theme]\nlearners = true\n[transcripts]\nformats = ["md", "pinyin"]\nreadings = { "重庆" = "chóng qìng" }\n`],
    ["content/s/a.txt", `${lines}\n`],
  ] });
  page = `${site.url}s/a/`;
});
after(() => site?.close());

const line = (tab, at) => tab.locator(".t > div").nth(at);
const words = (tab) => tab.evaluate(() => [...CSS.highlights.get("word") ?? []].map(String));

test("readings stand above Han when asked for, the author's first, and go again", async () => {
  await withPage(site, page, wide, async (tab) => {
    const before = await line(tab, 0).innerText();
    const asked = [];
    tab.on("request", (request) => asked.push(request.url()));
    const button = tab.getByRole("button", { name: "Pinyin" });
    assert.equal(await tab.locator("rt").count(), 0);
    await button.click();
    await tab.locator("rt").first().waitFor();
    assert.ok(asked.some((url) => url.endsWith("transcript.zh-Hans.pinyin.json")));
    const above = await line(tab, 0).locator("rt").allInnerTexts();
    assert.deepEqual(above, ["dì", "jù", "chóng", "qìng", "hěn", above[5]]);
    assert.ok(await tab.locator("rt").count() < 90 * 6, "only what is near the screen");
    // What is found and copied is the text.
    await tab.keyboard.press("/");
    await tab.locator(".find input").fill("句，重庆很");
    assert.equal(await tab.locator(".find output").innerText(), "1 / 90");
    await tab.keyboard.press("Escape");
    await button.click();
    assert.equal(await tab.locator("rt").count(), 0);
    assert.equal(await line(tab, 0).innerText(), before);
  });
});

test("a double click marks a word, s keeps a line; both last, and make a table", async () => {
  await withPage(site, page, wide, async (tab) => {
    const at = await line(tab, 2).locator("p[lang=en]").evaluate((text) => {
      const range = new Range();
      range.setStart(text.firstChild, text.textContent.indexOf("Chongqing"));
      range.setEnd(text.firstChild, range.startOffset + 9);
      const { x, y, width, height } = range.getBoundingClientRect();
      return { x: x + width / 2, y: y + height / 2 };
    });
    await tab.mouse.dblclick(at.x, at.y);
    const [word] = await words(tab);
    assert.equal(word, "Chongqing");
    for (let at = 0; at < 4; at += 1) await tab.keyboard.press("j");
    await tab.keyboard.press("s");
    const focused = await tab.evaluate(() => document.activeElement.innerText);
    assert.equal(await tab.locator(".kept").count(), 1);
    await tab.reload();
    assert.deepEqual(await words(tab), ["Chongqing"]);
    assert.equal(await tab.locator(".learn output").innerText(), "2");
    const [download] = await Promise.all([tab.waitForEvent("download"), tab.locator(".learn [value=write]").click()]);
    const rows = (await readFile(await download.path(), "utf8")).trim().split("\n");
    assert.deepEqual(rows.slice(0, 3), ["#separator:tab", "#html:false", "#columns:word\tzh-Hans\ten\tspeaker\tepisode\tlink"]);
    assert.equal(rows.length, 5);
    const cells = rows[3].split("\t");
    assert.equal(cells.length, 6);
    assert.deepEqual(cells.slice(0, 4), ["Chongqing", "第 2 句，重庆很重。", "Sentence 2 says Chongqing is heavy.", "Ann"]);
    assert.ok(cells[5].startsWith(`${page}#`));
    assert.ok(focused.includes(rows[4].split("\t")[1]));
    await tab.locator(".learn [value=forget]").click();
    assert.equal(await tab.locator(".learn output").innerText(), "0");
    assert.equal(await tab.locator(".kept").count(), 0);
  });
});

test("axe finds nothing with readings and marks, light and dark", async () => {
  for (const colorScheme of ["light", "dark"]) {
    await withPage(site, page, { ...wide, colorScheme }, async (tab) => {
      await tab.getByRole("button", { name: "Pinyin" }).click();
      await tab.locator("rt").first().waitFor();
      await tab.keyboard.press("s");
      await tab.addStyleTag({ content: ".t { content-visibility: visible !important }" });
      await tab.evaluate(axe);
      const { violations } = await tab.evaluate(() => globalThis.axe.run());
      assert.deepEqual(violations.map((one) => [one.id, one.nodes.map((node) => node.target)]), []);
    });
  }
});

test("a site that does not ask for it has none of it", async () => {
  const plain = await openSite({ files: [["site.toml", languages], ["content/s/a.txt", `${lines}\n`]] });
  try {
    await withPage(plain, `${plain.url}s/a/`, wide, async (tab) => {
      const asked = await tab.evaluate(() => performance.getEntriesByType("resource").map((one) => one.name));
      assert.ok(!asked.some((name) => /learn|pinyin/.test(name)), asked.join(" "));
      assert.equal(await tab.locator(".learn, #tool-learn").count(), 0);
    });
    assert.equal((await fetch(`${plain.url}s/a/transcript.zh-Hans.pinyin.json`)).status, 404);
  } finally {
    await plain.close();
  }
});
