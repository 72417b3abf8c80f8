// Lists: what is typed narrows the list, what is chosen orders it, and the address keeps both.
// Without it the list stands as it is; it sees the entries of this page and no others.
const sifter = document.querySelector(".sifter");
const fold = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
const make = (name, properties, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};

if (sifter) {
  const { items, orders, label, found, none, order, ...words } = sifter.dataset;
  const entries = [...document.querySelectorAll(items)].map((element) => ({
    element,
    home: element.parentElement,
    text: fold(element.textContent),
    title: (element.querySelector(".title span, .title") ?? element.querySelector("a")).textContent,
    seconds: (element.dataset.length ?? "").split(":").reduce((sum, part) => sum * 60 + Number(part), 0),
  }));
  const titles = new Intl.Collator(document.documentElement.lang, { numeric: true });
  const sorted = {
    old: () => entries.toReversed(),
    title: () => entries.toSorted((a, b) => titles.compare(a.title, b.title)),
    long: () => entries.toSorted((a, b) => b.seconds - a.seconds),
  };

  const input = make("input", { type: "search", autocomplete: "off", spellcheck: false, enterKeyHint: "search" });
  const names = orders.split(" ").filter(Boolean);
  const select = make("select", {}, ...names.map((name) => make("option", { value: name, textContent: words[name] })));
  const count = make("output", {});
  count.setAttribute("role", "status");
  const form = make("form", { role: "search" }, make("label", {}, make("span", { textContent: label }), input));
  if (names.length) form.append(make("label", {}, make("span", { textContent: order }), select));
  form.append(count);

  // Groups stand as long as the order is theirs; in any other all entries are one list.
  let placed = names[0];
  const place = () => {
    if (select.value === placed) return;
    placed = select.value;
    const own = !sorted[placed];
    for (const entry of own ? entries : sorted[placed]()) (own ? entry.home : entries[0].home).append(entry.element);
    for (const heading of document.querySelectorAll(".group h2")) heading.hidden = !own;
  };

  const show = () => {
    place();
    const wanted = fold(input.value).split(" ");
    let shown = 0;
    for (const { element, text } of entries) {
      element.hidden = !wanted.every((word) => text.includes(word));
      if (!element.hidden) shown += 1;
    }
    for (const group of document.querySelectorAll(".group")) {
      group.hidden = ![...group.querySelectorAll(items)].some((element) => !element.hidden);
    }
    const said = shown ? found.replace("{n}", shown).replace("{all}", entries.length) : none;
    count.textContent = wanted[0] ? said : "";
  };

  const keep = () => {
    const url = new URL(location);
    for (const [key, value, usual] of [["q", input.value.trim(), ""], ["sort", select.value, names[0] ?? ""]]) {
      if (value === usual) url.searchParams.delete(key);
      else url.searchParams.set(key, value);
    }
    history.replaceState(history.state, "", url);
  };

  const asked = new URLSearchParams(location.search);
  input.value = asked.get("q") ?? "";
  if (names.includes(asked.get("sort"))) select.value = asked.get("sort");
  form.addEventListener("input", () => { show(); keep(); });
  form.addEventListener("submit", (event) => event.preventDefault());
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing) return;
    input.value = "";
    show();
    keep();
  });
  addEventListener("keydown", (event) => {
    const busy = event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, select, textarea, [contenteditable]");
    if (event.key !== "/" || busy) return;
    event.preventDefault();
    input.focus();
  });
  sifter.append(form);
  show();
}
