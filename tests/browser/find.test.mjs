// Find in the page: what is found, how it is shown, and how fast.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { openSite, withPage } from "./site.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const wide = { viewport: { width: 1280, height: 900 } };
const narrow = { viewport: { width: 360, height: 780 }, hasTouch: true };

const lines = Array.from({ length: 120 }, (_, at) => [`Sentence number ${at} is about boats.`, `第 ${at} 句说的是船。`]);
lines[50] = ["We met at the Café Übermut, in room ２０４.", "我们在咖啡馆见面，Ｗｉ－Ｆｉ 很慢。"];
lines[90] = ["The cafe was closed; e\u0301clair and 𝒻ancy letters.", "馆子关门了。"];

const text = (all) => all.map(([en, zh], at) => `${at % 5 < 3 ? "Ann" : "Bo"}: ${en}\n${zh}`).join("\n\n");
let site;
let page;
before(async () => {
  const many = Array.from({ length: 5000 }, (_, at) => [
    `This is line ${at}, and what it says is that number ${at * 7919 % 1000} is not the number of a house by the sea.`,
    `这是第 ${at} 句，它说的是 ${at * 7919 % 1000} 号不是海边那座房子的门牌号。`]);
  site = await openSite({ files: [
    ["site.toml", "languages = [\"en\", \"zh-Hans\"]\n"],
    ["content/s/a.txt", `${text(lines)}\n`],
    ["content/s/many.txt", `${text(many)}\n`],
  ] });
  page = `${site.url}s/a/`;
});
after(() => site?.close());

const field = (tab) => tab.locator(".find input");
const count = async (tab) => (await tab.locator(".find output").innerText()).trim();
/** The line of the hit that is looked at, by its place, and what is marked in it. */
const here = (tab) => tab.evaluate(() => {
  const [range] = CSS.highlights.get("here") ?? [];
  if (!range) return null;
  const line = range.startContainer.parentElement.closest(".t > div");
  const { top, bottom } = range.getBoundingClientRect();
  return { at: [...document.querySelectorAll(".t > div")].indexOf(line), text: range.toString(), seen: bottom > top && top >= 0 && bottom <= innerHeight };
});
async function open(tab) {
  await tab.keyboard.press("/");
  await field(tab).waitFor();
}
async function find(tab, words) {
  await field(tab).fill(words);
}

describe("finding", () => {
  test("what is typed while the script is on its way is looked for", async () => {
    await withPage(site, page, wide, async (tab) => {
      await tab.route(/find\.js/, async (route) => {
        await new Promise((later) => setTimeout(later, 700));
        await route.continue();
      });
      await tab.keyboard.press("/");
      await tab.keyboard.type("jock", { delay: 20 });
      await field(tab).waitFor();
      assert.equal(await field(tab).inputValue(), "jock", "no letter is a key of the page");
      await tab.keyboard.type("s");
      assert.equal(await field(tab).inputValue(), "jocks");
    });
  });

  test("in both languages, whatever case, accents and width", async () => {
    await withPage(site, page, wide, async (tab) => {
      await open(tab);
      for (const [words, hits, at, marked] of [
        ["cafe", 2, 50, "Café"],
        ["CAFÉ", 2, 50, "Café"],
        ["ubermut", 1, 50, "Übermut"],
        ["204", 1, 50, "２０４"],
        ["wi-fi", 1, 50, "Ｗｉ－Ｆｉ"],
        ["咖啡馆", 1, 50, "咖啡馆"],
        ["eclair", 1, 90, "e\u0301clair"],
        ["fancy", 1, 90, "𝒻ancy"],
        ["馆", 2, 50, "馆"],
        ["number 77 ", 1, 77, "number 77"],
      ]) {
        await find(tab, words);
        assert.equal(await count(tab), `1 / ${hits}`, words);
        assert.deepEqual(await here(tab), { at, text: marked, seen: true }, words);
      }
      await find(tab, "no such words");
      assert.equal(await count(tab), "0 / 0");
      await find(tab, "");
      assert.equal(await count(tab), "");
      assert.equal(await here(tab), null);
    });
  });

  test("next and previous go around; Escape leaves the reader at the line", async () => {
    await withPage(site, page, wide, async (tab) => {
      await open(tab);
      await find(tab, "cafe");
      const places = [];
      for (const key of ["Enter", "Enter", "Shift+Enter"]) {
        await tab.keyboard.press(key);
        places.push((await here(tab)).at);
      }
      assert.deepEqual(places, [90, 50, 90]);
      await tab.locator(".find [value=before]").click();
      assert.equal((await here(tab)).at, 50);
      await field(tab).focus();
      await tab.keyboard.press("Escape");
      assert.equal(await tab.locator(".find").isVisible(), false);
      assert.equal(await here(tab), null);
      assert.match(await tab.evaluate(() => document.activeElement.innerText), /Café/);
    });
  });

  test("starts from what is on the screen", async () => {
    await withPage(site, page, wide, async (tab) => {
      await tab.evaluate(() => document.querySelectorAll(".t > div")[100].scrollIntoView());
      await tab.waitForTimeout(300);
      await open(tab);
      await find(tab, "boats");
      const { at } = await here(tab);
      assert.ok(at >= 97 && at <= 103, `${at}`);
    });
  });

  test("a hit in a language that is hidden is opened, and closed again after", async () => {
    await withPage(site, page, wide, async (tab) => {
      await tab.locator("#mode-en").check({ force: true });
      await open(tab);
      await find(tab, "咖啡馆");
      assert.deepEqual(await here(tab), { at: 50, text: "咖啡馆", seen: true });
      await tab.keyboard.press("Escape");
      assert.equal(await tab.locator(".t > div").nth(50).locator("p[lang=zh-Hans]").isVisible(), false);
    });
  });

  test("what hides lines is asked to show them, and folds open", async () => {
    await withPage(site, page, wide, async (tab) => {
      await tab.evaluate(() => {
        const line = document.querySelectorAll(".t > div")[50];
        const fold = document.createElement("details");
        fold.append(document.createElement("summary"), ...line.childNodes);
        line.append(fold);
        globalThis.asked = [];
        document.addEventListener("diglot:show", (event) => globalThis.asked.push([event.target.id === line.id, event.detail.lang]));
      });
      await open(tab);
      await find(tab, "ubermut");
      assert.equal((await here(tab)).seen, true);
      assert.deepEqual(await tab.evaluate(() => globalThis.asked.at(-1)), [true, "en"]);
    });
  });

  test("by a button too, on a narrow screen", async () => {
    await withPage(site, page, narrow, async (tab) => {
      await tab.locator(".finder").tap();
      await field(tab).waitFor();
      await field(tab).pressSequentially("übermut");
      assert.deepEqual(await here(tab), { at: 50, text: "Übermut", seen: true });
      const box = await tab.locator(".find").boundingBox();
      assert.ok(box.x >= 0 && box.x + box.width <= 360, JSON.stringify(box));
      for (const button of await tab.locator(".find button").all()) {
        const { width, height } = await button.boundingBox();
        assert.ok(width >= 24 && height >= 24);
      }
    });
  });

  test("where the browser cannot mark words, the line is outlined", async () => {
    await withPage(site, page, wide, async (tab) => {
      await tab.addInitScript(() => { delete globalThis.Highlight });
      await tab.reload();
      await open(tab);
      await find(tab, "ubermut");
      assert.equal(await tab.locator(".found").count(), 1);
      assert.match(await tab.locator(".found").innerText(), /Übermut/);
    });
  });

  test("a slash in a field is a slash", async () => {
    await withPage(site, page, wide, async (tab) => {
      await open(tab);
      await field(tab).pressSequentially("a/b");
      assert.equal(await field(tab).inputValue(), "a/b");
    });
  });
});

test("5,000 lines are searched with every letter", async (t) => {
  await withPage(site, `${site.url}s/many/`, wide, async (tab) => {
    await open(tab);
    const times = await tab.evaluate(async () => {
      const input = document.querySelector(".find input");
      const times = [];
      for (const words of ["n", "nu", "num", "number 1", "房", "房子", "号不是"]) {
        const begun = performance.now();
        input.value = words;
        input.dispatchEvent(new InputEvent("input"));
        times.push(Math.round(performance.now() - begun));
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
      }
      return times;
    });
    t.diagnostic(`milliseconds per letter: ${times}`);
    assert.equal(await count(tab), "1 / 5000");
    assert.ok(times.toSorted((a, b) => a - b)[3] < 1000, `${times}`);
  });
});

test("axe finds nothing while one looks for words, light and dark", async () => {
  for (const colorScheme of ["light", "dark"]) {
    await withPage(site, page, { ...wide, colorScheme }, async (tab) => {
      await open(tab);
      await find(tab, "cafe");
      await tab.addStyleTag({ content: ".t { content-visibility: visible !important }" });
      await tab.evaluate(axe);
      const { violations } = await tab.evaluate(() => globalThis.axe.run());
      assert.deepEqual(violations.map((one) => [one.id, one.nodes.map((node) => node.target)]), []);
    });
  }
});
