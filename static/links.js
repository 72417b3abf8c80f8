// Links to lines: one in the margin, and what a link to several lines shows. Moves from line to line by keys (j, k).
import { calm, fragmentOf, isFree, lines, placeInView, placeOf, rangeOf, show, transcript } from "diglot/lines";

export const address = (fragment) => location.origin + location.pathname + fragment;

/** Puts a text into the clipboard; false where the browser does not let it. */
export async function copy(text) {
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

function point(event) {
  const turn = event.type === "focusin" && event.target.closest?.(".t");
  const place = placeOf(event.target) >= 0 ? placeOf(event.target) : turn ? placeOf(turn.querySelector("[id]:not(.was)")) : -1;
  const rect = lines[place]?.getClientRects()[0];
  if (!rect || (!link.hidden && link.hash === fragmentOf(place))) return;
  link.href = fragmentOf(place);
  if (!link.isConnected) transcript.append(link);
  link.textContent = "#";
  link.style.top = rect.top - transcript.getBoundingClientRect().top + "px";
  link.hidden = false;
  if (event.type !== "pointerover") soon();
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
// Who reloads or goes back is where they were.
pick(performance.getEntriesByType("navigation")[0]?.type === "navigate" ? null : undefined);

// What can be done with selected lines comes with the first selection, or the first key for it.
let tools;
const hasTools = document.getElementById("tool-pick") !== null;
const openTools = () => tools ??= import("diglot/pick");
/** Some browsers copy only at once after a key: who comes near to one has the tools before it. */
function soon() {
  if (hasTools) openTools();
}
document.addEventListener("selectionchange", () => {
  const selection = getSelection();
  if (hasTools && !tools && selection.rangeCount && !selection.isCollapsed && selection.getRangeAt(0).intersectsNode(transcript)) openTools();
});
addEventListener("keydown", async (event) => {
  if (!hasTools || !isFree(event) || event.key.toLowerCase() !== "y") return;
  event.preventDefault();
  (await openTools()).take(event.shiftKey);
});

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
