// Scripts that come when they are first asked for: find, and one voice alone.
import { isFree, transcript } from "diglot/lines";

// Some browsers show a keyboard only at once after a press, so a finger that comes down is answered
// before it is lifted.
let find;
const loadFind = async () => find = await import("diglot/find");
/** What is typed while the field is on its way; null when it is not. */
let early = null;
const openFind = async (event) => {
  event.preventDefault();
  if (find) return find.open();
  if (early !== null) return;
  early = "";
  try { (await loadFind()).open(early) } finally { early = null }
};
const finder = document.querySelector(".finder");
finder?.addEventListener("pointerdown", loadFind);
finder?.addEventListener("click", openFind);
addEventListener("keydown", (event) => {
  if (early !== null && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
    early += event.key;
    event.preventDefault();
    event.stopImmediatePropagation();
  } else if (transcript && event.key === "/" && isFree(event)) openFind(event);
}, true);

// Where the address asks for a voice, the page itself has brought it.
document.querySelector(".who")?.addEventListener("toggle", () => import("diglot/voices"), { once: true });
