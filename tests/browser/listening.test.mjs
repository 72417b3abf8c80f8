// The player: what leads the sound where, and what the sound leads to.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { openSite, silence, withPage } from "./site.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const wide = { viewport: { width: 1280, height: 800 } };
const narrow = { viewport: { width: 360, height: 780 }, hasTouch: true };

const clock = (seconds) => `00:${String(Math.floor(seconds / 60)).padStart(2, "0")}:${(seconds % 60).toFixed(3).padStart(6, "0")}`;
/** A track of `count` lines, one every `every` seconds from `first` on. */
function track(count, every, first, text) {
  const cues = Array.from({ length: count }, (_, at) =>
    `${clock(first + at * every)} --> ${clock(first + at * every + every)}\n<v ${at % 6 < 4 ? "Ann" : "Bo"}>${text(at)}`);
  return `WEBVTT\n\n${cues.join("\n\n")}\n`;
}
const things = ["lamp", "boat", "stone", "noodle", "window", "letter", "kettle", "harbour", "winter", "ladder"];
const dinge = ["灯", "船", "石头", "面条", "窗户", "信", "水壶", "港口", "冬天", "梯子"];
const english = (at) => `Line ${at} is about the ${things[at % 10]} of house ${at}.`;
const chinese = (at) => `第 ${at} 句说的是 ${at} 号房子的${dinge[at % 10]}。`;

let site;
let page;
before(async () => {
  site = await openSite({ files: [
    ["site.toml", "languages = [\"zh-Hans\", \"en\"]\n"],
    // The dubbed recording is slower: 3 seconds a line, from second 1 on, where the original takes 2.
    ["content/s/two/episode.md", "+++\ntitle = \"Two\"\n[audio]\n\"zh-Hans\" = \"a.wav\"\nen = \"b.wav\"\n+++\n"],
    ["content/s/two/transcript.zh-Hans.vtt", track(60, 2, 0, chinese)],
    ["content/s/two/transcript.en.vtt", track(60, 3, 1, english)],
    ["content/s/two/a.wav", silence(125)],
    ["content/s/two/b.wav", silence(185)],
    ["content/s/one/episode.md", "+++\ntitle = \"One\"\naudio = \"lost.mp3\"\n+++\n"],
    ["content/s/one/transcript.txt", "Ann: Nothing here has a time.\n\nBo: No.\n"],
    ["content/s/one/lost.mp3", "this is no recording"],
    ["content/s/none.txt", "Ann: Nothing to hear.\n"],
    ["content/s/far.md", "+++\ntitle = \"Far\"\nlinks = [\"https://example.org/watch\"]\n+++\nAnn: It is elsewhere.\n"],
  ] });
  page = `${site.url}s/two/`;
});
after(() => site?.close());

const time = (tab) => tab.evaluate(() => document.querySelector("audio").currentTime);
const said = (tab) => tab.evaluate(() => [...document.querySelectorAll(".t [id]")].findIndex((line) => line.matches(".now")));
const line = (tab, at) => tab.locator(".t > div").nth(at);
const near = (found, wanted, by = 0.3) => assert.ok(Math.abs(found - wanted) <= by, `${found} is not ${wanted}`);
const settled = (tab) => tab.waitForTimeout(400);
const playing = (tab) => tab.waitForFunction(() => document.querySelector("audio").played.length > 0 && !document.querySelector("audio").paused);

describe("where the sound goes", () => {
  test("a click on a time plays from there, one on a line leads there", async () => {
    await withPage(site, page, wide, async (tab) => {
      await tab.locator(".at").nth(1).click();
      await playing(tab);
      const from = await said(tab);
      assert.ok(from >= 4 && from <= 5, `line ${from}`);
      await line(tab, 9).locator("p").first().click();
      await settled(tab);
      near(await time(tab), 18, 1);
      assert.equal(await said(tab), 9);
    });
  });

  test("a tap on a line leads there", async () => {
    await withPage(site, page, narrow, async (tab) => {
      await line(tab, 2).locator("p").first().tap();
      await settled(tab);
      near(await time(tab), 4);
      assert.equal(await said(tab), 2);
    });
  });

  test("selecting words leads nowhere", async () => {
    await withPage(site, page, wide, async (tab) => {
      await line(tab, 3).locator("p").first().dblclick();
      await settled(tab);
      near(await time(tab), 0);
    });
  });

  test("keys: Enter on a line, j and k, arrows, space, speed", async () => {
    await withPage(site, page, wide, async (tab) => {
      const scrolled = await tab.evaluate(() => scrollY);
      await tab.keyboard.press("Space");
      await settled(tab);
      assert.ok(await tab.evaluate(() => scrollY) > scrolled, "before anything is heard the space bar scrolls");
      await tab.evaluate(() => scrollTo(0, 0));
      for (let at = 0; at < 3; at += 1) await tab.keyboard.press("j");
      await tab.keyboard.press("k");
      await tab.keyboard.press("Enter");
      await playing(tab);
      const at = await said(tab);
      assert.ok(at >= 1 && at <= 2, `line ${at}`);
      await tab.keyboard.press("Space");
      await tab.waitForFunction(() => document.querySelector("audio").paused);
      const here = await time(tab);
      await tab.keyboard.press("ArrowRight");
      near(await time(tab), here + 5);
      await tab.keyboard.press("ArrowLeft");
      near(await time(tab), here);
      await tab.keyboard.press("j");
      assert.equal(await said(tab), at + 1);
      await tab.keyboard.press(">");
      assert.equal(await tab.evaluate(() => document.querySelector("audio").playbackRate), 1.25);
    });
  });

  test("the address says where it starts", async () => {
    for (const [address, wanted] of [["?t=41", 41], ["?t=0:41", 41], ["?t=1m1s", 61], ["?t=nonsense", 0]]) {
      await withPage(site, page + address, wide, async (tab) => near(await time(tab), wanted));
    }
    const id = await withPage(site, page, wide, (tab) => line(tab, 30).getAttribute("id"));
    await withPage(site, `${page}#${id}`, wide, async (tab) => {
      near(await time(tab), 60);
      assert.equal(await said(tab), 30);
    });
  });

  test("it goes on where one was, at the speed one had", async () => {
    await withPage(site, page, wide, async (tab) => {
      await tab.locator(".player select").selectOption("1.5");
      await tab.locator(".at").nth(3).click();
      await playing(tab);
      await tab.evaluate(() => document.querySelector("audio").pause());
      await settled(tab);
      const left = await time(tab);
      await tab.reload();
      await settled(tab);
      near(await time(tab), left);
      assert.equal(await tab.evaluate(() => document.querySelector("audio").playbackRate), 1.5);
    });
  });
});

describe("what the sound leads to", () => {
  test("the line being said is marked and followed, until one scrolls, and again when asked", async () => {
    await withPage(site, page, wide, async (tab) => {
      await line(tab, 20).locator("p").first().click();
      await settled(tab);
      await tab.evaluate(() => { document.querySelector("audio").playbackRate = 2; document.querySelector("audio").play() });
      await tab.waitForFunction(() => [...document.querySelectorAll(".t > div")].findIndex((one) => one.matches(".now")) >= 26, null, { timeout: 15000 });
      const inView = () => tab.evaluate(() => {
        const { top, bottom } = document.querySelector(".now").getBoundingClientRect();
        return top >= 0 && bottom <= document.querySelector(".player").getBoundingClientRect().top;
      });
      await tab.waitForTimeout(700);
      assert.ok(await inView(), "it is followed");
      const back = tab.locator(".player [value=follow]");
      assert.equal(await back.isVisible(), false);
      await tab.mouse.move(600, 300);
      await tab.mouse.wheel(0, -1500);
      await tab.waitForTimeout(300);
      const top = await tab.evaluate(() => scrollY);
      await tab.waitForTimeout(2500);
      near(await tab.evaluate(() => scrollY), top, 2);
      assert.equal(await back.isVisible(), true);
      await back.click();
      await tab.waitForTimeout(900);
      assert.ok(await inView(), "and again");
      assert.equal(await back.isVisible(), false);
    });
  });

  test("the other recording goes on at the same place of the same line", async () => {
    await withPage(site, page, wide, async (tab) => {
      await tab.goto(`${page}?t=41`);
      const english = tab.getByRole("button", { name: "English" });
      assert.equal(await english.getAttribute("aria-pressed"), "false");
      await english.click();
      await settled(tab);
      // Half of line 20: second 41 of the original, 1 + 60 + 1.5 of the dubbed one.
      near(await time(tab), 62.5);
      assert.equal(await said(tab), 20);
      assert.equal(await english.getAttribute("aria-pressed"), "true");
      await tab.evaluate(() => document.querySelector("audio").play());
      await playing(tab);
      await tab.getByRole("button", { name: "简体中文" }).or(tab.locator(".dubs a").first()).first().click();
      await settled(tab);
      assert.ok(Math.abs(await time(tab) - 41) < 2);
      assert.equal(await tab.evaluate(() => document.querySelector("audio").paused), false, "and plays on");
    });
  });

  test("captions are there, in each language", async () => {
    await withPage(site, page, wide, async (tab) => {
      const tracks = await tab.evaluate(() => [...document.querySelectorAll("track")].map((track) => [track.kind, track.srclang]));
      assert.deepEqual(tracks, [["captions", "zh-Hans"], ["subtitles", "en"]]);
      const count = await tab.evaluate(() => new Promise((done) => {
        const element = document.querySelector("track");
        element.addEventListener("load", () => done(element.track.cues.length));
        element.track.mode = "hidden";
      }));
      assert.equal(count, 60);
    });
  });

  test("the system's own controls know what is on", async () => {
    await withPage(site, page, wide, async (tab) => {
      await tab.evaluate(() => document.querySelector("audio").play());
      await playing(tab);
      assert.equal(await tab.evaluate(() => navigator.mediaSession.metadata.title), "Two");
    });
  });
});

describe("without", () => {
  test("without a script the recordings can be heard, and nothing is offered that does nothing", async () => {
    await withPage(site, page, { ...wide, javaScriptEnabled: false }, async (tab) => {
      assert.equal(await tab.locator("audio[controls]").isVisible(), true);
      assert.equal(await tab.locator(".dubs a").nth(1).getAttribute("href").then((href) => href.endsWith("b.wav")), true);
      for (const name of [".player button", ".player select", ".finder"]) {
        for (const one of await tab.locator(name).all()) assert.equal(await one.isVisible(), false, name);
      }
    });
  });

  test("a page with nothing to hear has no player and no script of one", async () => {
    for (const name of ["none", "far"]) {
      await withPage(site, `${site.url}s/${name}/`, wide, async (tab) => {
        assert.equal(await tab.locator("audio, .player, [src*=player], [href*=player]").count(), 0, name);
      });
    }
  });

  test("a recording that does not play leaves a link to it", async () => {
    await withPage(site, `${site.url}s/one/`, wide, async (tab) => {
      await tab.evaluate(() => document.querySelector("audio").play().catch(() => {}));
      await tab.waitForFunction(() => !document.querySelector(".fails").hidden);
      assert.equal(await tab.locator("audio").isVisible(), false);
      assert.match(await tab.locator(".fails a").getAttribute("href"), /lost\.mp3$/);
    });
  });

  test("the player hides no line that is focused, and stays on the screen", async () => {
    for (const screen of [wide, narrow]) {
      await withPage(site, page, screen, async (tab) => {
        for (const part of [0, 0.5]) {
          await tab.evaluate((part) => scrollTo(0, document.body.scrollHeight * part), part);
          await settled(tab);
          const { bottom, height } = await tab.evaluate(() => {
            const { bottom } = document.querySelector(".player").getBoundingClientRect();
            return { bottom, height: innerHeight };
          });
          near(bottom, height, 1);
        }
        for (let at = 0; at < 12; at += 1) await tab.keyboard.press("j");
        await tab.waitForTimeout(600);
        const free = await tab.evaluate(() => document.activeElement.getBoundingClientRect().bottom < document.querySelector(".player").getBoundingClientRect().top);
        assert.ok(free);
        assert.ok(await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing sticks out");
      });
    }
  });

  test("axe finds nothing, light and dark, while a line is said", async () => {
    for (const colorScheme of ["light", "dark"]) {
      await withPage(site, `${page}?t=9`, { ...wide, colorScheme }, async (tab) => {
        await tab.addStyleTag({ content: ".t { content-visibility: visible !important }" });
        await tab.evaluate(axe);
        const { violations } = await tab.evaluate(() => globalThis.axe.run());
        assert.deepEqual(violations.map((one) => [one.id, one.nodes.map((node) => node.target)]), []);
      });
    }
  });
});
