// The lines of the transcript: which there are, who says them, in which languages. Changes nothing
// but what has to open for a line to be seen.
export const transcript = document.getElementById("transcript");

/** Every line, in order. An anchor of class `was` keeps an old address; it is no line. */
export const lines = [...transcript?.querySelectorAll(".t [id]:not(.was)") ?? []];
/** The place of every line. A text that stands elsewhere has its line's, and `away` has it. */
export const places = new Map(lines.map((line, place) => [line, place]));
export const away = new Map();

/** The place of the line that a node is in; -1 outside of all. */
export function placeOf(node) {
  const within = node instanceof Element ? node : node?.parentElement;
  for (let at = within; at && at !== transcript; at = at.parentElement) {
    if (places.has(at)) return places.get(at);
  }
  return -1;
}

/** The texts of a line: one element per language. */
export function textsOf(line) {
  const texts = [...line.querySelectorAll("[lang]"), ...away.get(line) ?? []].filter((text) => !text.closest("summary"));
  return texts.length ? texts : [line];
}

/** What an element says, without what is set above its words. */
export function wordsOf(text) {
  if (!text.querySelector("rt")) return text.textContent.trim();
  const bare = text.cloneNode(true);
  for (const above of bare.querySelectorAll("rt, rp")) above.remove();
  return bare.textContent.trim();
}

/** The names of who says a line, one per language. */
export function namesOf(line) {
  const own = line.querySelectorAll("summary b");
  const names = own.length ? own : line.closest(".t")?.querySelectorAll(".w b") ?? [];
  return [...names].map((name) => name.textContent.trim());
}

/** The lines that a fragment names, `#a` or `#a..b`, as places from and to. An old id leads to its line. */
export function rangeOf(hash) {
  let ids;
  try { ids = decodeURIComponent(hash.slice(1)).split("..") } catch { return null }
  const [from, to = from] = ids.map((id) => {
    let place = document.getElementById(id);
    while (place?.matches(".was")) place = place.nextElementSibling;
    return placeOf(place);
  });
  if (ids.length > 2 || from < 0 || to < 0) return null;
  return from <= to ? [from, to] : [to, from];
}

export function fragmentOf(from, to = from) {
  return "#" + lines[from].id + (to > from ? ".." + lines[to].id : "");
}

/**
 * Brings a line, and of it the text in `lang`, into view whatever hides it. Folds open; who hides
 * lines in another way hears `diglot:show` and shows this one; what is hidden still gets `.shown`.
 */
export function show(line, { lang, block = "center", behavior = "instant" } = {}) {
  for (let fold = line.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  for (const fold of line.querySelectorAll("details")) fold.open = true;
  line.dispatchEvent(new CustomEvent("diglot:show", { bubbles: true, detail: { lang } }));
  const hidden = textsOf(line).some((text) => (!lang || text.lang === lang) && !text.getClientRects().length);
  if (lang && hidden) line.classList.add("shown");
  line.scrollIntoView({ block, behavior });
}

/** The first of some elements that ends below an edge of the screen. */
const below = (elements, edge) => elements.find((element) => {
  const { bottom, height } = element.getBoundingClientRect();
  return height > 0 && bottom > edge;
});

/** The place of the line at the top of what is seen. Asks the turns first: only one is looked into. */
export function placeInView() {
  const edge = Math.max(0, document.querySelector(".bar")?.getBoundingClientRect().bottom ?? 0) + 4;
  const turn = below([...transcript.querySelectorAll(".t")], edge);
  const own = [...turn?.querySelectorAll("[id]:not(.was)") ?? []];
  // A turn ends below its last line where another column is longer.
  const line = below(own, edge) ?? own.at(-1);
  return line ? places.get(line) : lines.length - 1;
}

/** Whether a key is for the page, not for a field or the browser. Letters and signs are not either, where the reader has switched them off. */
export function isFree(event) {
  if (event.key.length === 1 && event.key !== " " && keys && !keys.checked) return false;
  return !event.defaultPrevented && !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing
    && !event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select, audio, video, dialog, [contenteditable]");
}

const keys = document.querySelector(".keys input");
if (keys) {
  try { keys.checked = localStorage["diglot:keys"] !== "off" } catch { /* private mode: they are on */ }
  keys.addEventListener("change", () => { try { localStorage["diglot:keys"] = keys.checked ? "on" : "off" } catch { /* until the page is left */ } });
}

export const calm = matchMedia("(prefers-reduced-motion: reduce)");
