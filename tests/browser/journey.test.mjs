// One publisher's way from an empty folder to a site that is live, each step as they would take it:
// begin, put a real page in, preview, edit, break, mend, check, build below a sub-path, deploy.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { access, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { openReader } from "./crawl.mjs";
import { serve } from "./served.mjs";
import { diglot, host, launch, listPages, root as repository } from "./site.mjs";

const exec = promisify(execFile);
const real = path.join(repository, "../shared/seed/a16z-openai-800m.txt");
const own = path.join(repository, "content/pasted-page.txt");

let home, site, page, text, browser;
before(async () => {
  home = await mkdtemp(path.join(tmpdir(), "diglot-journey-"));
  site = path.join(home, "my-archive");
  page = path.join(site, "content/before-it-boils/003-a-page.txt");
  const seed = await access(real).then(() => real, () => own);
  if (seed === own) console.log("the real page is not here: the demo's own takes its place");
  text = await readFile(seed, "utf8");
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await rm(home, { recursive: true, force: true });
});

/** Runs diglot in the site's folder; what it says goes to the record of the test. */
async function run(...args) {
  const { stdout, stderr } = await exec(diglot, args, { cwd: site, maxBuffer: 1 << 26 });
  console.log([`$ diglot ${args.join(" ")}`, ...`${stderr}\n${args.includes("json") ? "" : stdout}`.split("\n").filter(Boolean).slice(-4)].join("\n  "));
  return { stdout, stderr };
}

const shoot = (tab, name) => process.env.SHOTS && tab.screenshot({ path: `${process.env.SHOTS}/journey-${name}.png` });

test("a folder becomes a site, and a page is put into it", async () => {
  await exec(diglot, ["init", "--github-pages", site]);
  await access(path.join(site, ".github/workflows/pages.yml"));
  await run("build");
  await writeFile(page, text);
  const { stderr } = await run("build", "--strict");
  assert.match(stderr, /3 episodes/);
});

test("the preview follows every save, says what is broken, and recovers", async () => {
  const served = await serve(site);
  try {
    const tab = await browser.newPage();
    const listens = tab.waitForResponse((response) => response.url().includes(".diglot/events"));
    await tab.goto(`${served.url}before-it-boils/003-a-page/`);
    await listens;
    const count = await tab.locator(".t [id]:not(.was)").count();
    assert.ok(count > 20, `${count} lines`);

    const last = await tab.locator(".t [id]:not(.was) [lang=en]").last().textContent();
    const edited = "This is how the talk ends since it was edited.";
    const at = text.lastIndexOf(last);
    assert.ok(at > 0, last);
    text = text.slice(0, at) + edited + text.slice(at + last.length);
    await writeFile(page, text);
    await tab.waitForFunction((edited) => document.body.textContent.includes(edited), edited);
    await shoot(tab, "edited");

    await writeFile(page, `+++\ntitle = [\n+++\n${text}`);
    const dialog = tab.getByRole("dialog");
    await dialog.waitFor();
    assert.match(await dialog.innerText(), /content\/before-it-boils\/003-a-page\.txt:\d+:\d+/);
    assert.match(served.said, /003-a-page\.txt:\d+:\d+/, "the terminal tells the same");
    assert.ok((await tab.locator("body").textContent()).includes(edited), "the last good page stays below");
    await shoot(tab, "broken");

    await writeFile(page, `+++\ntitle = "A page of my own"\n+++\n${text}`);
    await tab.waitForFunction(() => document.querySelector("h1").textContent.includes("A page of my own"));
    assert.equal(await tab.getByRole("dialog").count(), 0);
    assert.equal(await tab.locator(".t [id]:not(.was)").count(), count);
    await shoot(tab, "mended");
  } finally {
    await served.end();
  }
});

test("it is checked, built below a sub-path without a broken link, and deployed to the byte", async () => {
  const { stdout } = await run("check", "--format", "json");
  const { diagnostics } = JSON.parse(stdout);
  console.log(`  ${diagnostics.length} findings: ${[...new Set(diagnostics.map(({ code }) => code))].join(", ")}`);
  assert.deepEqual(diagnostics.filter(({ severity }) => severity === "error"), []);

  const folder = path.join(site, "public");
  const served = await host(folder);
  try {
    const { url } = served;
    await run("build", "--base-url", url);
    const pages = await listPages(folder, url);
    const reader = openReader(await browser.newPage());
    const { lost, seen } = await reader.crawl({ url }, [url, ...pages.map((page) => page.url)]);
    assert.deepEqual(lost, []);
    assert.ok(seen.size > pages.length, `${seen.size} addresses of ${pages.length} pages`);

    await exec("git", ["init", "-q", site]);
    const bare = path.join(home, "bare.git");
    await exec("git", ["init", "-q", "--bare", bare]);
    await run("deploy", "--remote", bare, "--base-url", url);
    const live = path.join(home, "live");
    await mkdir(live);
    await exec("git", ["--git-dir", bare, "--work-tree", live, "-c", "core.autocrlf=false", "checkout", "-q", "-f", "gh-pages", "--", "."]);
    const [built, deployed] = [await readTree(folder), await readTree(live)];
    assert.deepEqual([...deployed.keys()], [...built.keys()]);
    for (const [name, bytes] of deployed) assert.ok(bytes.equals(built.get(name)), name);
  } finally {
    await served.end();
  }
});

/** Every file of a folder with its bytes, in order of name. */
async function readTree(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath ?? entry.path, entry.name)).sort();
  return new Map(await Promise.all(files.map(async (file) => [path.relative(folder, file), await readFile(file)])));
}
