// Follows every address of a site that is served: of its pages, feeds, lists of feeds, style sheets,
// texts and data, all from one start. Looks at what is answered; opens no page.
import { Buffer } from "node:buffer";

/** Reads a site with a browser's parsers, in a tab of that browser. */
export function openReader(tab) {
  const answers = new Map();

  async function get(url) {
    if (!answers.has(url)) {
      const response = await fetch(url);
      const type = response.headers.get("content-type") ?? "";
      const bytes = Buffer.from(await response.arrayBuffer());
      const text = /html|xml|text|json|javascript/.test(type) ? bytes.toString() : "";
      answers.set(url, { status: response.status, type, text });
    }
    return answers.get(url);
  }

  /** What a page says of itself and where it points. */
  function readHtml(html, url) {
    return tab.evaluate(([html, url]) => {
      const page = new DOMParser().parseFromString(html, "text/html");
      const base = page.createElement("base");
      base.href = url;
      page.head.prepend(base);
      const links = [];
      const add = (address) => links.push(new URL(address, url).href);
      for (const [selector, name] of [["[href]:not(base)", "href"], ["[src]", "src"]]) {
        for (const element of page.querySelectorAll(selector)) add(element.getAttribute(name));
      }
      for (const element of page.querySelectorAll("[srcset]")) {
        for (const source of element.getAttribute("srcset").split(",")) add(source.trim().split(/\s+/)[0]);
      }
      for (const meta of page.querySelectorAll("meta[property='og:image'], meta[property='og:url']")) links.push(meta.content);
      for (const map of page.querySelectorAll("script[type=importmap]")) Object.values(JSON.parse(map.textContent).imports).forEach(add);
      return { links, ids: [...page.querySelectorAll("[id]")].map((element) => element.id), title: page.title, h1: page.querySelectorAll("h1").length };
    }, [html, url]);
  }

  /** Every address and every problem of an XML file. */
  function readXml(xml) {
    return tab.evaluate((xml) => {
      const parsed = new DOMParser().parseFromString(xml, "application/xml");
      const error = parsed.querySelector("parsererror")?.textContent;
      const text = (selector) => [...parsed.querySelectorAll(selector)].map((element) => element.textContent.trim());
      const attributes = ["href", "url", "xmlUrl", "htmlUrl", "src"]
        .flatMap((name) => [...parsed.querySelectorAll(`[${name}]`)].map((element) => element.getAttribute(name)));
      return {
        error,
        root: parsed.documentElement.localName,
        items: parsed.querySelectorAll("item").length,
        guids: text("item > guid"),
        links: [...text("link, loc, guid[isPermaLink=true], url"), ...attributes].filter(Boolean),
      };
    }, xml);
  }

  /** Where an answer points to, as whole addresses. */
  async function linksOf({ type, text }, url) {
    if (type.includes("html")) return (await readHtml(text, url)).links;
    if (type.includes("xml") && !type.includes("svg")) return (await readXml(text)).links.map((link) => new URL(link, url).href);
    if (type.includes("manifest")) return addressesOf(JSON.parse(text), /^(src|start_url|scope|id)$/).map((link) => new URL(link, url).href);
    if (type.includes("json")) return addressesOf(JSON.parse(text)).filter((link) => /^https?:/.test(link));
    if (type.includes("css")) return [...text.matchAll(/url\(\s*["']?([^"')]+)/g)].map(([, link]) => new URL(link, url).href);
    if (type.includes("markdown") || url.endsWith("/llms.txt")) return [...text.matchAll(/https?:\/\/[^\s<>)\]]+/g)].map(([link]) => link);
    return [];
  }

  /** What leads nowhere, from the given addresses on, and every address that was asked. */
  async function crawl(site, starts) {
    const lost = new Set();
    const seen = new Set();
    const fragments = [];
    const queue = starts.map((url) => ({ url, from: "the start" }));
    while (queue.length > 0) {
      const { url, from } = queue.shift();
      const whole = new URL(url);
      if (whole.origin !== new URL(site.url).origin) continue;
      if (!whole.href.startsWith(site.url)) {
        lost.add(`${from} leaves the site's base: ${url}`);
        continue;
      }
      const fragment = decodeURIComponent(whole.hash.slice(1));
      whole.hash = "";
      if (fragment) fragments.push({ url: whole.href, fragment, from });
      if (seen.has(whole.href)) continue;
      seen.add(whole.href);
      const answer = await get(whole.href);
      if (answer.status !== 200) lost.add(`${from} → ${whole.href}: ${answer.status}`);
      for (const link of await linksOf(answer, whole.href)) queue.push({ url: link, from: whole.pathname });
    }
    for (const { url, fragment, from } of fragments) {
      const page = await readHtml((await get(url)).text, url);
      if (!page.ids.includes(fragment)) lost.add(`${from} → ${url}#${fragment}: no such place`);
    }
    return { lost: [...lost], seen };
  }

  return { get, readHtml, readXml, crawl };
}

/** Every text in data, or those under the names that `only` takes. */
function addressesOf(data, only) {
  const found = [];
  const look = (value, name) => {
    if (typeof value === "string" && (!only || only.test(name))) found.push(value);
    else if (Array.isArray(value)) value.forEach((item) => look(item, name));
    else if (value && typeof value === "object") Object.entries(value).forEach(([name, item]) => look(item, name));
  };
  look(data, "");
  return found;
}
