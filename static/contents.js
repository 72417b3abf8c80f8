// Contents: marks the part that is being read.
const links = [...document.querySelectorAll(".contents a")];
const parts = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));

/** Whether a part begins above an edge. Its turn often tells, which is cheaper: lines out of sight need not be laid out. */
function isAbove(part, edge) {
  const turn = part.closest(".t")?.getBoundingClientRect();
  if (turn?.height && (turn.bottom <= edge || turn.top > edge)) return turn.bottom <= edge;
  return part.getBoundingClientRect().top <= edge;
}

if (links.length > 0) {
  let current;
  let waiting = false;
  const mark = () => {
    waiting = false;
    const edge = innerHeight / 3;
    const at = parts.findLastIndex((part) => part && isAbove(part, edge));
    if (links[at] === current) return;
    current?.removeAttribute("aria-current");
    current = links[at];
    if (!current) return;
    current.setAttribute("aria-current", "location");
    const list = current.closest("nav");
    const { offsetTop, offsetHeight } = current;
    if (offsetTop < list.scrollTop || offsetTop + offsetHeight > list.scrollTop + list.clientHeight) {
      list.scrollTop = offsetTop - list.clientHeight / 3;
    }
  };
  const later = () => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(mark);
  };
  addEventListener("scroll", later, { passive: true });
  addEventListener("resize", later);
  later();
}
