// `diglot serve` of a project in a folder of its own, and a browser to look at it.
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { diglot, launch } from "./site.mjs";

/** Starts `diglot serve` for a folder on a free port, and waits until it says where. */
export async function serve(root, port = "0") {
  const child = spawn(diglot, ["serve", "--port", port, "--root", root], { stdio: ["ignore", "ignore", "pipe"] });
  const served = { child, said: "", url: "", end: () => end(child) };
  await new Promise((ready, failed) => {
    child.on("exit", (code) => failed(new Error(`serve ended with ${code}:\n${served.said}`)));
    child.stderr.setEncoding("utf8").on("data", (text) => {
      served.said += text;
      const found = served.said.match(/look at (http:\S+)/);
      if (found) ready(served.url = found[1]);
    });
  });
  return served;
}

async function end(child) {
  if (child.exitCode !== null) return;
  const ended = new Promise((done) => child.once("exit", done));
  child.kill("SIGINT");
  await ended;
}

/** A project of these files, served, with a browser. Close it when done. */
export async function openServed(files) {
  const home = await mkdtemp(path.join(tmpdir(), "diglot-serve-"));
  const root = path.join(home, "project");
  const write = async (name, text) => {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), text);
  };
  for (const [name, text] of files) await write(name, text);
  const served = await serve(root);
  const browser = await launch();
  return {
    ...served, root, write, browser,
    said: () => served.said,
    async close() {
      await browser.close();
      await served.end();
      await rm(home, { recursive: true, force: true });
    },
  };
}
