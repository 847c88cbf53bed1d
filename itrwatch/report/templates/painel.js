"use strict";
// Everything can be read without this script. It searches, filters, sorts and looks again from time to time.
// What was searched for stands in the address, so that it survives a reload and can be kept as a bookmark.
(function () {
  const table = document.getElementById("casos");
  const search = document.getElementById("busca");
  const chips = [...document.querySelectorAll("[data-filter]")];
  const rows = table ? [...table.tBodies[0].rows] : [];
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const digits = (text) => text.replace(/[.\-/_ ]/g, "");
  const state = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));

  function keep() {
    const told = new URLSearchParams(Object.entries(state).filter(([, value]) => value));
    history.replaceState(null, "", `#${told}`);
  }

  const step = 100; // as many rows as are laid out at once; thousands would keep the reader waiting
  let limit = step;
  const first = document.getElementById("quantos")?.textContent;
  let texts;
  function filter() {
    texts ??= state.q ? rows.map((row) => plain(row.textContent)) : undefined;
    const words = plain(state.q ?? "").split(/\s+/).filter(Boolean);
    let left = 0;
    rows.forEach((row, index) => {
      const fits = (word) => texts[index].includes(word) || (/\d{4}/.test(word) && digits(texts[index]).includes(digits(word)));
      const on = words.every(fits) && (!state.so || row.dataset.in.split(" ").includes(state.so));
      left += on;
      row.hidden = !on || left > limit;
    });
    if (table) {
      document.getElementById("nenhum").hidden = left > 0;
      const head = state.ordem ? table.tHead.rows[0].cells[Number(state.ordem.replace("-", ""))] : null;
      const order = head ? `Por ordem de “${head.textContent.trim()}”.` : first;
      document.getElementById("quantos").textContent = state.q || state.so ? `${left} de ${rows.length} processos. ${order}` : order;
    }
    for (const chip of chips) { chip.setAttribute("aria-pressed", String(chip.dataset.filter === state.so)); }
    return left;
  }

  function pick() {
    limit = step;
    document.getElementById("aviso").textContent = `${filter()} de ${rows.length} ${rows.length === 1 ? "processo" : "processos"}`;
  }

  function more(rest) {
    limit = rest ? Infinity : limit + step;
    filter();
  }

  function sort() {
    if (!table || !state.ordem) { return; }
    const down = state.ordem.startsWith("-");
    const column = Number(state.ordem.replace("-", ""));
    const head = table.tHead.rows[0].cells[column];
    if (!head?.dataset.sort) { return; }
    const value = (row) => { const cell = row.cells[column]; return cell.dataset.v ?? cell.textContent.trim(); };
    const number = head.dataset.sort === "number";
    const keys = new Map(rows.map((row) => [row, number ? Number(value(row)) : value(row)]));
    const compare = (a, b) => {
      const [x, y] = [keys.get(a), keys.get(b)];
      if (x === "" || y === "") { return (x === "") - (y === ""); } // what is not known comes last, either way
      return (x < y ? -1 : Number(x > y)) * (down ? -1 : 1);
    };
    rows.sort(compare);
    texts = undefined;
    table.tBodies[0].append(...rows);
    filter();
    for (const cell of table.tHead.rows[0].cells) {
      if (cell.dataset.sort) { cell.setAttribute("aria-sort", cell === head ? (down ? "descending" : "ascending") : "none"); }
    }
  }

  function begin() {
    document.querySelector(".tools").hidden = rows.length === 0;
    search.value = state.q ?? "";
    search.addEventListener("input", () => { state.q = search.value; keep(); pick(); });
    for (const chip of chips) {
      chip.addEventListener("click", () => { state.so = state.so === chip.dataset.filter ? "" : chip.dataset.filter; keep(); pick(); });
    }
    [...(table?.tHead.rows[0].cells ?? [])].forEach((cell, column) => {
      if (!cell.dataset.sort) { return; }
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = cell.textContent;
      button.addEventListener("click", () => { state.ordem = state.ordem === String(column) ? `-${column}` : String(column); keep(); sort(); });
      cell.replaceChildren(button);
    });
    filter();
    sort();
    document.body.classList.add("ready");
    new IntersectionObserver((seen) => { if (seen.some((each) => each.isIntersecting) && limit < rows.length) { more(false); } }, { rootMargin: "800px" })
      .observe(document.querySelector("footer"));
    addEventListener("beforeprint", () => more(true));
  }

  // An open panel looks again, but not under the hands of somebody who is reading with the mouse or typing.
  let touched = 0;
  for (const event of ["keydown", "pointerdown", "wheel"]) { addEventListener(event, () => { touched = Date.now(); }, { passive: true }); }
  const every = Number(document.body.dataset.refresh) * 1000;
  setInterval(() => {
    if (document.visibilityState === "visible" && Date.now() - touched > every / 4) { location.reload(); }
  }, every);

  begin();
})();
