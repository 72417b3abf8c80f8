// The preview in a browser: what reloads and what does not, the line that is kept, and what is wrong.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import axe from "axe-core";
import { openServed } from "./served.mjs";

const lines = (words, count = 120) => Array.from({ length: count }, (_, n) =>
  `${n % 2 ? "Ada" : "Bo"}: Line ${n} ${words}, and it goes on for a while so that it fills more than a row of the page.\n`).join("\n");
const episode = (title, body) => `---\ntitle: ${title}\nspeakers: [Ada, Bo]\n---\n\n${body}`;

const files = [
  ["site.toml", `title = "Lamps"\nbase_url = "https://example.org/lamps/"\nlanguages = ["en"]\n`],
  ["content/show/001-one.md", episode("One", lines("first"))],
  ["content/show/002-two.md", episode("Two", lines("second"))],
  ["static/picture.svg", `<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>`],
  ["templates/404.html", `{% extends "base.html" %}{% block content %}<h1>Lost</h1><img src="/lamps/picture.svg" alt="">{% endblock content %}`],
  ["static/diglot.css", "body { color: rgb(1, 2, 3); font: 16px/1.5 sans-serif }\n"],
];

let site;
before(async () => { site = await openServed(files); });
after(() => site?.close());

/** A page that is open and listens. */
async function open(path, options) {
  const tab = await (await site.browser.newContext({ viewport: { width: 900, height: 700 }, ...options })).newPage();
  const listens = tab.waitForResponse((response) => response.url().includes(".diglot/events"));
  await tab.goto(site.url + path);
  await listens;
  await tab.evaluate(() => { window.isTheSame = true; });
  return tab;
}

const isTheSame = (tab) => tab.evaluate(() => window.isTheSame === true);

test("only the page that changed reloads, and it keeps the line it was at", async () => {
  const [one, two] = [await open("show/001-one/"), await open("show/002-two/")];
  const at = (number) => one.evaluate((number) => {
    const line = [...document.querySelectorAll("main [id]")].find((line) => line.textContent.includes(`Line ${number} `) && !line.querySelector("[id]"));
    return line.getBoundingClientRect().top;
  }, number);
  await one.evaluate(() => {
    const line = [...document.querySelectorAll("main [id]")].find((line) => line.textContent.includes("Line 60 ") && !line.querySelector("[id]"));
    scrollBy({ top: line.getBoundingClientRect().top - 100, behavior: "instant" });
  });
  const before = await at(60);
  assert.ok(Math.abs(before - 100) < 2, `${before}`);
  // Lines above it come and go, and the page is another length.
  const text = lines("first").split("\n\n");
  const next = [...Array.from({ length: 25 }, (_, n) => `Ada: A line put in before, number ${n}, which is as long as others are here.`), ...text.slice(10)];
  await site.write("content/show/001-one.md", episode("One", next.join("\n\n")));
  await one.waitForFunction(() => window.isTheSame !== true && document.body.textContent.includes("put in before"));
  await one.waitForLoadState("load");
  const after = await at(60);
  assert.ok(Math.abs(after - before) < 3, `the line was at ${before} and is at ${after}`);
  assert.ok(await isTheSame(two), "the other page reloaded");
  await one.context().close();
  await two.context().close();
});

/** Whether a page that was brought up to date says what one says that is opened now, addresses and all. */
async function looksReloaded(tab, path) {
  const fresh = await open(path);
  const said = (page) => page.evaluate(() => [...document.querySelectorAll("main [id], main a[href^='#']")].map((element) => [
    element.id, element.getAttribute("href"), element.childElementCount ? "" : element.textContent,
  ].join(" ")).join("\n"));
  assert.equal(await said(tab), await said(fresh));
  await fresh.context().close();
}

test("words in a page that a script has changed, and words that scripts copy, come by a reload", async () => {
  const tab = await open("show/002-two/");
  await tab.waitForTimeout(500);
  await tab.evaluate(() => {
    const line = [...document.querySelectorAll("main [id]")].find((line) => line.textContent.includes("Line 7 ") && !line.querySelector("[id]"));
    line.append(document.createElement("i"));
  });
  await site.write("content/show/002-two.md", episode("Two", lines("second").replace("Line 7 second", "Line 7 touched")));
  await tab.waitForFunction(() => window.isTheSame !== true && document.body.textContent.includes("Line 7 touched"));
  await tab.waitForTimeout(500);
  await tab.evaluate(() => { window.isTheSame = true; });
  await site.write("content/show/002-two.md", episode("Another title", lines("second")));
  await tab.waitForFunction(() => window.isTheSame !== true && document.querySelector("h1").textContent.includes("Another title"));
  await site.write("content/show/002-two.md", episode("Two", lines("second")));
  await tab.context().close();
});

test("edited words are swapped in place, and the lines around them stay where they are", async () => {
  const tab = await open("show/002-two/");
  await tab.waitForTimeout(500);
  const place = (words) => tab.evaluate((words) => {
    const line = [...document.querySelectorAll("main [id]")].find((line) => line.textContent.includes(words) && !line.querySelector("[id]"));
    return line.getBoundingClientRect().top;
  }, words);
  await tab.evaluate(() => {
    const line = [...document.querySelectorAll("main [id]")].find((line) => line.textContent.includes("Line 40 ") && !line.querySelector("[id]"));
    scrollBy({ top: line.getBoundingClientRect().top - 20, behavior: "instant" });
  });
  const before = await place("Line 41 ");
  await site.write("content/show/002-two.md", episode("Two", lines("second").replace("Line 40 second", "Line 40 edited")));
  await tab.waitForFunction(() => document.body.textContent.includes("Line 40 edited"));
  assert.ok(await isTheSame(tab), "the page reloaded");
  const after = await place("Line 41 ");
  assert.ok(Math.abs(after - before) < 3, `the next line was at ${before} and is at ${after}`);
  await looksReloaded(tab, "show/002-two/");
  // Back to what it was, and on to another.
  for (const word of ["second", "third"]) {
    await site.write("content/show/002-two.md", episode("Two", lines("second").replace("Line 40 second", `Line 40 ${word}`)));
    await tab.waitForFunction((word) => document.body.textContent.includes(`Line 40 ${word}`), word);
    assert.ok(await isTheSame(tab), "the page reloaded");
    await looksReloaded(tab, "show/002-two/");
  }
  await tab.context().close();
});

test("a style sheet and a picture are swapped without a reload", async () => {
  const [tab, lost] = [await open("show/001-one/"), await open("nothing/")];
  const color = () => getComputedStyle(document.body).color;
  assert.equal(await tab.evaluate(color), "rgb(1, 2, 3)");
  await site.write("static/diglot.css", "body { color: rgb(4, 5, 6) }\n");
  await tab.waitForFunction(() => getComputedStyle(document.body).color === "rgb(4, 5, 6)");
  await tab.waitForFunction(() => document.querySelectorAll("link[rel=stylesheet]").length === 1);
  assert.ok(await isTheSame(tab), "the page reloaded");
  await site.write("static/picture.svg", `<svg xmlns="http://www.w3.org/2000/svg" width="30" height="10"/>`);
  await lost.waitForFunction(() => document.querySelector("img").naturalWidth === 30);
  assert.ok(await isTheSame(lost), "the page with the picture reloaded");
  await tab.context().close();
  await lost.context().close();
});

test("what is wrong lies over the last good site, as text, closes with Esc, and goes when it is mended", async () => {
  const tab = await open("show/001-one/");
  const alerts = [];
  tab.on("dialog", (dialog) => { alerts.push(dialog.message()); dialog.dismiss(); });
  const good = await tab.locator("h1").textContent();
  await site.write("content/show/001-one.md", '+++\nspeakers = { Ada = "<img src=x onerror=alert(1)>" }\n+++\n\nAda: Hello.\n');
  const dialog = tab.getByRole("dialog", { name: /error/ });
  await dialog.waitFor();
  const text = await dialog.innerText();
  assert.match(text, /content\/show\/001-one\.md:\d+/);
  assert.ok(text.includes("<img src=x onerror=alert(1)>"), text);
  assert.match(text, /last good/);
  assert.equal(await dialog.locator("img").count(), 0);
  assert.ok(await isTheSame(tab));
  assert.equal(await tab.locator("h1").textContent(), good);
  await tab.evaluate(axe.source);
  const found = await tab.evaluate(() => window.axe.run(document.querySelector("diglot-problem")));
  assert.deepEqual(found.violations.map((violation) => `${violation.id}: ${violation.help}`), []);
  if (process.env.SHOTS) await tab.screenshot({ path: `${process.env.SHOTS}/overlay.png` });

  await tab.keyboard.press("Escape");
  await dialog.waitFor({ state: "hidden" });
  const sign = tab.getByRole("button", { name: /last good site/ });
  await sign.waitFor();
  if (process.env.SHOTS) await tab.screenshot({ path: `${process.env.SHOTS}/sign.png` });
  await sign.click();
  await dialog.waitFor();

  await site.write("content/show/001-one.md", episode("One", lines("mended")));
  await tab.waitForFunction(() => document.body.textContent.includes("Line 5 mended"));
  assert.equal(await tab.locator("diglot-problem").count(), 0);
  assert.deepEqual(alerts, []);
  await tab.context().close();
});

test("an error elsewhere comes and goes without a reload", async () => {
  const tab = await open("show/001-one/");
  await site.write("content/show/003-three.md", "+++\ntitle = [\n+++\n\nAda: Hello.\n");
  await tab.getByRole("dialog").waitFor();
  await site.write("content/show/003-three.md", episode("Three", "Ada: Hello.\n"));
  await tab.locator("diglot-problem").waitFor({ state: "detached" });
  await tab.context().close();
});

test("a first build that fails is shown, and the site comes when it is mended", async () => {
  const broken = await openServed([["content/one.md", "+++\ntitle = [\n+++\n\nAda: Hello.\n"]]);
  try {
    const tab = await broken.browser.newPage();
    await tab.goto(broken.url);
    assert.match(await tab.locator("h1").textContent(), /1 error/);
    assert.match(await tab.locator("pre").textContent(), /content\/one\.md:\d+/);
    if (process.env.SHOTS) await tab.screenshot({ path: `${process.env.SHOTS}/first.png` });
    await broken.write("content/one.md", episode("One", "Ada: Hello.\n"));
    await tab.locator("body[class^=is-]").waitFor();
    assert.equal(await tab.locator("pre").count(), 0);
  } finally {
    await broken.close();
  }
});

test("a page hears of changes again after the server was away", async () => {
  const tab = await open("show/002-two/");
  const port = new URL(site.url).port;
  await site.end();
  await site.write("content/show/002-two.md", episode("Two", lines("while it was away")));
  const { serve } = await import("./served.mjs");
  const again = await serve(site.root, port);
  try {
    await tab.waitForFunction(() => document.body.textContent.includes("while it was away"));
  } finally {
    await again.end();
    await tab.context().close();
  }
});
