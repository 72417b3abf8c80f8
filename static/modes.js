// Ways to read: remembers the choice, says it in the address, keeps the line being read where it
// is, and shows a translation where one asks for it.
import { isFree, lines as cues, placeInView } from "diglot/lines";

const root = document.documentElement;
const modes = document.querySelector(".modes");
const transcript = document.getElementById("transcript");

if (modes) {
  const inputs = [...modes.elements.mode];
  const chosen = () => inputs.find((input) => input.checked);
  const store = (key, value) => { try { localStorage[key] = value } catch { /* private mode: nothing is kept */ } };
  let held;

  /** Notes which line is being read, and where on the screen. */
  const hold = () => {
    const cue = cues[placeInView()];
    held = cue && { cue, top: cue.getBoundingClientRect().top };
  };
  const keep = () => {
    if (held?.top < innerHeight) scrollBy({ top: held.cue.getBoundingClientRect().top - held.top, behavior: "instant" });
    held = undefined;
  };

  /** The columns of side by side come when they are first asked for; without them lines are rows. */
  let columns;
  const lay = async () => {
    if (chosen().value === "side") columns ??= import("diglot/columns").catch(() => null);
    (await columns)?.apply();
  };

  const apply = async () => {
    const { value, classList } = chosen();
    const address = new URL(location);
    if (value === "lines") address.searchParams.delete("view");
    else address.searchParams.set("view", value);
    history.replaceState(history.state, "", address);
    store("diglot:view", value);
    if (classList.contains("only")) store("diglot:first", root.dataset.first = value);
    root.dataset.view = value;
    root.speak(value);
    unfold();
    roam();
    await lay();
    keep();
  };

  /** Verbatim, what listeners say is open; else as the reader left it. */
  const unfold = () => {
    for (const aside of transcript.querySelectorAll(".b details")) {
      if (chosen().value === "verbatim" && !aside.open) aside.dataset.opened = aside.open = true;
      else if (chosen().value !== "verbatim" && aside.dataset.opened) {
        aside.open = false;
        delete aside.dataset.opened;
      }
    }
  };

  modes.addEventListener("pointerdown", hold);
  modes.addEventListener("keydown", hold);
  modes.addEventListener("change", apply);
  // Reveal, chosen once more, puts the other language first.
  modes.addEventListener("click", (event) => {
    if (event.target.value !== "reveal" || root.dataset.view !== "reveal") return;
    const langs = inputs.filter((input) => input.matches(".only")).map((input) => input.value);
    root.dataset.first = langs[(langs.indexOf(root.dataset.first) + 1) % langs.length];
    store("diglot:first", root.dataset.first);
    for (const line of transcript.querySelectorAll(".open")) line.classList.remove("open");
    keep();
  });
  addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "v" || !isFree(event)) return;
    const offered = inputs.filter((input) => input.getClientRects().length > 0);
    const step = event.shiftKey ? offered.length - 1 : 1;
    hold();
    offered[(offered.indexOf(chosen()) + step) % offered.length].checked = true;
    apply();
  });

  // Reveal: a line is a button for its translation; the arrows go from line to line.
  const reveals = () => chosen().value === "reveal";
  const lines = () => [...transcript.querySelectorAll(".t > div:not(.b)")];
  const roam = (to) => {
    const from = transcript.querySelector('.t > div[tabindex="0"]');
    from?.removeAttribute("tabindex");
    if (reveals()) (to ?? from ?? lines()[0])?.setAttribute("tabindex", "0");
    to?.focus();
  };
  transcript.addEventListener("click", (event) => {
    if (!reveals() || event.target.closest("a, button, summary") || String(getSelection())) return;
    event.target.closest(".t > div:not(.b)")?.classList.toggle("open");
  });
  transcript.addEventListener("keydown", (event) => {
    if (!reveals() || !event.target.matches(".t > div")) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      const all = lines().filter((line) => line.getClientRects().length > 0);
      roam(all[all.indexOf(event.target) + step] ?? event.target);
    } else if (event.key === "Enter" || event.key === " ") event.target.classList.toggle("open");
    else return;
    event.preventDefault();
    event.stopPropagation();
  });

  transcript.addEventListener("diglot:show", (event) => {
    if (reveals() && event.detail.lang !== root.dataset.first) event.target.closest(".t > div")?.classList.add("open");
  });

  unfold();
  roam();
  lay();
}

// A link into what a listener says opens it.
const open = () => {
  let id;
  try { id = decodeURIComponent(location.hash.slice(1)) } catch { /* no id of a line */ }
  document.getElementById(id)?.closest(".b")?.querySelector("details")?.setAttribute("open", "");
};
addEventListener("hashchange", open);
open();
