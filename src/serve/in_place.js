// Brings a page on show up to date where no more than the words of its lines have changed: finds
// what is different between the page as it was served and as it is served now, and carries that over
// to what the browser shows. Never does a part of it: what cannot be carried over is left to a reload.
const diglotInPlace = (() => {
  /** What may differ: the addresses of lines, which are made of their words, and links to them. */
  const free = new Set(["id", "href"]);
  /** What nobody sees, and what is swapped by itself. */
  const unseen = "script[data-live], script[type='application/ld+json'], meta, link[rel~=stylesheet]";
  /** Scripts copy these: only a reload finds all copies. */
  const copied = "h1, h2, h3, h4, h5, h6, nav, summary, button, script, style, template";

  /** The version in which a page was served. */
  const versionOf = (page) => page.querySelector("script[data-live]")?.dataset.version;

  const withoutVersion = (link) => link.getAttribute("href")?.split("?")[0];

  /** The nearest element with an id that a node lies in. */
  const lineOf = (node) => node.parentElement?.closest("main [id]");

  /** Notes what differs; says whether all of it can be carried over. */
  const differ = (was, is, edits) => {
    if (was.isEqualNode(is)) return true;
    if (was.nodeName !== is.nodeName) return false;
    if (was.nodeType === Node.TEXT_NODE) {
      if (!lineOf(was) || was.parentElement.closest(copied) || !was.parentElement.closest("[lang]")) return false;
      edits.push({ was, words: is.data });
      return true;
    }
    if (was.nodeType !== Node.ELEMENT_NODE) return was.nodeType === Node.DOCUMENT_NODE && below(was, is, edits);
    if (was.matches(unseen)) return withoutVersion(was) === withoutVersion(is);
    const names = new Set([...was.getAttributeNames(), ...is.getAttributeNames()]);
    for (const name of names) {
      const value = is.getAttribute(name);
      if (was.getAttribute(name) === value) continue;
      if (!free.has(name) || value === null || !was.hasAttribute(name) || !(lineOf(was) || was.matches("main [id]"))) return false;
      edits.push({ was, name, value });
    }
    return below(was, is, edits);
  };

  const below = (was, is, edits) => {
    if (was.childNodes.length !== is.childNodes.length) return false;
    return [...was.childNodes].every((child, place) => differ(child, is.childNodes[place], edits));
  };

  /** Where a node of the page as it was served is on show; nothing where scripts have changed it. */
  const shown = (was) => {
    const line = was.id ? was : lineOf(was);
    const steps = [];
    for (let at = was; at !== line; at = at.parentNode) steps.unshift([...at.parentNode.childNodes].indexOf(at));
    let [from, node] = [line, document.getElementById(line.id)];
    for (const step of steps) {
      if (node?.childNodes.length !== from.childNodes.length) return null;
      [from, node] = [from.childNodes[step], node.childNodes[step]];
    }
    return node?.nodeName === was.nodeName ? node : null;
  };

  /** Carries edits over, all or none. */
  const apply = (edits) => {
    const places = edits.map(({ was, name }) => {
      const node = shown(was);
      if (!node) return null;
      return (name ? node.getAttribute(name) === was.getAttribute(name) : node.data === was.data) ? node : null;
    });
    if (places.includes(null)) return false;
    for (const [at, { name, value, words }] of edits.entries()) {
      if (name) places[at].setAttribute(name, value);
      else places[at].data = words;
    }
    for (const [at, { name }] of edits.entries()) {
      // Who has read the words reads them again.
      if (!name) places[at].parentElement.dispatchEvent(new Event("diglot:change", { bubbles: true }));
    }
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
        const edits = [];
        if (versionOf(page) !== version || !differ(served, page, edits) || !apply(edits)) return false;
        served = page;
        return true;
      } catch {
        return false;
      }
    },
  };
})();

