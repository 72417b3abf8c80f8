// Words that stand in no text but in attributes: what they are in the reader's language. The page
// has them in all languages, in a template.
const root = document.documentElement;
const known = new Map();
for (const word of [...document.querySelectorAll("template.words")].flatMap((words) => [...words.content.children])) {
  const forms = Object.fromEntries([...word.children].map((form) => [form.lang, form.textContent]));
  for (const form of Object.values(forms)) known.set(form, forms);
}

const named = ["aria-label", "title", "placeholder", "data-done"];
const selector = [".sifter", ...named.map((name) => `[${name}]`)].join();
function translate(within) {
  for (const element of within.querySelectorAll(selector)) {
    for (const name of element.matches(".sifter") ? element.getAttributeNames() : named) {
      const word = known.get(element.getAttribute(name))?.[root.dataset.ui];
      if (word) element.setAttribute(name, word);
    }
  }
  for (const tool of within.querySelectorAll("template")) translate(tool.content);
}
const all = () => translate(document);
all();
new MutationObserver(all).observe(root, { attributeFilter: ["data-ui"] });
