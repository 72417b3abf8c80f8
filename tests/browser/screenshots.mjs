// Pictures of the demo, narrow and wide, light and dark:
//   node tests/browser/screenshots.mjs FOLDER
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { longestBilingual, ofKind, openSite, withPage } from "./site.mjs";

const [folder] = process.argv.slice(2);
if (!folder) {
  console.error("usage: node tests/browser/screenshots.mjs FOLDER");
  process.exit(2);
}
await mkdir(folder, { recursive: true });

const site = await openSite();
try {
  const largest = (kind) => ofKind(site, kind).toSorted((a, b) => b.size - a.size)[0];
  const episode = longestBilingual(site);
  const pages = {
    home: largest("home"),
    episode,
    text: { url: `${episode.url}#transcript` },
    side: { url: `${episode.url}?view=side#transcript` },
    show: largest("show"),
    speakers: largest("speakers"),
    speaker: largest("speaker"),
    quotes: largest("quotes"),
    tags: largest("tags"),
    episodes: largest("episodes"),
    about: largest("about"),
    lost: largest("404"),
  };
  for (const [name, page] of Object.entries(pages)) {
    for (const [width, height] of [[390, 844], [1280, 900]]) {
      for (const colorScheme of ["light", "dark"]) {
        const options = { colorScheme, viewport: { width, height }, deviceScaleFactor: width < 700 ? 2 : 1 };
        const file = path.join(folder, `${name}-${width}-${colorScheme}.png`);
        await withPage(site, page.url, options, (tab) => tab.screenshot({ path: file }));
        console.log(file);
      }
    }
  }
} finally {
  await site.close();
}
