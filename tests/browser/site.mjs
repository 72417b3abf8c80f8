// Builds the demo for a port of this machine, serves it below a sub-path, and opens its pages in
// Chromium. What every browser test starts from.
import { execFile } from "node:child_process";
import { createReadStream } from "node:fs";
import { appendFile, copyFile, cp, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const target = path.resolve(root, process.env.CARGO_TARGET_DIR ?? "target");
export const diglot = process.env.DIGLOT_BIN ?? path.join(target, "debug/diglot");
/** Where the site lives, as one of a repository does on GitHub Pages. */
const base = "/repo/";

/** A silent recording of so many seconds, 8 kHz in 8 bits. */
export function silence(seconds) {
  const count = seconds * 8000;
  const wave = Buffer.alloc(44 + count, 128);
  wave.write("RIFF", 0);
  wave.writeUInt32LE(36 + count, 4);
  wave.write("WAVEfmt ", 8);
  wave.writeUInt32LE(16, 16);
  wave.writeUInt16LE(1, 20);
  wave.writeUInt16LE(1, 22);
  wave.writeUInt32LE(8000, 24);
  wave.writeUInt32LE(8000, 28);
  wave.writeUInt16LE(1, 32);
  wave.writeUInt16LE(8, 34);
  wave.write("data", 36);
  wave.writeUInt32LE(count, 40);
  return wave;
}

const types = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".xml": "application/xml",
  ".opml": "text/x-opml+xml; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".txt": "text/plain; charset=utf-8",
  ".vtt": "text/vtt; charset=utf-8",
  ".md": "text/markdown; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".jpg": "image/jpeg",
  ".opus": "audio/ogg",
  ".wav": "audio/wav",
};

/**
 * The demo, built and served. Close it when done. `pageSize` cuts its lists into pages; `files`, paths
 * and texts, are a project in place of the demo.
 */
export async function openSite({ pageSize, files } = {}) {
  const work = await mkdtemp(path.join(tmpdir(), "diglot-browser-"));
  const own = path.join(work, "project");
  const project = files ? await writeProject(own, files) : pageSize ? await copyDemo(own, pageSize) : root;
  const folder = path.join(work, "public");
  const { url, end } = await host(folder);
  try {
    await promisify(execFile)(diglot, ["build", "--root", project, "--output", folder, "--base-url", url], { maxBuffer: 1 << 28 });
  } catch (error) {
    await end();
    await rm(work, { recursive: true, force: true });
    throw new Error(`the site does not build:\n${error.stderr ?? error}`);
  }
  const browser = await launch();
  return {
    url,
    folder,
    browser,
    pages: await listPages(folder, url),
    async close() {
      await browser.close();
      await end();
      await rm(work, { recursive: true, force: true });
    },
  };
}

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    // No name is looked up: what asks another host is refused at once, and never leaves the machine.
    args: ["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required", "--mute-audio", "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
  });
}

/** Serves a folder, which may come later, below a sub-path and nothing beside it. */
export async function host(folder) {
  const server = createServer((request, response) => answer(folder, request, response));
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    url: `http://127.0.0.1:${server.address().port}${base}`,
    async end() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

/** The demo's content in a project of its own. Its `site.toml` ends before any table. */
async function copyDemo(project, pageSize) {
  await mkdir(project);
  await cp(path.join(root, "content"), path.join(project, "content"), { recursive: true });
  await copyFile(path.join(root, "site.toml"), path.join(project, "site.toml"));
  await appendFile(path.join(project, "site.toml"), `\n[build]\npage_size = ${pageSize}\n`);
  return project;
}

async function writeProject(project, files) {
  for (const [name, text] of files) {
    const file = path.join(project, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  return project;
}

async function answer(folder, request, response) {
  const send = (status, file, size) => {
    const type = types[path.extname(file)] ?? "application/octet-stream";
    // A browser seeks in a recording only if it can ask for a part of it.
    const asked = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
    if (asked && status === 200) {
      const [start, end] = [Number(asked[1]), Math.min(Number(asked[2] || size - 1), size - 1)];
      const range = `bytes ${start}-${end}/${size}`;
      response.writeHead(206, { "content-type": type, "content-range": range, "content-length": end - start + 1, "accept-ranges": "bytes" });
      createReadStream(file, { start, end }).pipe(response);
      return;
    }
    response.writeHead(status, { "content-type": type, "accept-ranges": "bytes" });
    createReadStream(file).pipe(response);
  };
  try {
    const asked = decodeURIComponent(new URL(request.url, "http://127.0.0.1").pathname);
    const inside = path.join(folder, asked.startsWith(base) ? asked.slice(base.length) : "\0");
    if (!inside.startsWith(folder)) throw new Error("outside");
    const found = await stat(inside);
    if (found.isDirectory() && !asked.endsWith("/")) {
      response.writeHead(301, { location: `${request.url}/` }).end();
      return;
    }
    const file = found.isDirectory() ? path.join(inside, "index.html") : inside;
    const { size } = await stat(file);
    send(200, file, size);
  } catch {
    const lost = path.join(folder, "404.html");
    if (await stat(lost).catch(() => null)) send(404, lost);
    else response.writeHead(404).end();
  }
}

/** Every HTML file of the site: its address, its size, and its kind as the body's class says. */
export async function listPages(folder, url) {
  const names = await readdir(folder, { recursive: true });
  const pages = [];
  for (const name of names.filter((name) => name.endsWith(".html")).sort()) {
    const html = await readFile(path.join(folder, name), "utf8");
    const at = name.split(path.sep).map(encodeURIComponent).join("/").replace(/(^|\/)index\.html$/, "$1");
    pages.push({
      name,
      url: url + at,
      kind: html.match(/<body class="?is-([\w-]+)/)?.[1],
      bilingual: /id="?mode-lines\b/.test(html),
      size: html.length,
    });
  }
  return pages;
}

/** Of every kind of page the largest and the smallest. */
export function samples(site) {
  const kinds = new Map();
  for (const page of site.pages) kinds.set(page.kind, [...(kinds.get(page.kind) ?? []), page]);
  return [...kinds.values()].flatMap((pages) => {
    const bySize = pages.toSorted((a, b) => b.size - a.size);
    return [...new Set([bySize[0], bySize.at(-1)])];
  });
}

/** The longest episode in two languages. */
export function longestBilingual(site) {
  return ofKind(site, "episode").filter((page) => page.bilingual).toSorted((a, b) => b.size - a.size)[0];
}

export function ofKind(site, kind) {
  return site.pages.filter((page) => page.kind === kind);
}

/**
 * Opens addresses one after the other, each in the same browser with no memory of other tests, and
 * hands them to `look`. Fails where a script fails, the console has an error, a request fails, or
 * one leaves the site.
 */
export async function withPages(site, pages, options, look) {
  const context = await site.browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const troubles = [];
  let at = "";
  const origin = new URL(site.url).origin;
  await context.route((url) => url.origin !== origin && url.protocol !== "data:", (route) => {
    troubles.push(`${at} asks another host: ${route.request().url()}`);
    return route.abort();
  });
  try {
    const tab = await context.newPage();
    tab.on("pageerror", (error) => troubles.push(`${at}: script error: ${error.message}`));
    tab.on("console", (message) => {
      if (message.type() === "error") troubles.push(`${at}: console: ${message.text()}`);
    });
    tab.on("response", (response) => {
      if (response.status() >= 400) troubles.push(`${at}: ${response.status()} for ${response.url()}`);
    });
    for (const page of pages) {
      at = page.url;
      await tab.goto(page.url);
      await look(tab, page);
    }
    if (troubles.length > 0) throw new Error(troubles.join("\n"));
  } finally {
    await context.close();
  }
}

/** As `withPages`, for one address; gives back what `look` found. */
export async function withPage(site, url, options, look) {
  let found;
  await withPages(site, [{ url }], options, async (tab) => { found = await look(tab); });
  return found;
}

/** Opens the list of ways to read, where it has to be opened. */
export async function openModes(tab) {
  const how = tab.locator(".how");
  const closed = await how.locator("summary").isVisible() && !(await how.evaluate((how) => how.open));
  if (closed) await how.locator("summary").click();
}
