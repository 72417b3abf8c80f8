// What is selected can be copied as a link, or with who said it and where. Comes with the first
// selection.
import { fragmentOf, lines, namesOf, placeOf, textsOf, transcript, wordsOf } from "diglot/lines";
import { address, copy } from "diglot/links";

const tool = document.getElementById("tool-pick").content.firstElementChild.cloneNode(true);

/** The lines that are selected, as places from and to. */
function selected() {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  if (!range.intersectsNode(transcript) || !selection.toString().trim()) return null;
  const parts = (place) => textsOf(lines[place]).filter((text) => range.intersectsNode(text) && getComputedStyle(text).userSelect !== "none");
  const inside = lines.map((line, place) => place).filter((place) => parts(place).length);
  // A range that ends before the first word of a text does not mean that text.
  const has = (place) => parts(place).some((text) => {
    const own = document.createRange();
    own.selectNodeContents(text);
    if (range.compareBoundaryPoints(Range.START_TO_START, own) > 0) own.setStart(range.startContainer, range.startOffset);
    if (range.compareBoundaryPoints(Range.END_TO_END, own) < 0) own.setEnd(range.endContainer, range.endOffset);
    return own.toString().trim() !== "";
  });
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

const status = tool.querySelector("[role=status]");
tool.hidden = true;
transcript.append(tool);
// A press must not take the selection away.
tool.addEventListener("pointerdown", (event) => event.preventDefault());
tool.addEventListener("click", (event) => {
  const kind = event.target.closest("button")?.value;
  if (kind) take(kind === "cite");
});
/** Copies a link to the lines that are selected, or the one in focus; `whole`, with a citation. */
export async function take(whole) {
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
function update() {
  const range = selected();
  if (range) place(range);
  else if (!tool.contains(document.activeElement)) tool.hidden = true;
}
let soon;
document.addEventListener("selectionchange", () => {
  clearTimeout(soon);
  soon = setTimeout(update, 150);
});
addEventListener("keydown", (event) => { if (event.key === "Escape") tool.hidden = true });
update();
