// Where one was: remembers the line at the top of the screen. Who comes again is offered to go there;
// who reloads or goes back is there at once.
import { lines, placeInView, textsOf, transcript } from "diglot/lines";

const template = document.getElementById("return");
const key = "diglot:at:" + location.pathname;

/** How far into a talk is far enough to be brought back, in screens. */
const FAR = 1.5;

if (transcript && template) {
  let kept;
  try { kept = localStorage[key] } catch { /* private mode: nothing was kept */ }
  const line = kept && document.getElementById(kept);
  const fresh = performance.getEntriesByType("navigation")[0]?.type === "navigate";
  if (line && fresh && !location.hash) offer(line);

  function offer(line) {
    const note = template.content.firstElementChild.cloneNode(true);
    const link = note.querySelector("a");
    const [text] = textsOf(line);
    const words = document.createElement("q");
    words.lang = text.lang;
    words.textContent = text.textContent.length > 40 ? `${text.textContent.slice(0, 38).trimEnd()}…` : text.textContent;
    link.append(" ", words);
    link.href = "#" + line.id;
    const done = () => note.remove();
    note.addEventListener("click", done);
    transcript.before(note);
    // Whoever reads on by themselves does not want to be taken anywhere.
    addEventListener("scroll", () => { if (scrollY > innerHeight * FAR) done() }, { passive: true });
  }

  let timer;
  const note = () => {
    if (scrollY <= innerHeight * FAR) return;
    try { localStorage[key] = lines[placeInView()].id } catch { /* private mode: nothing is kept */ }
  };
  addEventListener("scroll", () => {
    clearTimeout(timer);
    timer = setTimeout(note, 400);
  }, { passive: true });

  // A browser would go as many dots down as before, but turns that it has not laid out have no
  // heights of their own yet.
  try {
    const [id, top] = sessionStorage[key].split(" ");
    const line = document.getElementById(id);
    if (!fresh) {
      line.scrollIntoView();
      scrollBy(0, line.getBoundingClientRect().top - top);
    }
  } catch { /* nothing was kept */ }
  addEventListener("pageshow", () => setTimeout(() => { history.scrollRestoration = "auto" }, 500));
  addEventListener("pagehide", () => {
    note();
    const far = scrollY > innerHeight;
    const line = lines[placeInView()];
    history.scrollRestoration = far ? "manual" : "auto";
    try { sessionStorage[key] = far ? `${line.id} ${line.getBoundingClientRect().top}` : "" } catch { /* private mode: nothing is kept */ }
  });
}
