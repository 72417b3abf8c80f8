// Listens to `diglot serve`: brings the page up to date when it is another, in place or by a reload at
// the line it was at; swaps style sheets and pictures; shows what is wrong over the last good site. Is
// never part of a published site.
(() => {
  const own = document.currentScript;
  const place = "diglot:place";
  let source;

  const listen = () => {
    const query = new URLSearchParams({ page: location.pathname, version: own.dataset.version });
    source = new EventSource(`${own.dataset.live}?${query}`);
    source.onmessage = (event) => { told = told.then(() => hear(JSON.parse(event.data))); };
  };

  /** What is told is done, one after the other. */
  let told = Promise.resolve();
  const hear = async (news) => {
    if (source.readyState === EventSource.CLOSED) return;
    if (news.reload && news.version !== own.dataset.version) {
      const marks = holdsPlace ? null : landmarks();
      if (!await diglotInPlace.renew(news.version)) return reload();
      own.dataset.version = news.version;
      if (marks) goTo(marks, scrollY);
    }
    for (const [path, version] of news.files) renew(path, version);
    if (news.files.some(([path]) => path.endsWith(".css") && !sheets(path).length)) {
      // A style sheet that another one imports.
      for (const link of sheets()) swap(link, Date.now().toString(36));
    }
    tell(news.problem);
  };

  // ---- The line that is read

  /** Whether the browser holds what is in view where it is when something above it grows. */
  const holdsPlace = CSS.supports("overflow-anchor: auto");

  /** The elements with a name that are in view, the topmost first, then the others by distance. */
  const landmarks = () => {
    const found = [];
    for (const element of document.querySelectorAll("main [id]")) {
      const box = element.getBoundingClientRect();
      if (box.height > 0 && box.height < innerHeight * 2) found.push({ id: element.id, top: box.top });
    }
    const line = 8;
    found.sort((a, b) => (a.top < line) - (b.top < line) || Math.abs(a.top - line) - Math.abs(b.top - line));
    return found.slice(0, 40);
  };

  /** Puts the first landmark that is still there where it was. */
  const goTo = (marks, y) => {
    const mark = marks.find(({ id }) => document.getElementById(id));
    const top = mark ? scrollY + document.getElementById(mark.id).getBoundingClientRect().top - mark.top : y;
    scrollTo({ top, behavior: "instant" });
  };

  const reload = () => {
    source.close();
    try {
      sessionStorage[place] = JSON.stringify({ page: location.pathname, marks: landmarks(), y: scrollY });
      history.scrollRestoration = "manual";
    } catch { /* Nothing can be kept: the browser finds its place by itself. */ }
    location.reload();
  };

  const goBack = () => {
    let kept;
    try {
      kept = JSON.parse(sessionStorage[place] ?? "null");
      delete sessionStorage[place];
    } catch { /* As above. */ }
    if (!kept) return;
    const settle = () => goTo(kept.marks, kept.y);
    if (kept.page === location.pathname && (kept.y > 0 || scrollY > 0)) {
      settle();
      // Pictures and fonts that come later move the text, unless the reader has moved on.
      let hasMoved = false;
      for (const type of ["wheel", "touchmove", "keydown", "pointerdown"]) {
        addEventListener(type, () => { hasMoved = true; }, { once: true, passive: true });
      }
      addEventListener("load", () => { if (!hasMoved) settle(); }, { once: true });
    }
    addEventListener("load", () => requestAnimationFrame(() => { history.scrollRestoration = "auto"; }), { once: true });
  };

  // ---- Files that are swapped in place

  const pathOf = (address) => {
    const url = new URL(address, location.href);
    if (url.origin !== location.origin) return null;
    try { return decodeURIComponent(url.pathname); } catch { return null; }
  };
  const withVersion = (address, version) => {
    const url = new URL(address, location.href);
    url.search = `?v=${version}`;
    return url.href;
  };
  const sheets = (path) => [...document.querySelectorAll("link[rel~=stylesheet][href]")]
    .filter((link) => !link.dataset.leaving && (path === undefined ? pathOf(link.href) !== null : pathOf(link.href) === path));

  const swap = (link, version) => {
    const next = link.cloneNode();
    next.href = withVersion(link.href, version);
    link.dataset.leaving = "";
    // The old one stays until the new one is there, so that the page is never bare.
    next.onload = next.onerror = () => link.remove();
    link.after(next);
  };

  const renew = (path, version) => {
    for (const link of sheets(path)) swap(link, version);
    for (const image of document.querySelectorAll("img[src]")) {
      if (pathOf(image.src) === path) image.src = withVersion(image.src, version);
    }
  };

  // ---- What is wrong

  const STYLE = `
    dialog { box-sizing: border-box; width: min(60rem, calc(100% - 2rem)); max-height: calc(100% - 2rem); padding: 1.25rem 1.5rem;
      border: 1px solid #b3261e; border-radius: .5rem; background: #1d1b1a; color: #f3efea; font: 1rem/1.5 system-ui, sans-serif; overflow: auto }
    dialog::backdrop { background: rgb(0 0 0 / .5) }
    h2 { margin: 0 0 .25rem; font-size: 1.15rem } p { margin: 0 0 1rem }
    pre { margin: 0 0 1rem; overflow: auto; font: .85rem/1.45 ui-monospace, monospace }
    button { font: inherit; padding: .4rem .9rem; border: 1px solid currentColor; border-radius: .35rem; background: #1d1b1a; color: #f3efea; cursor: pointer }
    button:focus-visible, pre:focus-visible { outline: 3px solid #ffb4a9; outline-offset: 2px }
    .sign { position: fixed; inset: auto 1rem 1rem auto; z-index: 2147483647; border-color: #ffb4a9; box-shadow: 0 0 0 2px #b3261e }
    @media print { :host { display: none } }`;

  let overlay;
  const make = () => {
    const host = document.createElement("diglot-problem");
    const root = host.attachShadow({ mode: "open" });
    const part = (name, text) => {
      const element = document.createElement(name);
      if (text) element.textContent = text;
      return element;
    };
    const dialog = part("dialog");
    const [title, note, report] = [part("h2"), part("p"), part("pre")];
    const [close, sign] = [part("button", "Close"), part("button")];
    title.id = "title";
    note.id = "note";
    dialog.lang = sign.lang = "en";
    dialog.dir = sign.dir = "ltr";
    dialog.setAttribute("aria-labelledby", "title");
    dialog.setAttribute("aria-describedby", "note");
    report.tabIndex = 0;
    report.setAttribute("role", "group");
    report.setAttribute("aria-label", "Report");
    sign.className = "sign";
    sign.hidden = true;
    close.onclick = () => dialog.close();
    dialog.onclose = () => { sign.hidden = !overlay?.told; };
    sign.onclick = () => { sign.hidden = true; dialog.showModal(); };
    dialog.append(title, note, report, close);
    root.append(part("style", STYLE), dialog, sign);
    document.body.append(host);
    return { host, dialog, title, note, report, close, sign, told: null };
  };

  const tell = (problem) => {
    const stands = own.dataset.version === "";
    if (!problem) {
      if (overlay?.told) {
        overlay.told = null;
        overlay.dialog.close();
        overlay.host.remove();
        overlay = null;
      }
      // The page that stands in for the site shows the state it was asked in.
      return;
    }
    if (stands) {
      const [title, hint, report] = document.querySelectorAll("main > *");
      document.title = title.textContent = problem.title;
      hint.textContent = "There is no site yet. It comes by itself when this is mended.";
      report.textContent = problem.report;
      return;
    }
    overlay ??= make();
    if (overlay.told === problem.report) return;
    overlay.told = problem.report;
    overlay.title.textContent = problem.title;
    overlay.note.textContent = "The page behind this is the last good one. This goes by itself when it is mended.";
    overlay.report.textContent = problem.report;
    overlay.sign.textContent = `${problem.title} · last good site`;
    overlay.sign.hidden = true;
    if (!overlay.dialog.open) overlay.dialog.showModal();
    overlay.close.focus({ preventScroll: true });
  };

  goBack();
  listen();
  // When the page stands and nothing else is to be done.
  addEventListener("load", () => setTimeout(() => diglotInPlace.prepare(own.dataset.version), 100), { once: true });
  addEventListener("pagehide", () => source.close());
  addEventListener("pageshow", (event) => { if (event.persisted) listen(); });
})();
