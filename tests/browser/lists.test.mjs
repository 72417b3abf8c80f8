import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { openSite, withPage } from "./site.mjs";

let site;
before(async () => { site = await openSite(); });
after(() => site?.close());

const input = ".sifter input";
const shown = (tab) => tab.locator(".card:visible .title").allInnerTexts();
const dates = (tab) => tab.locator(".card:visible time").evaluateAll((times) => times.map((time) => time.dateTime));

test("what is typed narrows the list, in either language and whatever its width", async () => {
  await withPage(site, `${site.url}episodes/`, {}, async (tab) => {
    const all = (await shown(tab)).length;
    assert.ok(all > 4, `${all} episodes`);
    for (const [typed, wanted] of [["LID", /Lid/], ["锅盖", /锅盖/], ["ｌｉｄ", /Lid/], ["2026 lid", /Lid/]]) {
      await tab.fill(input, typed);
      const left = await shown(tab);
      assert.ok(left.length > 0 && left.length < all, `${typed}: ${left.length} of ${all}`);
      assert.ok(left.some((title) => wanted.test(title)), `${typed}: ${left}`);
      const said = await tab.locator(".sifter output").innerText();
      assert.ok(said.includes(String(left.length)) && said.includes(String(all)), said);
    }
    await tab.fill(input, "no such words");
    assert.equal((await shown(tab)).length, 0);
    assert.notEqual(await tab.locator(".sifter output").innerText(), "");
    assert.equal(await tab.locator(".group:visible").count(), 0, "a year with nothing left is not shown");
    await tab.press(input, "Escape");
    assert.equal((await shown(tab)).length, all);
  });
});

test("a list is ordered by choice and goes back to what it was", async () => {
  await withPage(site, `${site.url}episodes/`, {}, async (tab) => {
    const before = await shown(tab);
    const days = await dates(tab);
    await tab.selectOption(".sifter select", "old");
    assert.deepEqual(await dates(tab), days.toReversed());
    await tab.selectOption(".sifter select", "title");
    const titles = await tab.locator(".card .title span:first-child").allInnerTexts();
    assert.deepEqual(titles, titles.toSorted(new Intl.Collator("zh-Hans", { numeric: true }).compare));
    assert.equal(await tab.locator(".group h2:visible").count(), 0, "no year heads what is not by year");
    await tab.selectOption(".sifter select", "new");
    assert.deepEqual(await shown(tab), before);
    assert.ok(await tab.locator(".group h2:visible").count() > 1);
  });
});

test("the address keeps what was typed and chosen", async () => {
  const address = await withPage(site, `${site.url}episodes/`, {}, async (tab) => {
    await tab.keyboard.press("/");
    assert.ok(await tab.locator(input).evaluate((field) => field === document.activeElement));
    await tab.keyboard.type("the");
    await tab.selectOption(".sifter select", "old");
    return { url: tab.url(), titles: await shown(tab) };
  });
  assert.match(address.url, /\?q=the&sort=old$/);
  await withPage(site, address.url, {}, async (tab) => assert.deepEqual(await shown(tab), address.titles));
});

test("without a script a list stands whole, with no control that does nothing", async () => {
  await withPage(site, `${site.url}episodes/`, { javaScriptEnabled: false }, async (tab) => {
    assert.ok((await tab.locator(".card").count()) > 4);
    assert.equal(await tab.locator("main input, main select").count(), 0);
    assert.equal(await tab.locator(".sifter").evaluate((sifter) => sifter.offsetHeight), 0);
  });
});

test("the room of the controls is kept: nothing moves when they come", async () => {
  for (const width of [360, 768, 1280]) {
    for (const page of ["episodes/", "quotes/", "tags/"]) {
      await withPage(site, site.url + page, { viewport: { width, height: 900 } }, async (tab) => {
        const sifter = tab.locator(".sifter");
        if (await sifter.count() === 0) return;
        const [whole, kept] = await sifter.evaluate((element) => [element.offsetHeight, parseFloat(getComputedStyle(element).minHeight)]);
        assert.ok(whole <= Math.ceil(kept), `${page} at ${width}: ${whole} of ${kept}`);
        const over = await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        assert.ok(over <= 0, `${page} at ${width} is ${over} pixels too wide`);
      });
    }
  }
});

test("the page for lost addresses leads to the newest episodes", async () => {
  await withPage(site, `${site.url}404.html`, {}, async (tab) => {
    assert.equal(await tab.locator(".card").count(), 3);
    const href = await tab.locator(".card .title a").first().getAttribute("href");
    await tab.goto(`${site.url}episodes/`);
    assert.equal(await tab.locator(".card .title a").first().getAttribute("href"), href);
  });
});

test("a phone has the list's tools in one line, and in a card names in one language", async () => {
  for (const locale of ["zh-CN", "en-US"]) {
    await withPage(site, `${site.url}episodes/`, { viewport: { width: 360, height: 780 }, hasTouch: true, isMobile: true, locale }, async (tab) => {
      const tops = await tab.locator(".sifter :is(input, select)").evaluateAll((tools) => tools.map((tool) => Math.round(tool.getBoundingClientRect().top)));
      assert.equal(new Set(tops).size, 1, `${tops}`);
      const langs = await tab.locator(".card .voice").first().locator("span:visible").evaluateAll((names) => names.map((name) => name.lang));
      assert.deepEqual(langs, [locale === "en-US" ? "en" : "zh-Hans"], "the reader's own");
    });
  }
});

test("a dot stands between facts, never at the end of a line", async () => {
  await withPage(site, `${site.url}episodes/`, { viewport: { width: 320, height: 780 } }, async (tab) => {
    const ends = await tab.locator(".facts").evaluateAll((lists) => lists.flatMap((list) => [...list.children].map((fact) => {
      const dot = getComputedStyle(fact, "::before");
      return { after: getComputedStyle(fact, "::after").content, at: dot.position, left: fact.getBoundingClientRect().left + parseFloat(dot.left) - list.getBoundingClientRect().left };
    })));
    assert.ok(ends.some(({ left }) => left > 0) && ends.some(({ left }) => left < 0));
    for (const { after, at, left } of ends) {
      assert.equal(after, "none");
      assert.equal(at, "absolute");
      // In front of the first of a line it is out of the list, which is cut there.
      assert.ok(left > 0 || left < -8, `${left}`);
    }
  });
});
