"use strict";
// Everything can be read without this script. It copies, remembers ticks, and warns in a report that was replaced.
(function () {
  const memory = {
    // A browser may forbid storage to files: then ticks last as long as the page is open.
    get(key) { try { return localStorage.getItem(key); } catch { return null; } },
    set(key, on) { try { if (on) { localStorage.setItem(key, "1"); } else { localStorage.removeItem(key); } } catch { /* not remembered */ } },
  };
  const say = (text) => { document.getElementById("aviso").textContent = text; };

  for (const box of document.querySelectorAll("input[data-tick]")) {
    const key = `itrwatch:${document.body.dataset.key}:${box.dataset.tick}`;
    box.checked = memory.get(key) === "1";
    box.addEventListener("change", () => memory.set(key, box.checked));
  }

  function select(node) {
    const range = document.createRange();
    range.selectNodeContents(node);
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }

  async function copy(node) {
    try { await navigator.clipboard.writeText(node.textContent); return true; } catch { /* older way below */ }
    select(node);
    return document.execCommand("copy");
  }

  for (const button of document.querySelectorAll("button[data-copy]")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      const done = await copy(document.getElementById(button.dataset.copy));
      button.textContent = done ? "Copiado" : "Selecionado: use Ctrl+C";
      say(button.textContent);
      setTimeout(() => { button.textContent = "Copiar"; }, 2500);
    });
  }

  if (/\/anteriores\/[^/]+\/[^/]+$/.test(decodeURI(location.pathname))) {
    const old = document.getElementById("anterior");
    if (old) { old.hidden = false; }
    document.querySelector("[data-panel]").href = "../../../index.html";
    for (const link of document.querySelectorAll("[data-before]")) { link.href = "../"; }
  }
})();
