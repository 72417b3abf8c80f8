// A permalink in the margin of the line under the pointer; a click copies it.
const transcript = document.getElementById("transcript");

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
