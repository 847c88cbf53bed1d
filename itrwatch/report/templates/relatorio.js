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
      const node = document.getElementById(button.dataset.copy);
      const done = await copy(node);
      // What the draft leaves to be confirmed or filled in must not be signed unread.
      const left = Number(node.dataset.open ?? 0);
      const open = left ? `: ${left === 1 ? "falta resolver 1 ponto" : `falta resolver ${left} pontos`}` : "";
      button.textContent = done ? `Copiado${open}` : "Selecionado: use Ctrl+C";
      say(button.textContent);
      setTimeout(() => { button.textContent = "Copiar"; }, 2500);
    });
  }

  // The page was written once; what is due depends on the day on which it is read.
  const now = new Date();
  const today = [now.getFullYear(), now.getMonth() + 1, now.getDate()].map((part) => String(part).padStart(2, "0")).join("-");
  const held = [...document.querySelectorAll(".due")].filter((each) => {
    const { since, until } = each.dataset;
    each.hidden = Boolean((since && today < since) || (until && today > until));
    for (const when of each.querySelectorAll(".when")) { when.hidden = true; }
    return !each.hidden;
  });
  const phases = document.getElementById("fases");
  if (phases && held.length) {
    for (const each of [...phases.children]) {
      each.open = each.dataset.phase === held[0].dataset.phase;
      if (each.open) { phases.prepend(each); }
    }
  }

  if (/\/anteriores\/[^/]+\/[^/]+$/.test(decodeURI(location.pathname))) {
    const old = document.getElementById("anterior");
    if (old) { old.hidden = false; }
    document.querySelector("[data-panel]").href = "../../../index.html";
    for (const link of document.querySelectorAll("[data-before]")) { link.href = "../"; }
  }
})();
