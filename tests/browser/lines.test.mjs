// Links to lines, what is copied of them, and old addresses.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { diglot, longestBilingual, openSite, withPage } from "./site.mjs";

const run = promisify(execFile);
const wide = { viewport: { width: 1280, height: 900 }, permissions: ["clipboard-read", "clipboard-write"] };
const narrow = { ...wide, viewport: { width: 360, height: 780 }, hasTouch: true };

let site;
let page;
before(async () => {
  site = await openSite();
  page = longestBilingual(site).url;
});
after(() => site?.close());

const line = (tab, at) => tab.locator(".t > div").nth(at);
const idOf = (tab, at) => line(tab, at).getAttribute("id");
const copied = (tab) => tab.evaluate(() => navigator.clipboard.readText());

/** Selects from within one line to within another, as a pointer does. */
async function select(tab, from, to) {
  await line(tab, from).scrollIntoViewIfNeeded();
  await tab.evaluate(([from, to]) => {
    const lines = document.querySelectorAll(".t > div");
    const text = (line) => line.querySelector("p").firstChild;
    getSelection().setBaseAndExtent(text(lines[from]), 1, text(lines[to]), 2);
  }, [from, to]);
  await tab.waitForTimeout(300);
}

describe("a link in the margin", () => {
  test("shows for the line under the pointer, the finger and the focus", async () => {
    await withPage(site, page, wide, async (tab) => {
      await line(tab, 2).locator("p").first().hover();
      assert.equal(await tab.locator(".link").getAttribute("href"), `#${await idOf(tab, 2)}`);
      await tab.mouse.move(0, 0);
      await tab.keyboard.press("j");
      const focused = await tab.evaluate(() => document.activeElement.id);
      assert.equal(await tab.locator(".link").getAttribute("href"), `#${focused}`);
      await tab.keyboard.press("y");
      await tab.waitForFunction((text) => navigator.clipboard.readText().then((found) => found === text), `${page}#${focused}`);
      await tab.keyboard.press("Enter");
      await tab.waitForFunction((hash) => location.hash === hash, `#${focused}`);
    });
    await withPage(site, page, narrow, async (tab) => {
      await line(tab, 1).locator("p").first().tap();
      assert.equal(await tab.locator(".link").getAttribute("href"), `#${await idOf(tab, 1)}`);
      const { width, height, x } = await tab.locator(".link").boundingBox();
      assert.ok(width >= 24 && height >= 24 && x + width <= 360, `${width} × ${height} at ${x}`);
    });
  });

  test("a click copies it", async () => {
    await withPage(site, page, wide, async (tab) => {
      await line(tab, 3).locator("p").first().hover();
      await tab.locator(".link").click();
      const id = await idOf(tab, 3);
      assert.equal(await copied(tab), `${page}#${id}`);
      assert.equal(new URL(tab.url()).hash, `#${id}`);
      assert.ok(await line(tab, 3).evaluate((line) => line.matches(".on")));
    });
  });
});

describe("selected lines", () => {
  test("give a link to them", async () => {
    for (const screen of [wide, narrow]) {
      await withPage(site, page, screen, async (tab) => {
        await select(tab, 2, 4);
        const tool = tab.locator(".pick");
        assert.equal(await tool.isVisible(), true);
        const box = await tool.boundingBox();
        assert.ok(box.x >= 0 && box.x + box.width <= screen.viewport.width, JSON.stringify(box));
        await tool.locator("[value=link]").click();
        assert.equal(await copied(tab), `${page}#${await idOf(tab, 2)}..${await idOf(tab, 4)}`);
        assert.notEqual(await tool.locator("[role=status]").innerText(), "");
        await tab.keyboard.press("Escape");
        assert.equal(await tool.isVisible(), false);
      });
    }
  });

  test("give a citation: both languages, who speaks, the episode and the address", async () => {
    await withPage(site, page, wide, async (tab) => {
      await select(tab, 1, 2);
      await tab.locator(".pick [value=cite]").click();
      const text = await copied(tab);
      const wanted = await tab.evaluate(() => {
        const words = (nodes) => [...nodes].map((node) => node.textContent.trim());
        const lines = [...document.querySelectorAll(".t > div")].slice(1, 3);
        return [...lines.flatMap((line) => words(line.querySelectorAll("p"))), ...lines.flatMap((line) => words(line.closest(".t").querySelectorAll(".w b"))), ...words(document.querySelectorAll("h1 span"))];
      });
      for (const words of wanted) assert.ok(text.includes(words), `${words} is not in ${text}`);
      assert.ok(text.endsWith(`${page}#${await idOf(tab, 1)}..${await idOf(tab, 2)}`));
    });
  });

  test("one line that is selected to its end is one line", async () => {
    await withPage(site, page, wide, async (tab) => {
      await line(tab, 2).scrollIntoViewIfNeeded();
      await tab.evaluate(() => {
        const lines = document.querySelectorAll(".t > div");
        getSelection().setBaseAndExtent(lines[2], 0, lines[3], 0);
      });
      await tab.waitForTimeout(300);
      await tab.locator(".pick [value=link]").click();
      assert.equal(await copied(tab), `${page}#${await idOf(tab, 2)}`);
    });
  });
});

describe("a link to several lines", () => {
  test("marks them and leads to the first", async () => {
    for (const screen of [wide, narrow]) {
      const [from, to] = await withPage(site, page, screen, async (tab) => [await idOf(tab, 20), await idOf(tab, 23)]);
      for (const hash of [`#${from}..${to}`, `#${to}..${from}`]) {
        await withPage(site, page + hash, screen, async (tab) => {
          await tab.waitForTimeout(300);
          const marked = await tab.evaluate(() => [...document.querySelectorAll(".t > div")].flatMap((line, at) => line.matches(".on") ? [at] : []));
          assert.deepEqual(marked, [20, 21, 22, 23]);
          const top = await line(tab, 20).evaluate((line) => line.getBoundingClientRect().top);
          assert.ok(top >= 0 && top < 400, `${top}`);
          assert.equal(new URL(tab.url()).hash, `#${from}..${to}`);
        });
      }
    }
  });

  test("one that leads nowhere does no harm", async () => {
    for (const hash of ["#nope..none", "#..", "#%E0%A4%A", "#a..b..c"]) {
      await withPage(site, page + hash, wide, async (tab) => {
        assert.equal(await tab.locator(".on").count(), 0);
      });
    }
  });
});

test("an old address leads to the line as it is now, with and without a script", async () => {
  const project = await mkdtemp(path.join(tmpdir(), "diglot-ids-"));
  const file = path.join(project, "content/s/a.txt");
  const texts = Array.from({ length: 60 }, (_, at) => `Ann: This is line ${at} of the talk.`);
  const write = async () => {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, `${texts.join("\n\n")}\n`);
  };
  try {
    await write();
    await run(diglot, ["ids", "--root", project]);
    const published = (await readFile(path.join(project, "content/s/a.ids"), "utf8")).split("\n").filter((line) => line && !line.startsWith("#"));
    assert.equal(published.length, 60);
    texts[40] = "Ann: This is what line forty says since it was edited.";
    await write();
    const own = await openSite({ files: [["content/s/a.txt", `${texts.join("\n\n")}\n`], ["content/s/a.ids", `${published.join("\n")}\n`]] });
    try {
      for (const javaScriptEnabled of [true, false]) {
        await withPage(own, `${own.url}s/a/#${published[40]}`, { viewport: wide.viewport, javaScriptEnabled }, async (tab) => {
          const look = () => tab.evaluate(() => {
            const line = document.querySelectorAll(".t > div")[40];
            return { text: line.innerText, id: line.id, top: line.getBoundingClientRect().top, shade: getComputedStyle(line).backgroundColor };
          });
          // A browser goes to a fragment by itself in one of the frames after the page has loaded.
          let seen = await look();
          for (let tries = 0; seen.top >= 900 && tries < 50; tries++) {
            await tab.waitForTimeout(100);
            seen = await look();
          }
          assert.match(seen.text, /edited/);
          assert.notEqual(seen.id, published[40]);
          assert.ok(seen.top >= 0 && seen.top < 900, `with a script: ${javaScriptEnabled}, top: ${seen.top}`);
          assert.notEqual(seen.shade, "rgba(0, 0, 0, 0)");
          if (javaScriptEnabled) assert.equal(new URL(tab.url()).hash, `#${seen.id}`);
        });
      }
    } finally {
      await own.close();
    }
  } finally {
    await rm(project, { recursive: true, force: true });
  }
});
