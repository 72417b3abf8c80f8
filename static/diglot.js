// Scripts that come when they are first asked for: find, and one voice alone.
import { isFree, transcript } from "diglot/lines";

const openFind = async (event) => {
  event.preventDefault();
  (await import("diglot/find")).open();
};
document.querySelector(".finder")?.addEventListener("click", openFind);
if (transcript) addEventListener("keydown", (event) => { if (event.key === "/" && isFree(event)) openFind(event) });

// Where the address asks for a voice, the page itself has brought it.
document.querySelector(".who")?.addEventListener("toggle", () => import("diglot/voices"), { once: true });
