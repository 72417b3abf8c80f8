// Measures `diglot serve` as an author has it: from a save to the page in the browser being painted
// again. Works on a copy of a project, and never says whether a figure is good: machines differ.
//
//   node benches/serve.mjs [PROJECT] [SAVES] [FILE]
//
// PROJECT is a folder, the demo without one; SAVES, 50; FILE, the one that is saved, else the first
// transcript of the project. DIGLOT_BIN says which diglot, else that of target/release.
import { cp, mkdtemp, readFile, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const repository = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "..");
process.env.DIGLOT_BIN ??= path.join(repository, "target/release/diglot");
const { serve } = await import("../tests/browser/served.mjs");
const { launch } = await import("../tests/browser/site.mjs");

const [project = repository, count = "50", wanted] = process.argv.slice(2);
const home = await mkdtemp(path.join(process.env.DIGLOT_BENCH_TMP ?? tmpdir(), "diglot-bench-serve-"));
const median = (all) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)];
const at = (all, part) => all.toSorted((a, b) => a - b)[Math.min(all.length - 1, Math.floor(all.length * part))];

try {
  for (const part of ["content", "templates", "static", "site.toml"]) {
    if (existsSync(path.join(project, part)) && (project !== repository || !["templates", "static"].includes(part))) {
      await cp(path.join(project, part), path.join(home, part), { recursive: true });
    }
  }
  const start = performance.now();
  const served = await serve(home);
  console.log(`first build: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  const browser = await launch();
  try {
    await measure(served, browser);
  } finally {
    await browser.close();
    await served.end();
  }
} finally {
  await rm(home, { recursive: true, force: true });
}

async function measure(served, browser) {
  const file = path.join(home, wanted ?? await firstTranscript());
  const text = await readFile(file, "utf8");
  // The longest line in the middle of the file ends in another word with every save.
  const lines = text.split("\n");
  const middle = lines.slice(lines.length >> 2, lines.length - (lines.length >> 2));
  const longest = lines.indexOf(middle.toSorted((a, b) => b.length - a.length)[0]);
  const version = (number) => lines.with(longest, `${lines[longest].trimEnd()} save${number}.`).join("\n");
  await save(file, version("s"));
  const page = await pageOf("saves.");
  const tab = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  let painted;
  await tab.exposeFunction("paintedAt", (word, time) => painted?.(word, time));
  await tab.addInitScript(() => {
    const look = () => {
      // Two frames: the second begins when the first is painted.
      requestAnimationFrame(() => requestAnimationFrame(() => {
        const words = document.querySelector("main").textContent.match(/save\d+\./g);
        window.paintedAt?.(words?.at(-1) ?? "", Date.now());
      }));
    };
    addEventListener("DOMContentLoaded", () => {
      look();
      // A page is brought up to date in place, or loaded again.
      new MutationObserver(look).observe(document.querySelector("main"), { subtree: true, characterData: true, childList: true });
    });
  });
  await tab.goto(served.url + page);
  await tab.waitForTimeout(1000);
  const times = [];
  const said = served.said.split("\n").length;
  for (let number = 0; number < Number(count); number += 1) {
    const seen = new Promise((done, failed) => {
      const late = setTimeout(() => failed(new Error(`save ${number} was not seen\n${served.said.slice(-2000)}`)), 30000);
      painted = (word, time) => { if (word === `save${number}.`) { clearTimeout(late); done(time); } };
    });
    const saved = Date.now();
    await save(file, version(number), number % 2 === 1);
    times.push(await seen - saved);
    await tab.waitForTimeout(150);
  }
  const builds = served.said.split("\n").slice(said - 1).map((line) => line.match(/, (\d+) ms$/)?.[1]).filter(Boolean).map(Number);
  console.log(`${times.length} saves of ${path.relative(home, file)}, every second one by rename, shown at ${page}`);
  console.log(`save to repaint: median ${median(times).toFixed(0)} ms, 10 % ${at(times, .1).toFixed(0)}, 90 % ${at(times, .9).toFixed(0)}, worst ${at(times, 1).toFixed(0)}`);
  console.log(`the build alone: median ${median(builds)} ms`);
  if (existsSync("/proc/loadavg")) console.log(`load of the machine: ${readFileSync("/proc/loadavg", "utf8").trim()}`);

  async function pageOf(word) {
    for (let tries = 0; tries < 600; tries += 1) {
      const names = (await readdir(path.join(home, "public"), { recursive: true })).filter((name) => name.endsWith("index.html"));
      const fresh = [];
      for (const name of names) fresh.push([name, (await stat(path.join(home, "public", name))).mtimeMs]);
      fresh.sort((a, b) => b[1] - a[1]);
      for (const [name] of fresh.slice(0, 20)) {
        if ((await readFile(path.join(home, "public", name), "utf8")).includes(word)) return name.replace(/index\.html$/, "");
      }
      await new Promise((done) => setTimeout(done, 200));
    }
    throw new Error(`no page shows the save\n${served.said.slice(-2000)}`);
  }
}

async function save(file, text, byRename = false) {
  if (!byRename) return writeFile(file, text);
  await writeFile(`${file}.new~`, text);
  await rename(`${file}.new~`, file);
}

async function firstTranscript() {
  const names = (await readdir(path.join(home, "content"), { recursive: true })).sort();
  const found = names.find((name) => /\.(md|txt)$/.test(name) && !name.endsWith("README.md"));
  if (!found) throw new Error("no transcript in content/");
  return path.join("content", found);
}
