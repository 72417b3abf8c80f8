// What the episode page gains from a script. Without it everything can be read.
const transcript = document.getElementById("transcript");
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

// A permalink in the margin of the line under the pointer; a click copies it.
if (transcript) {
  const link = document.createElement("a");
  link.className = "link";
  link.hidden = true;
  link.textContent = "#";
  link.tabIndex = -1;
  link.setAttribute("aria-hidden", "true");
  transcript.append(link);

  const point = (event) => {
    const turn = event.target.closest?.(".t");
    const cue = event.target.closest?.(".t > div") ?? (event.type === "focusin" ? turn?.querySelector(":scope > div") : null);
    if (!cue?.id || link.hash === "#" + cue.id) return;
    link.href = "#" + cue.id;
    link.textContent = "#";
    link.style.top = cue.getClientRects()[0].top - transcript.getBoundingClientRect().top + "px";
    link.hidden = false;
  };
  for (const type of ["pointerover", "pointerdown", "focusin"]) transcript.addEventListener(type, point);

  link.addEventListener("click", async (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || !navigator.clipboard) return;
    event.preventDefault();
    try {
      await navigator.clipboard.writeText(link.href);
      history.replaceState(null, "", link.hash);
      link.textContent = "✓";
    } catch {
      location.hash = link.hash;
    }
  });
}
