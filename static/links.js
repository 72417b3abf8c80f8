// Links to lines: one in the margin, one to what is selected, and what a link to several lines
// shows. Moves from line to line by keys (j, k).
import { calm, fragmentOf, isFree, lines, namesOf, placeInView, placeOf, rangeOf, show, textsOf, transcript, wordsOf } from "diglot/lines";

const address = (fragment) => location.origin + location.pathname + fragment;

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

// A link in the margin of the line under the pointer, the finger or the focus; a click copies it.
const link = document.createElement("a");
link.className = "link";
link.hidden = true;
link.tabIndex = -1;
link.textContent = "#";
link.setAttribute("aria-hidden", "true");
transcript.append(link);

function point(event) {
  const turn = event.type === "focusin" && event.target.closest?.(".t");
  const place = placeOf(event.target) >= 0 ? placeOf(event.target) : turn ? placeOf(turn.querySelector("[id]:not(.was)")) : -1;
  const rect = lines[place]?.getClientRects()[0];
  if (!rect || (!link.hidden && link.hash === fragmentOf(place))) return;
  link.href = fragmentOf(place);
  link.textContent = "#";
  link.style.top = rect.top - transcript.getBoundingClientRect().top + "px";
  link.hidden = false;
}
for (const type of ["pointerover", "pointerdown", "focusin"]) transcript.addEventListener(type, point);

link.addEventListener("click", async (event) => {
  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const { hash } = link;
  if (await copy(address(hash))) {
    history.replaceState(history.state, "", hash);
    pick();
    link.textContent = "✓";
  } else {
    location.hash = hash;
  }
});

// A link to several lines marks them and leads to the first; one with an old id leads on.
let picked = [];
function pick(event) {
  for (const line of picked) line.classList.remove("on");
  picked = [];
  const range = location.hash && rangeOf(location.hash);
  if (!range) return;
  const [from, to] = range;
  picked = lines.slice(from, to + 1);
  for (const line of picked) line.classList.add("on");
  if (location.hash !== fragmentOf(from, to)) history.replaceState(history.state, "", fragmentOf(from, to));
  if (event !== undefined) show(lines[from], { block: "start" });
}
addEventListener("hashchange", pick);
pick(null);

// What is selected can be copied as a link, or with who said it and where.
const tool = document.getElementById("tool-pick")?.content.firstElementChild.cloneNode(true);

/** The lines that are selected, as places from and to. */
function selected() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!range.intersectsNode(transcript) || !selection.toString().trim()) return null;
  const inside = lines.map((line, place) => place).filter((place) => range.intersectsNode(lines[place]));
  // A range that ends before the first word of a line does not mean that line.
  const has = (place) => {
    const own = document.createRange();
    own.selectNodeContents(lines[place]);
    if (range.compareBoundaryPoints(Range.START_TO_START, own) > 0) own.setStart(range.startContainer, range.startOffset);
    if (range.compareBoundaryPoints(Range.END_TO_END, own) < 0) own.setEnd(range.endContainer, range.endOffset);
    return own.toString().trim() !== "";
  };
  while (inside.length && !has(inside.at(-1))) inside.pop();
  while (inside.length && !has(inside[0])) inside.shift();
  return inside.length ? [inside[0], inside.at(-1)] : null;
}

/** Joins what follows on one another: Han needs no space between. */
function joined(texts) {
  return texts.reduce((all, text) => all + (/[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\u3000-\u303f\uff00-\uffef]$/u.test(all) || !all ? "" : " ") + text, "");
}

/** Lines in each of their languages, who says them, from which episode, and the address. */
export function citation(from, to) {
  const blocks = [];
  for (const line of lines.slice(from, to + 1)) {
    const names = namesOf(line).join(" / ");
    if (blocks.at(-1)?.names !== names) blocks.push({ names, texts: new Map() });
    const { texts } = blocks.at(-1);
    for (const text of textsOf(line)) texts.set(text.lang, [...texts.get(text.lang) ?? [], wordsOf(text)]);
  }
  const said = blocks.map(({ names, texts }) => [...[...texts.values()].map(joined), ...names ? [`— ${names}`] : []].join("\n"));
  const words = (selector) => [...document.querySelectorAll(selector)].map((word) => word.textContent.trim()).join(" / ");
  const source = [words("h1 [lang]"), words(".head .facts:first-of-type li:first-child [lang]")].filter(Boolean).join(" · ");
  return [...said, [source, address(fragmentOf(from, to))].join("\n")].join("\n\n");
}

if (tool) {
  const status = tool.querySelector("[role=status]");
  tool.hidden = true;
  transcript.append(tool);
  // A press must not take the selection away.
  tool.addEventListener("pointerdown", (event) => event.preventDefault());
  tool.addEventListener("click", (event) => {
    const kind = event.target.closest("button")?.value;
    if (kind) take(kind === "cite");
  });
  async function take(whole) {
    const range = selected() ?? (placeOf(document.activeElement) >= 0 ? [placeOf(document.activeElement), placeOf(document.activeElement)] : null);
    if (!range) return;
    place(range);
    const done = await copy(whole ? citation(...range) : address(fragmentOf(...range)));
    if (!done) return void (location.hash = fragmentOf(...range));
    status.textContent = status.dataset.done;
  }
  function place([, to]) {
    const selection = getSelection();
    const rects = selection.isCollapsed ? [] : selection.getRangeAt(0).getClientRects();
    const end = rects.length ? rects[rects.length - 1] : lines[to].getBoundingClientRect();
    const box = transcript.getBoundingClientRect();
    tool.hidden = false;
    status.textContent = "";
    tool.style.top = end.bottom - box.top + 6 + "px";
    tool.style.left = Math.max(0, Math.min(end.left - box.left, box.width - tool.offsetWidth)) + "px";
  }
  let soon;
  document.addEventListener("selectionchange", () => {
    clearTimeout(soon);
    soon = setTimeout(() => {
      const range = selected();
      if (range) place(range);
      else if (!tool.contains(document.activeElement)) tool.hidden = true;
    }, 150);
  });
  addEventListener("keydown", (event) => {
    if (event.key === "Escape") tool.hidden = true;
    if (!isFree(event) || event.key.toLowerCase() !== "y") return;
    event.preventDefault();
    take(event.shiftKey);
  });
}

// j and k go from line to line; Enter takes the line's address. A player has a use for both.
function step(by) {
  const focused = placeOf(document.activeElement);
  const now = lines.findIndex((line) => line.classList.contains("now"));
  const from = focused >= 0 ? focused : now >= 0 ? now : placeInView() - (by > 0 ? 1 : 0);
  const line = lines[Math.max(0, Math.min(lines.length - 1, from + by))];
  line.tabIndex = -1;
  line.focus({ preventScroll: true });
  const { top, bottom } = line.getBoundingClientRect();
  if (top < 80 || bottom > innerHeight - 120) line.scrollIntoView({ block: "center", behavior: calm.matches ? "instant" : "smooth" });
  line.dispatchEvent(new CustomEvent("diglot:step", { bubbles: true }));
}
addEventListener("keydown", (event) => {
  if (!isFree(event)) return;
  if (event.key === "j" || event.key === "k") step(event.key === "j" ? 1 : -1);
  else if (event.key === "Enter" && lines.includes(event.target)) location.hash = fragmentOf(placeOf(event.target));
  else return;
  event.preventDefault();
});
