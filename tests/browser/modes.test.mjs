import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { openModes, openSite, withPage } from "./site.mjs";
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

const chosen = (tab) => tab.locator(".modes input:checked").inputValue();
const view = (tab) => new URL(tab.url()).searchParams.get("view");

/** What of a line can be read: its texts that have a place on the page, as a reader sees them. */
function readable(tab, line) {
  return tab.evaluate(async (line) => {
    const cue = document.querySelectorAll("#transcript .t > div")[line];
    // In columns a line's texts are no longer within it.
    const texts = document.querySelector(".col") ? (await import("diglot/lines")).textsOf(cue) : [...cue.querySelectorAll("p")];
    return texts.filter((text) => text.checkVisibility({ contentVisibilityAuto: false })).map((text) => text.lang);
  }, line);
}

async function choose(tab, mode) {
  await openModes(tab);
  await tab.locator(`.modes label:has(input[value="${mode}"])`).click();
}

describe("the address says how to read", () => {
  for (const [mode, lines] of [["en", ["en"]], ["zh-Hans", ["zh-Hans"]], ["reveal", ["zh-Hans"]], ["verbatim", ["zh-Hans", "en"]], ["side", ["zh-Hans", "en"]], ["nonsense", ["zh-Hans", "en"]]]) {
    test(`?view=${mode}`, async () => {
      await withPage(site, `${url}?view=${mode}`, wide, async (tab) => {
        assert.equal(await chosen(tab), mode === "nonsense" ? "lines" : mode);
        assert.deepEqual(await readable(tab, 0), lines);
        assert.equal(await tab.evaluate(() => localStorage["diglot:view"]), undefined, "a link changes no habit");
      });
    });
  }

  test("what is chosen stands in the address and is there the next time", async () => {
    await withPage(site, url, wide, async (tab) => {
      await choose(tab, "en");
      assert.equal(view(tab), "en");
      await choose(tab, "lines");
      assert.equal(view(tab), null);
      await choose(tab, "verbatim");
      await tab.goto(url);
      assert.equal(await chosen(tab), "verbatim");
    });
  });

  test("it holds before anything is painted: nothing moves", async () => {
    for (const screen of [wide, narrow, { ...wide, viewport: { width: 768, height: 1000 } }]) {
      for (const query of ["", "?view=en", "?view=reveal", "?view=side"]) {
        await withPage(site, url + query, { ...screen, locale: "en-US" }, async (tab) => {
          const moved = await tab.evaluate(() => new Promise((found) => {
            let sum = 0;
            new PerformanceObserver((list) => { for (const entry of list.getEntries()) sum += entry.value }).observe({ type: "layout-shift", buffered: true });
            setTimeout(() => found(sum), 400);
          }));
          assert.ok(moved < 0.001, `${query} at ${screen.viewport.width}: ${moved}`);
        });
      }
    }
  });
});

test("side by side, a tablet gives the margin to the columns: names stand above", async () => {
  for (const [width, above] of [[768, true], [1100, true], [1280, false]]) {
    await withPage(site, `${url}?view=side`, { viewport: { width, height: 1000 }, locale: "zh-CN" }, async (tab) => {
      const found = await tab.evaluate(() => {
        const rect = (selector) => document.querySelector(`.t ${selector}`).getBoundingClientRect();
        return { name: rect(".w"), first: rect("div > p"), second: rect(".col p"), column: rect(".col"), wide: document.documentElement.scrollWidth > innerWidth };
      });
      assert.equal(found.name.bottom <= found.first.top + 1, above, `at ${width}`);
      assert.ok(Math.abs(found.first.top - found.second.top) < 4);
      assert.ok(found.first.right < found.second.left && found.column.width > 300 && !found.wide, JSON.stringify(found));
    });
  }
});

describe("by keyboard", () => {
  test("v goes to the next way to read, V to the one before", async () => {
    await withPage(site, url, wide, async (tab) => {
      const seen = [];
      for (let presses = 0; presses < 6; presses += 1) {
        await tab.keyboard.press("v");
        seen.push(await chosen(tab));
      }
      assert.deepEqual(seen, ["side", "zh-Hans", "en", "reveal", "verbatim", "lines"]);
      await tab.keyboard.press("Shift+V");
      assert.equal(await chosen(tab), "verbatim");
    });
  });

  test("on a narrow screen it passes over what is not offered there", async () => {
    await withPage(site, url, narrow, async (tab) => {
      await tab.keyboard.press("v");
      assert.equal(await chosen(tab), "zh-Hans");
    });
  });

  test("the arrows choose within the control", async () => {
    await withPage(site, url, wide, async (tab) => {
      await tab.locator("#mode-lines").focus();
      await tab.keyboard.press("ArrowRight");
      await tab.keyboard.press("ArrowRight");
      assert.equal(await chosen(tab), "zh-Hans");
      assert.equal(view(tab), "zh-Hans");
    });
  });
});

describe("reveal", () => {
  for (const [name, screen] of [["a click", wide], ["a tap", narrow]]) {
    test(`${name} shows a line's translation, another hides it`, async () => {
      await withPage(site, `${url}?view=reveal`, screen, async (tab) => {
        const line = tab.locator(".t > div").nth(6);
        const press = () => screen.hasTouch ? line.locator("p").first().tap() : line.locator("p").first().click();
        await press();
        assert.deepEqual(await readable(tab, 6), ["zh-Hans", "en"]);
        assert.deepEqual(await readable(tab, 7), ["zh-Hans"]);
        await press();
        assert.deepEqual(await readable(tab, 6), ["zh-Hans"]);
      });
    });
  }

  test("by keyboard: one stop for the text, arrows from line to line, Enter shows", async () => {
    await withPage(site, `${url}?view=reveal`, wide, async (tab) => {
      assert.equal(await tab.locator('.t > div[tabindex="0"]').count(), 1);
      await tab.locator('.t > div[tabindex="0"]').focus();
      await tab.keyboard.press("ArrowDown");
      await tab.keyboard.press("ArrowDown");
      await tab.keyboard.press("Enter");
      assert.deepEqual(await readable(tab, 3), ["zh-Hans", "en"], "the listener's word in between is passed over");
      await tab.keyboard.press("ArrowUp");
      await tab.keyboard.press("Space");
      assert.deepEqual(await readable(tab, 2), ["zh-Hans", "en"]);
    });
  });

  test("chosen once more it puts the other language first, and says which", async () => {
    await withPage(site, url, wide, async (tab) => {
      await choose(tab, "reveal");
      assert.deepEqual(await readable(tab, 0), ["zh-Hans"]);
      await choose(tab, "reveal");
      assert.deepEqual(await readable(tab, 0), ["en"]);
      const said = await tab.locator("#mode-reveal + span").evaluate((label) => getComputedStyle(label, "::after").content);
      assert.match(said, /English/);
    });
  });

  test("the language last read alone is the one that stands first", async () => {
    await withPage(site, url, wide, async (tab) => {
      await choose(tab, "en");
      await choose(tab, "reveal");
      assert.deepEqual(await readable(tab, 0), ["en"]);
      await tab.reload();
      assert.deepEqual(await readable(tab, 0), ["en"]);
    });
  });
});

describe("what a listener says within a turn", () => {
  for (const mode of ["lines", "side", "en", "reveal"]) {
    test(`is folded into a mark, and opens: ${mode}`, async () => {
      await withPage(site, `${url}?view=${mode}`, wide, async (tab) => {
        assert.deepEqual(await readable(tab, 1), []);
        const mark = tab.locator(".b summary");
        const box = await mark.boundingBox();
        assert.ok(box.width >= 24 && box.height >= 20 && box.height < 40, JSON.stringify(box));
        await mark.click();
        const shown = { en: ["en"], reveal: ["zh-Hans"] }[mode] ?? ["zh-Hans", "en"];
        assert.deepEqual(await readable(tab, 1), shown);
        assert.match(await mark.innerText(), /Speaker 1/, "the open mark says whose it is");
      });
    });
  }

  test("takes no line of its own in prose", async () => {
    await withPage(site, `${url}?view=en`, wide, async (tab) => {
      const tops = await tab.evaluate(() => {
        const cues = [...document.querySelectorAll(".t > div")].slice(0, 3);
        return cues.map((cue) => (cue.querySelector("summary") ?? cue.querySelector('[lang="en"]')).getClientRects()[0].top);
      });
      assert.ok(Math.max(...tops) - Math.min(...tops) < 14, tops.join());
    });
  });

  test("verbatim it is a line like any other, and folds again after", async () => {
    for (const javaScriptEnabled of [true, false]) {
      await withPage(site, url, { ...wide, javaScriptEnabled }, async (tab) => {
        await choose(tab, "verbatim");
        const box = await tab.locator(".b p").first().boundingBox();
        assert.ok(box?.height > 10, `with scripts: ${javaScriptEnabled}`);
        if (!javaScriptEnabled) return;
        assert.deepEqual(await readable(tab, 1), ["zh-Hans", "en"]);
        await choose(tab, "lines");
        assert.deepEqual(await readable(tab, 1), []);
      });
    }
  });

  test("a link to it opens it", async () => {
    const id = await withPage(site, url, wide, (tab) => tab.locator(".b").first().getAttribute("id"));
    await withPage(site, `${url}#${id}`, wide, async (tab) => {
      assert.deepEqual(await readable(tab, 1), ["zh-Hans", "en"]);
    });
  });
});

test("a sentence that another ends stands close to its end, with marks that are no text", async () => {
  await withPage(site, url, wide, async (tab) => {
    const found = await tab.evaluate(() => {
      const [, , first, second, third] = document.querySelectorAll(".t");
      const gap = (above, below) => below.getBoundingClientRect().top - above.getBoundingClientRect().bottom;
      return {
        cut: gap(first, second), plain: gap(second, third),
        before: getComputedStyle(first.querySelector("div:last-child > p"), "::after").content,
        text: first.innerText.includes("…"),
      };
    });
    assert.ok(found.cut < found.plain - 6, JSON.stringify(found));
    assert.match(found.before, /…/);
    assert.equal(found.text, false);
  });
});

describe("the words of the interface", () => {
  const words = (tab) => tab.locator(".contents summary").innerText();

  for (const [locale, expected] of [["zh-CN", "目录"], ["zh-SG", "目录"], ["en-GB", "Contents"], ["fr-FR", "目录"]]) {
    test(`are in the reader's language: ${locale}`, async () => {
      await withPage(site, url, { ...wide, locale }, async (tab) => assert.match(await words(tab), new RegExp(expected)));
    });
  }

  test("follow the one language that is read", async () => {
    await withPage(site, url, wide, async (tab) => {
      assert.match(await words(tab), /目录/);
      await choose(tab, "en");
      assert.match(await words(tab), /Contents/);
      assert.equal((await tab.locator(".contents summary .u:visible").count()), 1);
      await tab.goto(site.url);
      assert.match(await tab.locator(".site-head nav").innerText(), /Episodes/, "also on other pages");
      await tab.goto(url);
      await choose(tab, "lines");
      assert.match(await words(tab), /目录/);
    });
  });

  test("are in the site's first language without a script", async () => {
    await withPage(site, url, { ...wide, locale: "en-GB", javaScriptEnabled: false }, async (tab) => {
      assert.match(await words(tab), /目录/);
      assert.equal(await tab.locator(".js:visible").count(), 0, "nothing is offered that needs one");
    });
  });
});

test("without a script both languages and each alone can be read, at every width", async () => {
  for (const width of [360, 768, 1280]) {
    await withPage(site, url, { viewport: { width, height: 800 }, javaScriptEnabled: false }, async (tab) => {
      assert.deepEqual(await readable(tab, 0), ["zh-Hans", "en"]);
      for (const mode of ["en", "zh-Hans"]) {
        await choose(tab, mode);
        assert.deepEqual(await readable(tab, 0), [mode], `${mode} at ${width}`);
        assert.deepEqual(await readable(tab, talk.length - 1), [mode]);
      }
    });
  }
});

test("at 200 % nothing is cut off, in any way to read", async () => {
  await withPage(site, url, { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 }, async (tab) => {
    await tab.addStyleTag({ content: ".t { content-visibility: visible !important }" });
    for (const mode of ["lines", "zh-Hans", "en", "reveal", "verbatim"]) {
      await choose(tab, mode);
      assert.ok(await tab.evaluate(() => document.documentElement.scrollWidth <= 640), mode);
    }
  });
});

test("forced colours keep the marks and say which way is chosen", async () => {
  await withPage(site, url, { ...wide, forcedColors: "active" }, async (tab) => {
    const found = await tab.evaluate(() => {
      const of = (selector, pseudo) => getComputedStyle(document.querySelector(selector), pseudo);
      return {
        mark: of(".t", "::before").borderTopColor,
        paper: getComputedStyle(document.body).backgroundColor,
        chosen: of(".modes :checked + span").textDecorationLine,
        other: of(".modes input:not(:checked) + span").textDecorationLine,
      };
    });
    assert.notEqual(found.mark, found.paper);
    assert.deepEqual([found.chosen, found.other], ["underline", "none"]);
  });
});

test("reduced motion: the bar does not slide", async () => {
  await withPage(site, url, { ...narrow, reducedMotion: "reduce" }, async (tab) => {
    assert.match(await tab.locator(".bar").evaluate((bar) => getComputedStyle(bar).transitionDuration), /^0s/);
  });
});

test("printed, it is a script: every line in both languages, names, nothing to press", async () => {
  await withPage(site, url, wide, async (tab) => {
    await tab.emulateMedia({ media: "print" });
    const found = await tab.evaluate(() => {
      const height = (selector) => document.querySelector(selector)?.getBoundingClientRect().height ?? 0;
      const cues = [...document.querySelectorAll(".t > div")];
      const lines = cues.map((cue) => [...cue.querySelectorAll("p")].filter((text) => text.getBoundingClientRect().height > 4).length);
      return { bar: height(".bar"), name: height(".t .w"), listener: height(".b summary b"), lines: new Set(lines).size === 1 && lines[0] };
    });
    assert.equal(found.bar, 0);
    assert.ok(found.name > 5 && found.listener > 5, JSON.stringify(found));
    assert.equal(found.lines, 2);
  });
});
