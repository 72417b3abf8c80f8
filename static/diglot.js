// Find: its script comes when it is first asked for.
import { isFree, transcript } from "diglot/lines";

const openFind = async (event) => {
  event.preventDefault();
  (await import("diglot/find")).open();
};
document.querySelector(".finder")?.addEventListener("click", openFind);
if (transcript) addEventListener("keydown", (event) => { if (event.key === "/" && isFree(event)) openFind(event) });
