import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { longestBilingual, ofKind, openModes, openSite, withPage, withPages } from "./site.mjs";

let site;
before(async () => { site = await openSite(); });
after(() => site?.close());

const wide = { viewport: { width: 1280, height: 900 } };
const narrow = { viewport: { width: 360, height: 780 }, hasTouch: true };

/** Chooses a way to read, as a reader does. */
async function choose(tab, mode) {
  await openModes(tab);
  await tab.locator(`.modes input[value="${mode}"]`).check({ force: true });
}

/** For every cue that is not folded: the languages it has, those that show, and where they stand. */
function shownCues(tab) {
  return tab.evaluate(() => [...document.querySelectorAll(".t > div:not(.b)")].map((cue) => {
    const runs = [...cue.querySelectorAll(":scope > [lang]")];
    const shown = runs.filter((run) => run.getClientRects().length > 0);
    const place = (run) => {
      const rect = run.getBoundingClientRect();
      return { lang: run.lang, top: rect.top, bottom: rect.bottom, left: rect.left };
    };
    return { id: cue.id, has: runs.map((run) => run.lang), shows: shown.map(place) };
  }));
}

async function languagesOf(tab) {
  return tab.locator(".modes input.only").evaluateAll((inputs) => inputs.map((input) => input.value));
}

describe("ways to read", () => {
  test("line by line shows every language of every cue, one below the other", async () => {
    for (const screen of [wide, narrow]) {
      await withPage(site, longestBilingual(site).url, screen, async (tab) => {
        await choose(tab, "lines");
        for (const cue of await shownCues(tab)) {
          assert.deepEqual(cue.shows.map((run) => run.lang), cue.has, cue.id);
          if (cue.shows.length === 2) assert.ok(cue.shows[1].top >= cue.shows[0].bottom - 1, cue.id);
        }
      });
    }
  });

  test("side by side is not offered where there is no room", async () => {
    await withPage(site, longestBilingual(site).url, narrow, async (tab) => {
      await openModes(tab);
      assert.equal(await tab.locator(".modes label.wide").isVisible(), false);
    });
  });

  test("one language hides the other, and a cue that has only the other stays", async () => {
    await withPages(site, ofKind(site, "episode"), wide, async (tab, page) => {
      for (const lang of await languagesOf(tab)) {
        await choose(tab, lang);
        for (const cue of await shownCues(tab)) {
          const expected = cue.has.includes(lang) ? [lang] : cue.has;
          assert.deepEqual(cue.shows.map((run) => run.lang), expected, `${page.name}#${cue.id}`);
        }
      }
    });
  });

  test("an episode in one language offers no choice", async () => {
    let found = 0;
    await withPages(site, ofKind(site, "episode"), wide, async (tab, page) => {
      const langs = new Set((await shownCues(tab)).flatMap((cue) => cue.has));
      const modes = await tab.locator(".modes").count();
      if (langs.size < 2) {
        found += 1;
        assert.equal(modes, 0, page.name);
      } else {
        assert.equal(modes, 1, page.name);
      }
    });
    assert.ok(found >= 1, "the demo has an episode in one language");
  });

  test("the choice is remembered, and the line being read stays where it is", async () => {
    await withPage(site, longestBilingual(site).url, wide, async (tab) => {
      const [, second] = await languagesOf(tab);
      await tab.evaluate(() => scrollTo(0, document.body.scrollHeight / 2));
      // Turns get their heights as they come near; what is read is where it is once they have.
      const settled = async (where) => {
        for (let last; ; await tab.waitForTimeout(150)) {
          const now = await tab.evaluate(where);
          if (JSON.stringify(now) === JSON.stringify(last)) return now;
          last = now;
        }
      };
      const reading = () => settled(() => {
        const edge = Math.max(0, document.querySelector(".bar").getBoundingClientRect().bottom);
        const cue = [...document.querySelectorAll(".t > div")].find((cue) => cue.getBoundingClientRect().bottom > edge + 8);
        return { id: cue.id, top: cue.getBoundingClientRect().top };
      });
      const before = await reading();
      await choose(tab, second);
      const top = await settled(`document.getElementById("${before.id}").getBoundingClientRect().top`);
      assert.ok(Math.abs(top - before.top) < 40, `moved by ${top - before.top}`);
      await tab.reload();
      assert.equal(await tab.locator(".modes input:checked").inputValue(), second);
    });
  });
});

describe("anchors", () => {
  for (const [name, screen] of [["wide", wide], ["narrow", narrow]]) {
    test(`the address of a cue leads to it, on a ${name} screen`, async () => {
      const page = longestBilingual(site);
      const ids = await withPage(site, page.url, screen, async (tab) => (await shownCues(tab)).map((cue) => cue.id));
      assert.equal(new Set(ids).size, ids.length, "every cue has an id of its own");
      for (const id of [ids[0], ids[Math.floor(ids.length / 3)], ids[Math.floor(ids.length / 2)], ids.at(-1)]) {
        await withPage(site, `${page.url}#${id}`, screen, async (tab) => {
          await tab.waitForTimeout(300);
          const seen = await tab.evaluate((id) => {
            const rect = document.getElementById(id).getBoundingClientRect();
            const bar = document.querySelector(".bar")?.getBoundingClientRect();
            const covered = bar && getComputedStyle(document.querySelector(".bar")).position === "sticky" ? bar.bottom : 0;
            return { top: rect.top, covered, height: innerHeight, target: document.querySelector(":target")?.id };
          }, id);
          assert.equal(seen.target, id);
          assert.ok(seen.top >= Math.min(seen.covered, 80) - 1 && seen.top < seen.height, JSON.stringify(seen));
        });
      }
    });
  }

  test("a quote leads to its line", async () => {
    const [quotes] = ofKind(site, "quotes");
    await withPage(site, quotes.url, wide, async (tab) => {
      const link = tab.locator("blockquote a").first();
      const words = (await link.locator("p").first().innerText()).trim();
      await link.click();
      await tab.waitForFunction(() => document.querySelector(":target"));
      const line = await tab.evaluate(() => {
        const cues = [...document.querySelectorAll(".t > div")];
        const from = cues.findIndex((cue) => cue.matches(":target"));
        return cues.slice(from, from + 6).map((cue) => cue.innerText).join("\n");
      });
      assert.ok(line.includes(words.slice(0, 8)), `${words} | ${line}`);
    });
  });
});

describe("without JavaScript", () => {
  test("every line is there, and the ways to read work", async () => {
    const page = longestBilingual(site);
    const count = await withPage(site, page.url, wide, async (tab) => (await shownCues(tab)).length);
    await withPage(site, page.url, { ...wide, javaScriptEnabled: false }, async (tab) => {
      const cues = await shownCues(tab);
      assert.equal(cues.length, count);
      assert.ok(cues.every((cue) => cue.shows.length === cue.has.length));
      const [first, second] = await languagesOf(tab);
      await choose(tab, second);
      for (const cue of await shownCues(tab)) {
        assert.deepEqual(cue.shows.map((run) => run.lang), cue.has.includes(second) ? [second] : cue.has);
      }
      await choose(tab, first);
      assert.ok((await shownCues(tab)).every((cue) => cue.shows.length === 1));
    });
  });

  test("pages lead to one another", async () => {
    await withPage(site, site.url, { ...wide, javaScriptEnabled: false }, async (tab) => {
      await tab.locator(".list .title a").first().click();
      assert.equal(await tab.locator("body.is-episode h1").count(), 1);
      await tab.locator(".transcript .w a:not(.at)").first().click();
      assert.equal(await tab.locator("body.is-speaker h1").count(), 1);
    });
  });
});
