// Find in the transcript, as one types: in all languages, whatever the case, the accents and the
// width of letters. Marks what it finds without changing the text.
import { lines, placeInView, show, textsOf, transcript } from "diglot/lines";

const form = document.getElementById("tool-find").content.firstElementChild.cloneNode(true);
const [field, count] = [form.querySelector("input"), form.querySelector("output")];
form.hidden = true;
document.querySelector(".episode").prepend(form);

/** How many hits are marked at once; those around the one that is looked at. */
const MARKED = 2000;

// Letters as they are compared. Most stay as they are, so only the others are looked up.
const folds = new Map([["’", "'"], ["‘", "'"], ["“", "\""], ["”", "\""]]);
function foldOf(letter) {
  let fold = folds.get(letter);
  if (fold === undefined) {
    fold = letter.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
    folds.set(letter, fold);
  }
  return fold;
}
// Plain Latin in small letters, and Han.
const plain = /^[\n -@[-~\u3001\u3002\u4e00-\u9fff]*$/;

/** A text folded, and where each of its letters comes from if that is not the same place. */
function folded(text) {
  if (plain.test(text)) return { text };
  let out = "";
  let moved = null;
  let at = 0;
  for (const letter of text) {
    const fold = letter < "\u0080" ? letter.toLowerCase() : foldOf(letter);
    if (fold.length !== letter.length && !moved) moved = Array.from({ length: out.length }, (_, place) => place);
    if (moved) for (let more = 0; more < fold.length; more += 1) moved.push(at);
    out += fold;
    at += letter.length;
  }
  moved?.push(at);
  return { text: out, moved };
}

/** Every text of every line, folded once. What is set above the words is not theirs. */
function readTexts() {
  const texts = [];
  for (const [place, line] of lines.entries()) {
    for (const text of textsOf(line)) {
      const nodes = [];
      if (text.childNodes.length === 1 && text.firstChild.nodeType === Node.TEXT_NODE) nodes.push(text.firstChild);
      else {
        const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT, (node) =>
          node.parentElement.closest("rt, rp, summary") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
        while (walker.nextNode()) nodes.push(walker.currentNode);
      }
      texts.push({ place, lang: text.lang, nodes, ...folded(nodes.map((node) => node.data).join("")) });
    }
  }
  return texts;
}

let texts = null;
let hits = [];
let current = -1;
let opened = null;

function search(query) {
  const wanted = folded(query.trim()).text;
  hits = [];
  if (wanted) {
    for (const text of texts) {
      for (let at = text.text.indexOf(wanted); at >= 0; at = text.text.indexOf(wanted, at + wanted.length)) {
        hits.push({ text, from: at, to: at + wanted.length });
      }
    }
  }
  return wanted;
}

function rangeOf({ text, from, to }) {
  const own = (at) => text.moved ? text.moved[at] : at;
  const range = new Range();
  const put = (side, at) => {
    for (const node of text.nodes) {
      if (at <= node.length) return void range[side](node, at);
      at -= node.length;
    }
  };
  put("setStart", own(from));
  put("setEnd", own(to));
  return range;
}

const highlights = typeof Highlight === "function" ? CSS.highlights : null;
function markHits() {
  if (!highlights) {
    for (const line of transcript.querySelectorAll(".found")) line.classList.remove("found");
    if (hits[current]) lines[hits[current].text.place].classList.add("found");
    return;
  }
  const from = Math.max(0, current - MARKED / 2);
  highlights.set("found", new Highlight(...hits.slice(from, from + MARKED).map(rangeOf)));
  const here = new Highlight(...hits[current] ? [rangeOf(hits[current])] : []);
  here.priority = 1;
  highlights.set("here", here);
}

function close() {
  opened?.classList.remove("shown");
  opened = null;
  for (const name of ["found", "here"]) highlights?.delete(name);
  for (const line of transcript.querySelectorAll(".found")) line.classList.remove("found");
}

/** Goes to a hit, and opens what hides it. */
function go(to) {
  opened?.classList.remove("shown");
  opened = null;
  current = hits.length ? (to + hits.length) % hits.length : -1;
  const hit = hits[current];
  count.textContent = field.value.trim() ? `${current + 1} / ${hits.length}` : "";
  form.classList.toggle("none", !hit && field.value.trim() !== "");
  markHits();
  if (!hit) return;
  const line = lines[hit.text.place];
  show(line, { lang: hit.text.lang });
  if (line.classList.contains("shown")) opened = line;
  // A long text may have the hit beyond the screen.
  const rect = rangeOf(hit).getBoundingClientRect();
  if (rect.height && (rect.top < form.offsetHeight || rect.bottom > innerHeight - 120)) scrollBy({ top: rect.top - innerHeight / 2, behavior: "instant" });
}

let from = 0;
function update() {
  const wanted = search(field.value);
  const place = hits.findIndex((hit) => hit.text.place >= from);
  current = -1;
  if (wanted) go(place < 0 ? 0 : place);
  else { close(); count.textContent = ""; form.classList.remove("none") }
}
field.addEventListener("input", (event) => { if (!event.isComposing) update() });
field.addEventListener("compositionend", update);

function step(by) {
  if (hits.length) go(current + by);
}
form.addEventListener("submit", (event) => { event.preventDefault(); step(1) });
form.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Escape") hide();
  else if (event.key === "Enter" && event.shiftKey && event.target === field) step(-1);
  else return;
  event.preventDefault();
});
form.addEventListener("click", (event) => {
  const kind = event.target.closest("button")?.value;
  if (kind === "before") step(-1);
  if (kind === "close") hide();
});

function hide() {
  const line = hits[current] && lines[hits[current].text.place];
  form.hidden = true;
  close();
  if (!line) return;
  line.tabIndex = -1;
  line.focus({ preventScroll: true });
}

/** Opens the field; what is typed is looked for from here on, and what has been typed before. */
export function open(typed = "") {
  texts ??= readTexts();
  if (form.hidden) from = placeInView();
  form.hidden = false;
  field.focus();
  field.select();
  if (typed) field.setRangeText(typed, 0, field.value.length, "end");
  if (field.value) update();
}
transcript.addEventListener("diglot:change", () => { texts = null });
