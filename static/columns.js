// Side by side as prose: the texts of a paragraph flow in a column per language, and the columns
// begin level. Moves the texts of every language but the first; any other way to read, a narrow
// screen and paper have them where they were. Without this script each line is a row.
import { away, lines, placeInView, places, transcript } from "diglot/lines";

const root = document.documentElement;
const side = document.getElementById("mode-side");
const room = matchMedia("screen and (min-width: 48rem)");
const [first] = [...document.querySelectorAll(".only")].map((input) => input.value);

const part = (name, lang = "", dir = "") => Object.assign(document.createElement("section"), { className: name, lang, dir });
/** The direction of a text: what says none is written from the left. */
const directionOf = (text) => text.dir || (document.dir === "rtl" ? "ltr" : "");

function lay(turn) {
  let begin;
  let columns;
  for (const line of turn.querySelectorAll(":scope > div[id]:not(.b)")) {
    if (!begin || line.matches(".p")) {
      if (begin) line.before(part("then"));
      begin = line;
      columns = new Map();
    }
    for (const text of line.querySelectorAll(`:scope > p:not([lang="${first}"])`)) {
      if (!columns.has(text.lang)) {
        columns.set(text.lang, part("col", text.lang, directionOf(text)));
        begin.before(columns.get(text.lang));
      }
      columns.get(text.lang).append(text, " ");
      away.set(line, [...away.get(line) ?? [], text]);
      places.set(text, places.get(line));
    }
    copy(line);
  }
}

function lift() {
  for (const [line, texts] of away) {
    for (const text of texts) {
      text.removeAttribute("class");
      places.delete(text);
    }
    line.append(...texts);
  }
  away.clear();
  for (const own of transcript.querySelectorAll(".col, .then")) own.remove();
}

// What a line is marked as, its other texts are too.
const copy = (line) => { for (const text of away.get(line) ?? []) text.className = line.className };
new MutationObserver((changes) => { for (const { target } of changes) copy(target) })
  .observe(transcript, { subtree: true, attributeFilter: ["class"] });

// What is selected in one column goes on in that column.
transcript.addEventListener("pointerdown", (event) => {
  if (away.size && event.target.closest(".t")) transcript.dataset.from = event.target.closest(".col") ? "others" : "first";
});

/** Lays the columns where that is how to read, else puts all back; the line that is read stays where it is. */
export function apply(fits = room.matches) {
  const wanted = side.checked && fits;
  if (wanted === away.size > 0) return;
  const read = scrollY > 0 && lines[placeInView()];
  const top = read && read.getBoundingClientRect().top;
  if (wanted) for (const turn of transcript.querySelectorAll(".t")) lay(turn);
  else lift();
  root.classList.toggle("cols", wanted);
  transcript.lang = wanted ? first : "";
  if (!wanted) transcript.removeAttribute("lang");
  if (read) scrollBy({ top: read.getBoundingClientRect().top - top, behavior: "instant" });
}
room.addEventListener("change", () => apply());
// Some browsers print a copy, and tell only so.
addEventListener("beforeprint", () => apply(false));
addEventListener("afterprint", () => apply());
apply();
