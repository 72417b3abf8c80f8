import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openSite, withPage } from "./site.mjs";
import { files, talk } from "./talk.mjs";

let site;
let url;
before(async () => {
  site = await openSite({ files });
  url = `${site.url}bridges/one/`;
});
after(() => site?.close());

const wide = { viewport: { width: 1280, height: 900 }, locale: "zh-CN" };
const narrow = { viewport: { width: 360, height: 780 }, hasTouch: true, isMobile: true, locale: "zh-CN" };
const of = (name) => talk.filter(([label]) => label === name).length;

/** How many lines stand on the page and how many the gaps say are left out. */
function counted(tab) {
  return tab.evaluate(() => {
    const shown = [...document.querySelectorAll(".t > div")].filter((cue) => cue.checkVisibility());
    const gaps = [...document.querySelectorAll(".gap")].map((gap) => Number(gap.innerText.match(/\d+/)[0]));
    return { shown: shown.length, left: gaps.reduce((sum, count) => sum + count, 0), gaps: gaps.length };
  });
}

const firstId = () => withPage(site, url, wide, (tab) => tab.locator(".t > div").first().getAttribute("id"));

async function ask(tab, key) {
  await tab.locator(".who summary").click();
  await tab.locator(`.who label:has(input[value="${key}"])`).click();
  await tab.waitForFunction((key) => new URL(location).searchParams.get("who") === (key === "all" ? null : key), key);
}

describe("one voice", () => {
  for (const [name, screen] of [["wide", wide], ["narrow", narrow]]) {
    test(`the others step back and are counted, ${name}`, async () => {
      await withPage(site, url, screen, async (tab) => {
        await ask(tab, "speaker-2");
        assert.equal(new URL(tab.url()).searchParams.get("who"), "speaker-2");
        const found = await counted(tab);
        assert.deepEqual([found.shown, found.left], [of("Speaker 2"), talk.length - of("Speaker 2")]);
        assert.equal(await tab.locator(".who").evaluate((who) => who.open), false, "the list closes");
        await ask(tab, "all");
        assert.deepEqual(await counted(tab), { shown: talk.length, left: 0, gaps: 0 });
        assert.equal(new URL(tab.url()).search, "");
      });
    });
  }

  test("is alone in every way to read", async () => {
    for (const view of ["lines", "side", "en", "zh-Hans", "reveal", "verbatim"]) {
      await withPage(site, `${url}?view=${view}&who=speaker-2`, wide, async (tab) => {
        const found = await counted(tab);
        assert.deepEqual([found.shown, found.left], [of("Speaker 2"), talk.length - of("Speaker 2")], view);
      });
    }
  });

  test("?who= holds before anything is painted", async () => {
    for (const screen of [wide, narrow]) {
      await withPage(site, `${url}?who=speaker-2`, screen, async (tab) => {
        const found = await tab.evaluate(() => new Promise((found) => {
          let sum = 0;
          new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.value }).observe({ type: "layout-shift", buffered: true });
          new PerformanceObserver((list) => {
            const came = performance.getEntriesByType("resource").find((entry) => /voices\.js/.test(entry.name)).responseEnd;
            setTimeout(() => found({ sum, waited: list.getEntries()[0].startTime > came }), 400);
          }).observe({ type: "paint", buffered: true });
        }));
        assert.ok(found.waited, "the script is there before the first paint");
        // The browser learns how high turns are as they come near: a gap moves with that, by a line or two.
        assert.ok(found.sum < 0.02, `at ${screen.viewport.width}: ${found.sum}`);
        assert.equal(await tab.locator(".who input:checked").inputValue(), "speaker-2");
      });
    }
  });

  test("?who= asks for it, and a gap brings its lines back", async () => {
    await withPage(site, `${url}?who=speaker-2`, wide, async (tab) => {
      await tab.locator(".gap").first().waitFor();
      const before = await counted(tab);
      await tab.locator(".gap").first().click();
      const after = await counted(tab);
      assert.equal(after.gaps, before.gaps - 1);
      assert.equal(after.shown + after.left, talk.length);
      assert.ok(after.shown > before.shown);
    });
  });

  test("who only listens is found within the turns of others", async () => {
    await withPage(site, `${url}?who=speaker-1`, wide, async (tab) => {
      await tab.locator(".gap").first().waitFor();
      const found = await counted(tab);
      assert.deepEqual([found.shown, found.left], [1, talk.length - 1]);
      await tab.locator(".b summary").waitFor({ timeout: 5000 });
    });
  });

  test("a link to a line of another brings it back", async () => {
    const id = await withPage(site, url, wide, (tab) => tab.locator(".t > div").nth(20).getAttribute("id"));
    await withPage(site, `${url}?who=speaker-1#${id}`, wide, async (tab) => {
      await tab.locator(`#${id}`).waitFor({ timeout: 5000 });
    });
  });

  test("an unknown voice changes nothing", async () => {
    await withPage(site, `${url}?who=nobody`, wide, async (tab) => {
      assert.deepEqual(await counted(tab), { shown: talk.length, left: 0, gaps: 0 });
    });
  });

  test("without a script it is not offered", async () => {
    await withPage(site, `${url}?who=speaker-1`, { ...wide, javaScriptEnabled: false }, async (tab) => {
      assert.equal(await tab.locator(".who").isVisible(), false);
      assert.equal((await counted(tab)).shown, talk.length);
    });
  });
});

for (const [name, screen] of [["wide", wide], ["narrow", narrow]]) {
  test(`a name stays in sight while a long turn goes by, ${name}`, async () => {
    await withPage(site, `${url}?view=lines`, screen, async (tab) => {
      const seen = await tab.evaluate(async () => {
        const turns = [...document.querySelectorAll(".t")];
        const turn = turns[10];
        turn.scrollIntoView();
        scrollBy(0, turn.getBoundingClientRect().height / 2);
        await new Promise((done) => setTimeout(done, 400));
        const name = turn.querySelector(".w").getBoundingClientRect();
        const bar = document.querySelector(".bar");
        const box = bar.getBoundingClientRect();
        const rect = turn.getBoundingClientRect();
        return { top: name.top, bottom: name.bottom, bar: box.bottom, turn: [rect.top, rect.bottom], mark: getComputedStyle(turn, "::before").position };
      });
      assert.ok(seen.turn[0] < 0, "the turn began above");
      assert.ok(seen.top >= -2 && seen.bottom <= seen.turn[1] + 1, JSON.stringify(seen));
      assert.ok(seen.top >= seen.bar - 4, `the bar does not cover it: ${JSON.stringify(seen)}`);
      assert.equal(seen.mark, "sticky");
    });
  });
}

describe("contents", () => {
  test("mark the part that is being read", async () => {
    await withPage(site, url, wide, async (tab) => {
      const links = tab.locator(".contents a");
      assert.ok(await links.count() >= 2);
      const marked = () => tab.evaluate(() => [...document.querySelectorAll(".contents a")].findIndex((link) => link.matches("[aria-current=location]")));
      await links.nth(1).click();
      await tab.waitForTimeout(300);
      assert.equal(await marked(), 1);
      await tab.evaluate(() => scrollTo(0, document.querySelector("#transcript").offsetTop + 300));
      await tab.waitForTimeout(300);
      assert.equal(await marked(), 0);
      assert.equal(await tab.locator(".contents [aria-current]").count(), 1);
    });
  });

  test("drop from the bar on a narrow screen, and close when used or left", async () => {
    await withPage(site, url, narrow, async (tab) => {
      const contents = tab.locator(".contents");
      const isOpen = () => contents.evaluate((contents) => contents.open);
      await contents.locator("summary").click();
      assert.equal(await isOpen(), true);
      await tab.keyboard.press("Escape");
      assert.equal(await isOpen(), false);
      assert.equal(await tab.evaluate(() => document.activeElement.closest(".contents") !== null), true);
      await contents.locator("summary").click();
      await contents.locator("a").nth(1).click();
      assert.equal(await isOpen(), false);
    });
  });
});

describe("where one was", () => {
  test("on return a quiet link leads back, and nothing moves", async () => {
    for (const screen of [wide, narrow]) {
      await withPage(site, url, screen, async (tab) => {
        assert.equal(await tab.locator(".return").count(), 0, "nobody was anywhere yet");
        await tab.evaluate(() => document.querySelectorAll(".t > div")[90].scrollIntoView({ block: "center" }));
        await tab.waitForTimeout(700);
        const kept = await tab.evaluate(() => localStorage["diglot:at:" + location.pathname]);
        assert.ok(kept);
        await tab.goto("about:blank");
        await tab.goto(url);
        const note = tab.locator(".return a");
        assert.match(await note.innerText(), /上次读到/);
        await note.click();
        await tab.waitForTimeout(300);
        assert.equal(new URL(tab.url()).hash, `#${kept}`);
        assert.equal(await tab.locator(`#${kept}`).evaluate((line) => { const { top } = line.getBoundingClientRect(); return top > -5 && top < innerHeight }), true);
        assert.equal(await tab.locator(".return").count(), 0);
      });
    }
  });

  test("who reloads, or comes back by the browser, is at the same line, in every way to read", async () => {
    const place = (tab) => tab.evaluate(async () => {
      const { lines, placeInView } = await import("diglot/lines");
      return { line: placeInView(), top: Math.round(lines[placeInView()].getBoundingClientRect().top) };
    });
    for (const screen of [wide, narrow]) {
      for (const address of [url, `${url}?view=en`, `${url}?view=side`, `${url}?view=reveal#${await firstId()}`]) {
        await withPage(site, address, screen, async (tab) => {
          for (let step = 0; step < 12; step += 1) {
            await tab.evaluate(() => scrollBy({ top: innerHeight * 0.7, behavior: "instant" }));
            await tab.waitForTimeout(30);
          }
          await tab.waitForTimeout(600);
          const before = await place(tab);
          assert.ok(before.line > 20 && before.line < 199, `${address}: ${before.line}`);
          for (const go of [() => tab.reload(), async () => { await tab.goto(site.url); await tab.goBack(); }]) {
            await go();
            await tab.waitForTimeout(700);
            const now = await place(tab);
            assert.ok(now.line === before.line && Math.abs(now.top - before.top) < 4, `${address} at ${screen.viewport.width}: ${JSON.stringify([before, now])}`);
            assert.equal(await tab.locator(".return").count(), 0, "nothing to offer");
          }
        });
      }
    }
  });

  test("it can be sent away, and a link to a line comes first", async () => {
    await withPage(site, url, wide, async (tab) => {
      const id = await tab.evaluate(() => localStorage["diglot:at:" + location.pathname] = document.querySelectorAll(".t > div")[90].id);
      await tab.goto(`${url}#${id}`);
      await tab.reload();
      assert.equal(await tab.locator(".return").count(), 0);
      await tab.goto("about:blank");
      await tab.goto(url);
      await tab.locator(".return button").click();
      assert.equal(await tab.locator(".return").count(), 0);
    });
  });
});
