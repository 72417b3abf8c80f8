// One voice: the turns of the others step back, with a line that says how many there are and
// brings them back. `?who=` in the address asks for the same.
const who = document.querySelector(".who");
const transcript = document.getElementById("transcript");

if (who) {
  const inputs = [...who.querySelectorAll("input")];
  const gap = who.querySelector("template").content.firstElementChild;

  const show = () => {
    const { of } = inputs.find((input) => input.checked).dataset;
    for (const button of transcript.querySelectorAll(".gap")) button.remove();
    who.classList.toggle("on", of !== undefined);
    let run = [];
    for (const part of transcript.querySelectorAll(".t, .sec, .br")) {
      if (part.matches(".t")) {
        const kept = of === undefined || part.dataset.m === of;
        part.classList.toggle("off", !kept);
        for (const aside of part.querySelectorAll(".b")) {
          const own = aside.querySelector("summary").dataset.m === of;
          aside.classList.toggle("own", own && !kept);
        }
        if (!kept) {
          run.push(part);
          continue;
        }
      }
      close(run);
      run = [];
    }
    close(run);
  };

  /** Puts before a run of turns what says how much they are. */
  const close = (run) => {
    const count = run.reduce((sum, turn) => sum + turn.querySelectorAll(":scope > div:not(.own)").length, 0);
    if (count === 0) return;
    const button = gap.cloneNode(true);
    for (const text of [...button.querySelectorAll("span"), button].filter((part) => !part.children.length)) {
      text.textContent = text.textContent.replace("{n}", count);
    }
    button.addEventListener("click", () => {
      for (const turn of run) turn.classList.remove("off");
      const first = run[0];
      button.remove();
      first.tabIndex = -1;
      first.focus({ preventScroll: true });
    });
    run[0].before(button);
  };

  const choose = (input) => {
    const address = new URL(location);
    if (input.dataset.of !== undefined) address.searchParams.set("who", input.value);
    else address.searchParams.delete("who");
    history.replaceState(history.state, "", address);
    show();
  };
  who.addEventListener("change", (event) => choose(event.target));

  // A link to a line of another voice brings that turn back, and so does whoever has found one there.
  const reach = () => {
    let id;
    try { id = decodeURIComponent(location.hash.slice(1)) } catch { /* no id of a line */ }
    document.getElementById(id)?.closest(".off")?.classList.remove("off");
  };
  addEventListener("hashchange", reach);
  transcript.addEventListener("diglot:show", (event) => event.target.closest(".off")?.classList.remove("off"));

  // Whoever is quick has chosen before this script came.
  const early = inputs.find((input) => input.checked && input.dataset.of !== undefined);
  if (early) choose(early);
  const asked = new URLSearchParams(location.search).get("who");
  const input = inputs.find((input) => input.value === asked && input.dataset.of !== undefined);
  if (input) {
    input.checked = true;
    show();
    reach();
  }
}
