// The bar above the text: it steps aside while one reads on and comes back when one looks back,
// and what drops from it closes when it has been used.
const bar = document.querySelector(".bar");
const narrow = matchMedia("(max-width: 47.99rem)");

if (bar) {
  bar.classList.add("live");
  new ResizeObserver(() => bar.parentElement.style.setProperty("--bar", `${bar.offsetHeight}px`)).observe(bar);

  const isOpen = () => bar.querySelector(".drop[open]");
  let last = scrollY;
  addEventListener("scroll", () => {
    if (Math.abs(scrollY - last) < 8) return;
    bar.classList.toggle("away", narrow.matches && scrollY > last && !isOpen());
    last = scrollY;
  }, { passive: true });

  const drops = [...bar.querySelectorAll(".drop")];
  const isDropped = (drop) => getComputedStyle(drop.children[1]).position === "absolute";
  addEventListener("click", (event) => {
    // The arrow keys choose within a list, which stays open for the next press.
    if (event.detail === 0 && event.target.matches("input")) return;
    for (const drop of drops) {
      const used = drop.contains(event.target) && event.target.closest("a, label");
      if (drop.open && isDropped(drop) && (used || !drop.contains(event.target))) drop.open = false;
    }
  });
  addEventListener("keydown", (event) => {
    const drop = event.key === "Escape" && isOpen();
    if (!drop) return;
    drop.open = false;
    drop.querySelector("summary").focus();
  });
}
