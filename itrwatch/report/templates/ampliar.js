"use strict";
// Every picture of a page enlarges on click, with the line that turns the page; points to check show the pages that they are about.
(function () {
  const make = (tag, attributes, ...inside) => {
    const node = Object.assign(document.createElement(tag), attributes);
    node.append(...inside);
    return node;
  };
  const figures = [...document.querySelectorAll("figure")].filter((figure) => figure.querySelector("img") && !figure.closest("#compor"));
  if (!figures.length) { return; }
  // A line break has no text: without the comma “página 2” and “2 páginas” behind it would be “página 22 páginas”.
  const lines = (figure) => [...figure.querySelector("figcaption").childNodes]
    .map((node) => (node.nodeName === "BR" ? "\n" : node.textContent.replace(/\s+/g, " "))).join("").split("\n").map((line) => line.trim());
  const caption = (figure) => lines(figure).join(", ");
  const frame = make("div", { className: "frame" });
  const title = make("h3", { id: "ampliada" });
  const open = make("p", {});
  const turn = make("div", {});
  const close = make("button", { type: "button", textContent: "Fechar" });
  const previous = make("button", { type: "button", textContent: "‹ Anterior" });
  const next = make("button", { type: "button", textContent: "Próxima ›" });
  const dialog = make("dialog", {}, make("div", { className: "enlarged" }, frame, make("div", { className: "side" }, title, open, turn, make("p", { className: "chips" }, previous, next, close))));
  dialog.setAttribute("aria-labelledby", "ampliada");
  document.body.append(dialog);
  let shown = null;

  function show(figure) {
    shown = figure;
    const image = figure.querySelector("img");
    frame.replaceChildren(make("img", { src: image.src, alt: image.alt }));
    title.textContent = caption(figure);
    const link = figure.querySelector("a[href*='#page=']");
    open.replaceChildren(...(link ? [make("a", { href: link.href, textContent: "Abrir esta página no PDF" })] : []));
    const page = lines(figure).map((line) => /, página (\d+)(?= \(|$)/.exec(line)).find(Boolean);
    turn.replaceChildren();
    if (page) {
      const line = make("code", { textContent: `girar: {${page[1]}: 90}` });
      const copy = make("button", { type: "button", textContent: "Copiar" });
      copy.addEventListener("click", async () => {
        try { await navigator.clipboard.writeText(line.textContent); copy.textContent = "Copiado"; } catch { getSelection().selectAllChildren(line); copy.textContent = "Selecionado: use Ctrl+C"; }
        document.getElementById("aviso").textContent = copy.textContent;
      });
      turn.append(make("p", { textContent: "Está de lado? No item desta página, no processo.yaml, escreva:" }), make("p", {}, line, " ", copy));
    }
  }

  const step = (by) => show(figures[(figures.indexOf(shown) + by + figures.length) % figures.length]);
  previous.addEventListener("click", () => step(-1));
  next.addEventListener("click", () => step(1));
  close.addEventListener("click", () => dialog.close());
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "ArrowLeft") { step(-1); }
    if (event.key === "ArrowRight") { step(1); }
  });
  for (const figure of figures) {
    const button = make("button", { type: "button", className: "enlarge", textContent: "Ampliar" });
    button.setAttribute("aria-label", `Ampliar: ${figure.querySelector("img").alt}`);
    button.addEventListener("click", () => { show(figure); dialog.showModal(); });
    figure.append(button);
    const image = figure.querySelector("img");
    if (!image.closest("a")) { image.addEventListener("click", () => button.click()); image.classList.add("enlarges"); }
  }

  // The page's picture beside each point that names it.
  for (const item of document.querySelectorAll("#conferir li, #corrigir li")) {
    const targets = [...new Set([...item.querySelectorAll("a[href^='#p']")].map((link) => link.getAttribute("href").slice(1)))];
    const pictures = targets.map((id) => document.getElementById(id)).filter((figure) => figure && figure.querySelector("img")).slice(0, 6);
    if (!pictures.length) { continue; }
    item.append(make("div", { className: "beside" }, ...pictures.map((figure) => {
      const button = make("button", { type: "button" }, make("img", { src: figure.querySelector("img").src, alt: "", loading: "lazy" }));
      button.setAttribute("aria-label", `Ampliar: ${figure.querySelector("img").alt}`);
      button.addEventListener("click", () => { show(figure); dialog.showModal(); });
      return button;
    })));
  }
})();
