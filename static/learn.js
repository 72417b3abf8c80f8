// For learners: how Han is read above it, words that one marks, lines that one keeps, and both as
// a table for flash cards. All of it stays in this browser.
import { fragmentOf, isFree, lines, namesOf, placeInView, placeOf, textsOf, transcript, wordsOf } from "diglot/lines";

const tool = document.getElementById("tool-learn").content.firstElementChild.cloneNode(true);
document.querySelector(".bar").after(tool);
const [count, take, write, forget] = ["output", "[value=take]", "[value=write]", "[value=forget]"].map((name) => tool.querySelector(name));

// What is kept: words and lines of all pages, each with where it stands.
const key = "diglot:kept";
function recall() {
  try { return JSON.parse(localStorage[key]) ?? [] } catch { return [] }
}
let kept = recall();
function keep() {
  try { localStorage[key] = JSON.stringify(kept) } catch { /* private mode: it lasts as long as the page */ }
  count.textContent = kept.length;
  write.disabled = forget.disabled = !kept.length;
  mark();
}

const here = location.origin + location.pathname;
const title = [...document.querySelectorAll("h1 [lang]")].map((word) => word.textContent.trim()).join(" / ");
/** Keeps a line, or a word of it in a language; what is kept already is let go. */
function toggle(place, word = "", lang = "") {
  const link = here + fragmentOf(place);
  const known = kept.findIndex((one) => one.link === link && one.word === word);
  if (known >= 0) {
    kept.splice(known, 1);
  } else {
    const texts = textsOf(lines[place]).map((text) => ({ lang: text.lang, text: wordsOf(text) }));
    kept.push({ word, lang, texts, who: namesOf(lines[place]).join(" / "), title, link });
  }
  keep();
}

// Marks, without changing the text.
const highlights = typeof Highlight === "function" ? CSS.highlights : null;
function mark() {
  const ranges = [];
  for (const line of transcript.querySelectorAll(".kept")) line.classList.remove("kept");
  for (const { link, word, lang } of kept) {
    const place = link.startsWith(here + "#") ? placeOf(document.getElementById(link.slice(here.length + 1))) : -1;
    if (place < 0) continue;
    if (!word) lines[place].classList.add("kept");
    else for (const text of textsOf(lines[place])) if (text.lang === lang) ranges.push(...rangesOf(text, word));
  }
  highlights?.set("word", new Highlight(...ranges));
}
function rangesOf(text, word) {
  const nodes = [];
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT, (node) =>
    node.parentElement.closest("rt, rp, summary") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  while (walker.nextNode()) nodes.push(walker.currentNode);
  const at = nodes.map((node) => node.data).join("").indexOf(word);
  if (at < 0) return [];
  const range = new Range();
  const put = (side, rest) => {
    for (const node of nodes) {
      if (rest <= node.length) return void range[side](node, rest);
      rest -= node.length;
    }
  };
  put("setStart", at);
  put("setEnd", at + word.length);
  return [range];
}

// A double click marks the word, and once more lets it go.
transcript.addEventListener("dblclick", () => {
  const selection = getSelection();
  const place = placeOf(selection.anchorNode);
  const text = place >= 0 && selection.anchorNode.parentElement.closest("[lang]");
  const word = text ? selected(selection) : "";
  if (word) toggle(place, word, text.lang);
});
/** The words of a selection, without what is set above them. */
function selected(selection) {
  const part = selection.getRangeAt(0).cloneContents();
  for (const above of part.querySelectorAll("rt, rp")) above.remove();
  return part.textContent.trim();
}

// The line one is at: the one in focus, the one being said, or the first on the screen.
function current() {
  const focused = placeOf(document.activeElement);
  const now = lines.findIndex((line) => line.classList.contains("now"));
  return focused >= 0 ? focused : now >= 0 ? now : placeInView();
}
take.addEventListener("click", () => toggle(current()));
addEventListener("keydown", (event) => {
  if (event.key !== "s" || !isFree(event)) return;
  event.preventDefault();
  toggle(current());
});

/** A table as Anki imports it: the word if one was marked, a column per language, and where it stands. */
export function table() {
  const langs = [...new Set(kept.flatMap((one) => one.texts.map((text) => text.lang)))];
  const cell = (text) => (text ?? "").replace(/[\t\r\n]+/g, " ");
  const row = ({ word, texts, who, title, link }) =>
    [word, ...langs.map((lang) => texts.find((text) => text.lang === lang)?.text), who, title, link].map(cell).join("\t");
  return ["#separator:tab", "#html:false", `#columns:${["word", ...langs, "speaker", "episode", "link"].join("\t")}`, ...kept.map(row)].join("\n") + "\n";
}
write.addEventListener("click", () => {
  const file = URL.createObjectURL(new Blob([table()], { type: "text/tab-separated-values" }));
  Object.assign(document.createElement("a"), { href: file, download: "lines.tsv" }).click();
  setTimeout(() => URL.revokeObjectURL(file), 1000);
});
forget.addEventListener("click", () => {
  kept = [];
  keep();
});

// How Han is read. A line gets its readings when it comes near the screen.
const switches = [...tool.querySelectorAll("[data-readings]")];
const plain = new Map();
let watching;
async function read(button) {
  const on = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(on));
  watching?.disconnect();
  for (const [text, words] of plain) text.replaceChildren(words);
  plain.clear();
  if (on) {
    const syllables = await (await fetch(button.dataset.readings)).json();
    watching = new IntersectionObserver((entries) => {
      for (const entry of entries.filter((entry) => entry.isIntersecting)) {
        watching.unobserve(entry.target);
        annotate(entry.target, button.lang, syllables[placeOf(entry.target)]);
      }
      changed();
    }, { rootMargin: "100%" });
    for (const line of lines) watching.observe(line);
  }
  changed();
}
function changed() {
  transcript.dispatchEvent(new CustomEvent("diglot:change"));
  mark();
}
function annotate(line, lang, syllables) {
  const text = textsOf(line).find((own) => own.lang === lang);
  if (!text || !syllables || plain.has(text) || text.childNodes.length !== 1) return;
  const rest = syllables.split(" ");
  const words = text.textContent;
  plain.set(text, words);
  text.replaceChildren(...words.split(/(\p{sc=Han}+)/u).flatMap((run, odd) => {
    if (odd % 2 === 0) return run ? [run] : [];
    const ruby = document.createElement("ruby");
    for (const han of run) {
      const above = document.createElement("rt");
      // Not all of Han are letters.
      if (/\p{Alphabetic}/u.test(han) && rest[0] !== undefined) above.textContent = rest.shift().replace(/^-$/, "");
      ruby.append(han, above);
    }
    return [ruby];
  }));
}
for (const button of switches) button.addEventListener("click", () => read(button));

keep();
