// Following along on a long page: how much the browser does for each line that is said. It counts
// what is worked on and processor time, not what a clock on the wall says, which a busy machine sets.
import assert from "node:assert/strict";
import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { openSite, silence, withPage } from "./site.mjs";

const LINES = 800;
/** The longest piece of work, in milliseconds of the processor: half of what a frame that is missed takes. */
const LONGEST = 25;

const clock = (seconds) => new Date(seconds * 1000).toISOString().slice(11, 23);
function track(text) {
  const cues = Array.from({ length: LINES }, (_, at) =>
    `${clock(at)} --> ${clock(at + 1)}\n<v ${at % 9 < 6 ? "Ann" : "Bo"}>${text(at)}`);
  return `WEBVTT\n\n${cues.join("\n\n")}\n`;
}

let site;
before(async () => {
  site = await openSite({ files: [
    ["site.toml", "languages = [\"zh-Hans\", \"en\"]\n"],
    ["content/s/long/episode.md", "+++\ntitle = \"Long\"\naudio = \"a.wav\"\n+++\n"],
    ["content/s/long/transcript.zh-Hans.vtt", track((at) => `第 ${at} 句话说的是船怎么过海，还有海那边的第 ${at} 座灯塔。`)],
    ["content/s/long/transcript.en.vtt", track((at) => `Line ${at} is about how the ship crosses, and lighthouse number ${at} on the other side.`)],
    ["content/s/long/a.wav", silence(LINES)],
  ] });
});
after(() => site?.close());

/** What the page's main thread did between `play` and `seconds` later, at eight times the speed. */
async function traced(tab, seconds) {
  const file = path.join(tmpdir(), `diglot-follow-${process.pid}.json`);
  await site.browser.startTracing(tab, { path: file, categories: ["toplevel", "devtools.timeline"] });
  await tab.evaluate(async () => {
    const audio = document.querySelector("audio");
    audio.playbackRate = 8;
    await audio.play();
  });
  await tab.waitForTimeout(seconds * 1000);
  await site.browser.stopTracing();
  const { traceEvents } = JSON.parse(await readFile(file, "utf8"));
  await rm(file);
  const name = traceEvents.filter((event) => event.name === "thread_name" && event.args.name === "CrRendererMain");
  const threads = new Set(name.map(({ pid, tid }) => `${pid}/${tid}`));
  return traceEvents.filter(({ pid, tid, ph }) => ph === "X" && threads.has(`${pid}/${tid}`));
}

for (const [name, screen] of [["wide", { viewport: { width: 1280, height: 900 } }], ["narrow", { viewport: { width: 360, height: 780 }, hasTouch: true, isMobile: true }]]) {
  for (const view of ["", "?view=en", "?view=reveal", ...name === "wide" ? ["?view=side"] : []]) {
    test(`following 800 lines does little for each: ${name} ${view}`, async () => {
      await withPage(site, `${site.url}s/long/${view}`, screen, async (tab) => {
        await tab.waitForTimeout(600);
        const events = await traced(tab, 5);
        const followed = await tab.evaluate(() => ({ at: document.querySelector("audio").currentTime, y: scrollY, lines: document.querySelectorAll(".t [id]").length }));
        assert.equal(followed.lines, LINES);
        assert.ok(followed.at > 15 && followed.y > 200, `it followed: ${JSON.stringify(followed)}`);

        // A turn is styled when it comes near; a line more must not touch the thousands around it.
        const styled = events.filter((event) => event.name === "UpdateLayoutTree").map((event) => event.args.elementCount ?? 0);
        assert.ok(styled.length > 5, `${styled.length} times styled`);
        assert.ok(Math.max(...styled) < LINES, `elements styled at once: ${Math.max(...styled)}`);
        const work = events.filter((event) => /RunTask$/.test(event.name) && event.tdur !== undefined).map((event) => event.tdur / 1000);
        assert.ok(work.length > 100, `${work.length} pieces of work`);
        assert.ok(Math.max(...work) < LONGEST, `the longest piece of work takes ${Math.max(...work)} ms`);
      });
    });
  }
}
