// Brings a page on show up to date where no more than the words of its lines have changed: finds
// what is different between the page as it was served and as it is served now, and carries that over
// to what the browser shows. Never does a part of it: what cannot be carried over is left to a reload.
const diglotInPlace = (() => {
  /** What nobody sees, and what is swapped by itself. */
  const unseen = "script[data-live], script[type='application/ld+json'], meta, link[rel~=stylesheet]";
  /** Scripts copy these: only a reload finds all copies. */
  const copied = "h1, h2, h3, h4, h5, h6, nav, summary, button, script, style, template";

  /** The version in which a page was served. */
  const versionOf = (page) => page.querySelector("script[data-live]")?.dataset.version;

  const withoutVersion = (link) => link.getAttribute("href")?.split("?")[0];

  /** The nearest element with an id that a node lies in. */
  const lineOf = (node) => node.parentElement?.closest("main [id]");

  /** Notes what differs; says whether all of it can be carried over: the words of lines, their ids,
      which are made of the words, and links to these. */
  const differ = (was, is, edits) => {
    if (was.isEqualNode(is)) return true;
    if (was.nodeName !== is.nodeName) return false;
    if (was.nodeType === Node.TEXT_NODE) {
      if (!lineOf(was) || was.parentElement.closest(copied) || !was.parentElement.closest("[lang]")) return false;
      edits.words.push({ was, words: is.data });
      return true;
    }
    if (was.nodeType !== Node.ELEMENT_NODE) return was.nodeType === Node.DOCUMENT_NODE && below(was, is, edits);
    if (was.matches(unseen)) return withoutVersion(was) === withoutVersion(is);
    const names = new Set([...was.getAttributeNames(), ...is.getAttributeNames()]);
    for (const name of names) {
      const [before, after] = [was.getAttribute(name), is.getAttribute(name)];
      if (before === after) continue;
      if (!before || !after || !was.closest("main")) return false;
      if (name === "id") edits.ids.set(before, after);
      else if (name === "href" && before.startsWith("#")) edits.links.push([before, after]);
      else return false;
    }
    return below(was, is, edits);
  };

  const below = (was, is, edits) => {
    if (was.childNodes.length !== is.childNodes.length) return false;
    return [...was.childNodes].every((child, place) => differ(child, is.childNodes[place], edits));
  };

  /** Where words of the page as it was served are on show; nothing where scripts have changed them. */
  const shown = (was) => {
    const line = lineOf(was);
    const steps = [];
    for (let at = was; at !== line; at = at.parentNode) steps.unshift([...at.parentNode.childNodes].indexOf(at));
    let [from, node] = [line, document.getElementById(line.id)];
    for (const step of steps) {
      if (node?.childNodes.length !== from.childNodes.length) return null;
      [from, node] = [from.childNodes[step], node.childNodes[step]];
    }
    return node?.nodeName === was.nodeName && node.data === was.data ? node : null;
  };

  /** Carries edits over, all or none. */
  const apply = ({ words, ids, links }) => {
    const places = words.map(({ was }) => shown(was));
    const lines = [...ids].map(([before]) => document.getElementById(before));
    const lead = links.every(([before, after]) => `#${ids.get(before.slice(1))}` === after);
    if (!lead || places.includes(null) || lines.includes(null)) return false;
    // Links that scripts have made are among them.
    for (const link of document.querySelectorAll("a[href^='#']")) {
      const after = ids.get(link.getAttribute("href").slice(1));
      if (after) link.setAttribute("href", `#${after}`);
    }
    for (const [at, after] of [...ids.values()].entries()) lines[at].id = after;
    for (const [at, edit] of words.entries()) places[at].data = edit.words;
    // Who has read the words reads them again.
    for (const place of places) place.parentElement.dispatchEvent(new Event("diglot:change", { bubbles: true }));
    return true;
  };

  const parsed = async (cache) => {
    const reply = await fetch(location.pathname + location.search, { cache });
    return new DOMParser().parseFromString(await reply.text(), "text/html");
  };

  let served = null;

  return {
    /** Looks at the page as it was served, which the browser has kept, before it is needed. */
    async prepare(version) {
      try {
        const page = await parsed("force-cache");
        if (versionOf(page) === version) served ??= page;
      } catch { /* Then the page is reloaded. */ }
    },
    /** Brings the page to a version; says whether it did. */
    async renew(version) {
      if (!served) return false;
      try {
        const page = await parsed("no-cache");
        const edits = { words: [], ids: new Map(), links: [] };
        if (versionOf(page) !== version || !differ(served, page, edits) || !apply(edits)) return false;
        served = page;
        return true;
      } catch {
        return false;
      }
    },
  };
})();

