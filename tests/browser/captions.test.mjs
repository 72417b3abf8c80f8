// What diglot writes as WebVTT, the W3C's own parser takes without a complaint. Needs no browser.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";
import { diglot, root } from "./site.mjs";

const { WebVTTParser } = createRequire(import.meta.url)("webvtt-parser");
const run = promisify(execFile);

let work;
before(async () => { work = await mkdtemp(path.join(tmpdir(), "diglot-captions-")); });
after(() => rm(work, { recursive: true, force: true }));

/** Parses a file and its cues' texts, and fails with what the parser has to say. */
function parsed(text, name) {
  const tree = new WebVTTParser().parse(text, "subtitles");
  assert.deepEqual(tree.errors, [], name);
  return tree.cues;
}

async function converted(file, text, ...flags) {
  const input = path.join(work, file);
  await writeFile(input, text);
  const { stdout } = await run(diglot, ["convert", input, ...flags], { maxBuffer: 1 << 28 });
  return stdout;
}

test("the demo's files are valid, and each has the cues of its language", async () => {
  const folder = path.join(work, "public");
  await run(diglot, ["build", "--root", root, "--output", folder], { maxBuffer: 1 << 28 });
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".vtt"));
  assert.ok(names.length >= 4, `${names.length} files`);
  for (const name of names) {
    const cues = parsed(await readFile(path.join(folder, name), "utf8"), name);
    assert.ok(cues.length > 20, name);
    assert.ok(cues.every((cue) => cue.id && cue.endTime > cue.startTime), name);
  }
});

test("words that mean something in WebVTT stay words", async () => {
  const words = ["a --> b", "</v><b>x", "AT&T &amp; co", "NOTE so", "00:01.000 --> 00:02.000", "שלום > you", "<00:00:01.000>", "&lrm;"];
  const names = ["A > B", "<C>", "D & E", "F: G", "林岳"];
  const cues = [];
  for (let at = 0; at < 40; at++) {
    const said = words[at % words.length];
    cues.push({
      // Some take no time, and some have no end.
      start: Math.floor(at / 2) * 1.5,
      ...(at % 3 ? { end: Math.floor(at / 2) * 1.5 + (at % 5) } : {}),
      speaker: names[at % names.length],
      text: { "zh-Hans": `灯 ${said}`, ...(at % 4 ? { en: `Lamp ${said}` } : {}) },
    });
  }
  const text = JSON.stringify({ languages: ["zh-Hans", "en"], cues });
  for (const flags of [[], ["--lang", "en"], ["--lang", "zh-Hans"]]) {
    const known = JSON.parse(await converted("hostile.json", text, ...flags)).cues;
    const found = parsed(await converted("hostile.json", text, "--to", "vtt", ...flags), flags.join(" "));
    assert.equal(found.length, known.filter((cue) => Object.keys(cue.text).length > 0).length);
  }
});

/** All files below a folder that may hold a transcript. */
async function transcripts(folder) {
  const found = await readdir(folder, { recursive: true });
  return found.filter((name) => /\.(srt|vtt|tsv|json|html|md|txt)$/.test(name)).sort();
}

test("every real transcript with times is a valid file", async (t) => {
  const folder = path.join(root, "../shared/data");
  const names = await transcripts(folder).catch(() => []);
  if (!names.length) { t.skip("../shared/data is not here"); return; }
  let files = 0;
  let cues = 0;
  for (const name of names) {
    // What is no transcript, and what has no times, is refused.
    const { stdout } = await run(diglot, ["convert", path.join(folder, name), "--to", "vtt"], { maxBuffer: 1 << 28 })
      .catch((refused) => refused);
    if (!stdout) { continue; }
    files += 1;
    cues += parsed(stdout, name).length;
  }
  t.diagnostic(`${files} files, ${cues} cues`);
  assert.ok(files > 0 && cues > files);
});
