// What the episode page gains from a script. Without it everything can be read.
import { isFree, transcript } from "diglot/lines";

const bar = document.querySelector(".bar");
const modes = document.querySelector(".modes");
const contents = document.querySelector(".contents");

// Modes: remember the choice, and keep the line being read where it is.
if (modes) {
  let cue, top;
  const hold = () => {
    const bottom = Math.max(0, bar.getBoundingClientRect().bottom);
    cue = [...transcript.querySelectorAll(".t > div")].find((c) => c.getBoundingClientRect().bottom > bottom + 8);
    top = cue?.getBoundingClientRect().top;
  };
  modes.addEventListener("pointerdown", hold);
  modes.addEventListener("keydown", hold);
  modes.addEventListener("change", (event) => {
    try { localStorage["diglot:mode"] = event.target.value } catch { /* private mode: nothing is kept */ }
    if (cue && top < innerHeight) scrollBy({ top: cue.getBoundingClientRect().top - top, behavior: "instant" });
  });
}

// The bar steps aside while one reads on, and comes back when one looks back.
if (bar) {
  bar.classList.add("live");
  const narrow = matchMedia("(max-width: 48rem)");
  let last = scrollY;
  addEventListener("scroll", () => {
    if (Math.abs(scrollY - last) < 8) return;
    bar.classList.toggle("away", narrow.matches && scrollY > last && !(contents?.open));
    last = scrollY;
  }, { passive: true });
}

// Contents: as a drop-down it closes once a part is chosen.
contents?.addEventListener("click", (event) => {
  const dropped = getComputedStyle(contents.querySelector("nav")).position === "absolute";
  if (dropped && event.target.closest("a")) contents.open = false;
});

// Find: its script comes when it is first asked for.
const openFind = async (event) => {
  event.preventDefault();
  (await import("diglot/find")).open();
};
document.querySelector(".finder")?.addEventListener("click", openFind);
if (transcript) addEventListener("keydown", (event) => { if (event.key === "/" && isFree(event)) openFind(event) });
