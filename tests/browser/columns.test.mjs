// Side by side: with a script what a turn says flows in columns that begin level; without one, on
// paper and in every other way to read, the page is as it was made.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openModes, openSite, withPage } from "./site.mjs";
import { files, talk } from "./talk.mjs";

/** A long turn, with a line in one language alone and a listener's word. */
const long = Array.from({ length: 60 }, (_, at) => `Speaker 0\n\n第 ${at} 句说的是河上的桥。\n\nSentence ${at} is about the bridge over the river.\n`)
  .toSpliced(20, 0, "Speaker 1\n\n对。\n\nRight.\n")
  .toSpliced(10, 0, "Speaker 0\n\nThis one nobody has translated.\n").join("\n");

let site;
let url;
before(async () => {
  site = await openSite({ files: [...files, ["content/bridges/two.txt", long]] });
  url = `${site.url}bridges/one/`;
});
after(() => site?.close());

const wide = { viewport: { width: 1280, height: 900 }, locale: "zh-CN" };
const tablet = { viewport: { width: 768, height: 1000 }, hasTouch: true, locale: "zh-CN" };

async function choose(tab, mode) {
  await openModes(tab);
  await tab.locator(`.modes label:has(input[value="${mode}"])`).click();
}
const markup = (tab) => tab.locator("#transcript").evaluate((transcript) => [...transcript.querySelectorAll(".t")].map((turn) => turn.outerHTML).join(""));
const columns = (tab) => tab.locator(".col").count();

/** For every turn: where each paragraph's columns are, and where the name is; all of it laid out. */
function turns(tab) {
  return tab.evaluate(async () => {
    const { lines, textsOf } = await import("diglot/lines");
    document.head.append(Object.assign(document.createElement("style"), { textContent: ".t { content-visibility: visible !important }" }));
    const found = new Map();
    for (const line of lines.filter((line) => !line.matches(".b"))) {
      const turn = line.closest(".t");
      if (!found.has(turn)) found.set(turn, []);
      if (line.matches(".p") || !found.get(turn).length) found.get(turn).push({});
      for (const text of textsOf(line)) {
        for (const rect of [...text.getClientRects()].filter((rect) => rect.width > 1)) {
          const box = found.get(turn).at(-1)[text.lang] ??= { top: Infinity, left: Infinity, bottom: 0, right: 0, words: "" };
          [box.top, box.left] = [Math.min(box.top, rect.top), Math.min(box.left, rect.left)];
          [box.bottom, box.right] = [Math.max(box.bottom, rect.bottom), Math.max(box.right, rect.right)];
        }
        found.get(turn).at(-1)[text.lang].words += text.textContent.trim();
      }
    }
    return [...found.values()];
  });
}

describe("what a turn says", () => {
  for (const [name, screen] of [["wide", wide], ["tablet", tablet]]) {
    test(`flows in columns that begin level with each paragraph, and keep apart: ${name}`, async () => {
      for (const page of ["one", "two"]) {
        await withPage(site, `${site.url}bridges/${page}/?view=side`, screen, async (tab) => {
          const all = await turns(tab);
          let edges;
          let bottom = 0;
          for (const { "zh-Hans": first, en: second } of all.flat()) {
            assert.ok(Math.abs(first.top - second.top) < 6, `level: ${first.top} and ${second.top}`);
            assert.ok(first.right < second.left, "apart");
            assert.ok(first.top >= bottom - 1, "a paragraph begins below all of the one before");
            bottom = Math.max(first.bottom, second.bottom);
            edges ??= [first.left, second.left];
            assert.ok(Math.abs(first.left - edges[0]) < 2 && Math.abs(second.left - edges[1]) < 2, "every column has its edge");
          }
          assert.ok(bottom > 1000);
          assert.ok(await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "no wider than the screen");
          if (page === "two") assert.ok(all[0].length > 1, "a long turn has paragraphs");
          // Most lines begin where the one before ends: they flow.
          const flows = (selector) => tab.locator(selector).evaluateAll((texts) => texts.filter((text, at) => {
            const before = at && [...texts[at - 1].getClientRects()].at(-1);
            return before && Math.abs(before.top - text.getClientRects()[0].top) < 2 && before.right <= text.getClientRects()[0].left + 6;
          }).length / texts.length);
          const gap = await tab.locator(".col > p").evaluateAll((texts) => texts.slice(1, 4).map((text, at) =>
            text.getClientRects()[0].left - [...texts[at].getClientRects()].at(-1).right).find((gap) => gap >= 0));
          assert.ok(gap > 2 && gap < 8, `a space of ${gap} between English sentences`);
          for (const selector of [".t > div:not(.b) > p", ".col > p"]) assert.ok(await flows(selector) > 0.5, `${selector} ${await flows(selector)}`);
        });
      }
    });
  }

  test("is all there, each word once", async () => {
    await withPage(site, `${url}?view=side`, wide, async (tab) => {
      const words = await tab.evaluate(async () => {
        const { lines, textsOf, wordsOf } = await import("diglot/lines");
        return lines.map((line) => textsOf(line).map(wordsOf));
      });
      assert.deepEqual(words, talk.map(([, ...texts]) => texts));
      assert.ok(await columns(tab) > 10);
    });
  });
});

describe("the page is as it was made", () => {
  test("in every other way to read", async () => {
    await withPage(site, url, wide, async (tab) => {
      const made = await markup(tab);
      await choose(tab, "side");
      await tab.locator(".col").first().waitFor();
      for (const mode of ["lines", "side", "verbatim"]) await choose(tab, mode);
      await choose(tab, "lines");
      await tab.waitForFunction(() => !document.querySelector(".col"));
      assert.equal(await markup(tab), made);
    });
  });

  test("where there is no room, and on paper", async () => {
    await withPage(site, `${url}?view=side`, wide, async (tab) => {
      assert.ok(await columns(tab) > 10);
      await tab.setViewportSize({ width: 600, height: 900 });
      await tab.waitForFunction(() => !document.querySelector(".col"));
      await tab.setViewportSize(wide.viewport);
      await tab.locator(".col").first().waitFor({ state: "attached" });
      await tab.emulateMedia({ media: "print" });
      await tab.waitForFunction(() => !document.querySelector(".col"));
      const level = await tab.evaluate(() => [...document.querySelectorAll(".t > div:not(.b)")].every((line) => {
        const [first, second] = [...line.children].map((text) => text.getBoundingClientRect());
        return Math.abs(first.top - second.top) < 8 && first.right <= second.left;
      }));
      assert.ok(level, "printed, a line and its translation are a row");
      const beside = await tab.evaluate(() => [...document.querySelectorAll(".t")].every((turn) => turn.querySelector(".w").getBoundingClientRect().right <= turn.querySelector(":scope > div p").getBoundingClientRect().left));
      assert.ok(beside, "names stand in the margin");
      await tab.emulateMedia({ media: "screen" });
      await tab.locator(".col").first().waitFor({ state: "attached" });
      await tab.evaluate(() => addEventListener("beforeprint", () => { document.title = `${document.querySelectorAll(".col").length} columns` }));
      await tab.pdf();
      assert.equal(await tab.title(), "0 columns");
      await tab.locator(".col").first().waitFor({ state: "attached" });
    });
  });

  test("without a script: every line is a row", async () => {
    for (const screen of [wide, tablet]) {
      await withPage(site, url, { ...screen, javaScriptEnabled: false }, async (tab) => {
        await choose(tab, "side");
        const level = await tab.evaluate(() => [...document.querySelectorAll(".t > div:not(.b)")].every((line) => {
          const [first, second] = [...line.children].map((text) => text.getBoundingClientRect());
          return Math.abs(first.top - second.top) < 12 && first.right < second.left;
        }));
        assert.ok(level);
      });
    }
  });
});

describe("languages that run against each other", () => {
  const track = (words) => `WEBVTT\n\n${Array.from({ length: 12 }, (_, at) => `00:${at + 10}.000 --> 00:${at + 10}.900\n<v Ann>${words(at)}`).join("\n\n")}\n`;
  for (const langs of [["ar", "en"], ["en", "ar"]]) {
    test(`stand in columns and alone, each from its own side: ${langs}`, async () => {
      const own = await openSite({ files: [
        ["site.toml", `languages = ${JSON.stringify(langs)}\n`],
        ["content/s/e/talk.ar.vtt", track((at) => `السطر رقم ${at} يتحدث عن عبور السفينة للبحر.`)],
        ["content/s/e/talk.en.vtt", track((at) => `Line number ${at} is about how the ship crosses the sea.`)],
      ] });
      try {
        const page = own.pages.find((page) => page.kind === "episode").url;
        /** Of each text in a language its first row, and the edges of all: what is read first stands where the language begins. */
        const rows = (tab, lang) => tab.evaluate((lang) => {
          const texts = [...document.querySelectorAll(`.t p[lang="${lang}"]:not(.w)`)].filter((text) => text.getClientRects().length);
          const rects = texts.map((text) => text.getClientRects()[0].toJSON());
          return { first: rects[0], left: Math.min(...rects.map((rect) => rect.left)), right: Math.max(...rects.map((rect) => rect.right)), tops: rects.map((rect) => Math.round(rect.top)) };
        }, lang);
        const isRead = ({ first, left, right, tops }, lang) => {
          assert.ok(Math.abs(lang === "ar" ? first.right - right : first.left - left) < 2, `${lang} begins at its own side`);
          assert.deepEqual(tops, tops.toSorted((a, b) => a - b), `${lang} is read downwards`);
        };
        await withPage(own, `${page}?view=side`, wide, async (tab) => {
          const [ar, en] = [await rows(tab, "ar"), await rows(tab, "en")];
          isRead(ar, "ar");
          isRead(en, "en");
          assert.ok(en.right < ar.left, "the first language stands where the page begins");
          assert.equal(await tab.locator(".col").first().evaluate((column) => getComputedStyle(column).direction), langs[1] === "ar" ? "rtl" : "ltr");
        });
        for (const lang of langs) {
          await withPage(own, `${page}?view=${lang}`, wide, async (tab) => isRead(await rows(tab, lang), lang));
        }
      } finally {
        await own.close();
      }
    });
  }
});

test("the line being read stays where it is, there and back", async () => {
  await withPage(site, url, wide, async (tab) => {
    const place = () => tab.evaluate(async () => {
      const { lines, placeInView } = await import("diglot/lines");
      const line = lines[placeInView()];
      return { id: line.id, top: line.getBoundingClientRect().top };
    });
    await tab.locator(".t > div").nth(100).evaluate((line) => line.scrollIntoView({ block: "start" }));
    await tab.waitForTimeout(300);
    const before = await place();
    for (const key of ["v", "V"]) {
      await tab.keyboard.press(key);
      await tab.waitForFunction((columns) => Boolean(document.querySelector(".col")) === columns, key === "v");
      await tab.waitForTimeout(300);
      const top = await tab.evaluate((id) => document.getElementById(id).getBoundingClientRect().top, before.id);
      assert.ok(Math.abs(top - before.top) < 6, `${key}: ${before.top}, then ${top}`);
    }
  });
});

describe("a line is one line in both columns", () => {
  test("a link marks it in both, and find leads to either", async () => {
    await withPage(site, url, wide, async (tab) => {
      const id = await tab.locator(".t > div").nth(60).getAttribute("id");
      await tab.goto(`${url}?view=side#${id}`);
      const marked = () => tab.locator(".t .on").evaluateAll((parts) => parts.map((part) => [part.localName, part.textContent.trim()]));
      const [, han, latin] = talk[60];
      assert.deepEqual(await marked(), [["p", latin], ["div", han]]);
      assert.ok(await tab.locator(`[id="${id}"]`).evaluate((line) => line.getBoundingClientRect().top < innerHeight && line.getBoundingClientRect().top > 0));
      await tab.keyboard.press("/");
      await tab.locator(".find input").fill("sentence number 150");
      assert.match(await tab.locator(".find output").innerText(), /^1 \/ 1$/);
      const seen = await tab.evaluate(() => [...CSS.highlights.get("here")].map((range) => range.getBoundingClientRect().top));
      assert.ok(seen.length === 1 && seen[0] > 0 && seen[0] < 900, `${seen}`);
    });
  });

  test("what is selected in one column is cited in both, and stays in its column", async () => {
    await withPage(site, `${site.url}bridges/two/?view=side`, { ...wide, permissions: ["clipboard-read", "clipboard-write"] }, async (tab) => {
      const texts = tab.locator(".col > p");
      const drag = async (from, to) => {
        await from.scrollIntoViewIfNeeded();
        const rect = (text) => text.evaluate((text) => text.getClientRects()[0].toJSON());
        const [a, b] = [await rect(from), await rect(to)];
        await tab.mouse.move(a.x + 12, a.y + 10);
        await tab.mouse.down();
        await tab.mouse.move(b.x + 30, b.y + 10, { steps: 4 });
        await tab.mouse.up();
        await tab.locator(".pick").waitFor();
      };
      await drag(texts.nth(1), texts.nth(3));
      const english = await tab.evaluate(() => String(getSelection()));
      assert.ok(/\. Sentence/.test(english) && !/\p{sc=Han}/u.test(english), `only English is selected: ${english}`);
      await tab.locator(".pick [value=cite]").click();
      const cited = await tab.evaluate(() => navigator.clipboard.readText());
      assert.match(cited, /第 1 句.*第 3 句/s);
      assert.match(cited, /Sentence 1 .*Sentence 3 /s);
      assert.ok(!cited.includes("Sentence 0 ") && !cited.includes("Sentence 4 "), cited);
      await tab.keyboard.press("Escape");
      await tab.mouse.click(5, 5);
      const lines = tab.locator(".t > div > p");
      await drag(lines.nth(1), lines.nth(3));
      const han = await tab.evaluate(() => String(getSelection()));
      assert.ok(/句/.test(han) && !/Sentence/.test(han), `only Chinese is selected: ${han}`);
      await tab.locator(".pick [value=cite]").click();
      assert.match(await tab.evaluate(() => navigator.clipboard.readText()), /第 1 句.*第 3 句.*Sentence 1 .*Sentence 3 /s);
    });
  });

  test("by keys and by pointer: j and k, and the link in the margin from either column", async () => {
    await withPage(site, `${url}?view=side`, wide, async (tab) => {
      await tab.locator(".col > p").nth(5).hover();
      const place = await tab.evaluate(async () => {
        const { fragmentOf, placeOf } = await import("diglot/lines");
        return fragmentOf(placeOf(document.querySelectorAll(".col > p")[5]));
      });
      assert.equal(await tab.locator(".link").getAttribute("href"), place);
      await tab.keyboard.press("j");
      const first = await tab.evaluate(() => document.activeElement.id);
      await tab.keyboard.press("j");
      assert.ok(first && await tab.evaluate(() => document.activeElement.id) !== first);
    });
  });
});
