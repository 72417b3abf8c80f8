// Scripts that come when they are first asked for: find, and one voice alone.
import { isFree, transcript } from "diglot/lines";

const openFind = async (event) => {
  event.preventDefault();
  (await import("diglot/find")).open();
};
document.querySelector(".finder")?.addEventListener("click", openFind);
if (transcript) addEventListener("keydown", (event) => { if (event.key === "/" && isFree(event)) openFind(event) });

const who = document.querySelector(".who");
const openVoices = () => import("diglot/voices");
if (who && new URLSearchParams(location.search).has("who")) openVoices();
else who?.addEventListener("toggle", openVoices, { once: true });
