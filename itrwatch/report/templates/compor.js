"use strict";
// Composes processo.yaml: every page has a section that begins on it or goes on, and the text follows each click.
// Nothing is sent anywhere and nothing is saved but in this browser; the file is made with a blob: link.
(function () {
  const root = document.getElementById("compor");
  if (!root) { return; }
  const data = JSON.parse(root.dataset.compose);
  const by = (id) => document.getElementById(`compor-${id}`);
  const NONE = "fora";
  const headings = new Map([...data.sections, [NONE, "Fora de todas as seções"]]);
  const words = data.sections.map(([word]) => word);
  const DAY = /^(\d{2})\/(\d{2})\/(\d{4})$/;
  const fields = [...root.querySelectorAll("[data-field]")];
  const lists = [...root.querySelectorAll("[data-list]")];
  const pages = data.pages;
  let groups;
  let open = null;

  // ---- state

  function begin() {
    pages.forEach((page, index) => Object.assign(page, { index, start: page.proposed, doubt: page.guess, turn: page.girar, out: page.removed }));
    groups = data.groups.map((group) => ({ ...group }));
    for (const field of fields) { field.value = data.fields[field.dataset.field] || ""; }
    for (const list of lists) {
      const ticked = data.lists[list.dataset.list] || [];
      for (const box of list.querySelectorAll("input")) { box.checked = ticked.includes(box.value); }
    }
  }

  const memory = {
    key: `itrwatch:compor:${data.key}`,
    load() {
      try {
        const kept = JSON.parse(localStorage.getItem(this.key) || "null");
        if (!kept || kept.pages.length !== pages.length) { return; }
        kept.pages.forEach(([start, doubt, turn, out], index) => Object.assign(pages[index], { start, doubt, turn, out }));
        groups = kept.groups.map((number) => data.groups[number]);
        for (const field of fields) { field.value = kept.fields[field.dataset.field] || ""; }
        for (const list of lists) {
          for (const box of list.querySelectorAll("input")) { box.checked = (kept.lists[list.dataset.list] || []).includes(box.value); }
        }
      } catch { /* a browser may forbid storage to files: then the page begins with the proposal */ }
    },
    save() {
      const kept = {
        pages: pages.map((page) => [page.start, page.doubt, page.turn, page.out]),
        groups: groups.map((group) => data.groups.findIndex((one) => one.title === group.title)),
        fields: Object.fromEntries(fields.map((field) => [field.dataset.field, field.value])),
        lists: Object.fromEntries(lists.map((list) => [list.dataset.list, ticked(list)])),
      };
      try { localStorage.setItem(this.key, JSON.stringify(kept)); } catch { /* not remembered */ }
    },
    drop() { try { localStorage.removeItem(this.key); } catch { /* nothing was remembered */ } },
  };

  const order = () => groups.flatMap((group) => group.pages).map((index) => pages[index]);
  const ticked = (list) => [...list.querySelectorAll("input:checked")].map((box) => box.value);
  const nameOf = (page) => `${data.files[page.file].shown}, página ${page.page}`;

  function assign() {
    let current = NONE;
    for (const page of order()) {
      if (page.separator) { page.section = ""; continue; }
      current = page.start || current;
      page.section = current;
    }
  }

  // ---- text

  // As yaml_text of core/excerpts.py.
  function quoted(text) {
    return text === text.trim() && /^[\p{L}\p{N}_/.(][\p{L}\p{N}_/ .()+=@&~^-]*$/u.test(text) ? text : `'${text.replaceAll("'", "''")}'`;
  }

  function ranges(numbers) {
    const runs = [];
    for (const number of numbers) {
      const last = runs[runs.length - 1];
      const step = last ? number - last[last.length - 1] : 0;
      const goes = last && Math.abs(step) === 1 && (last.length === 1 || step === last[1] - last[0]);
      if (goes) { last.push(number); } else { runs.push([number]); }
    }
    return runs.map((run) => (run.length > 1 ? `${run[0]}-${run[run.length - 1]}` : `${run[0]}`)).join(",");
  }

  const numbersOf = (own) => own.map((page) => page.page);
  const climbs = (numbers, step) => numbers.every((number, at) => at === 0 || number - numbers[at - 1] === step);

  function pagesText(own) {
    const file = data.files[own[0].file];
    const numbers = numbersOf(own);
    return numbers.length === file.pages && numbers[0] === 1 && climbs(numbers, 1) ? "" : ranges(numbers);
  }

  function orders(own, suffix) {
    const lines = [];
    const turned = own.filter((page) => page.turn !== null).map((page) => `${page.page}: ${page.turn}`);
    const kept = numbersOf(own.filter((page) => page.keep && !page.out));
    const removed = numbersOf(own.filter((page) => page.out));
    if (turned.length) { lines.push(`girar${suffix}: {${turned.join(", ")}}`); }
    if (kept.length) { lines.push(`manter${suffix}: [${kept.join(", ")}]`); }
    if (removed.length) { lines.push(`remover${suffix}: [${removed.join(", ")}]`); }
    return lines;
  }

  // Fronts and backs that alternate as “versos” of one item, if they do.
  function folded(own) {
    const fronts = own.filter((_page, at) => at % 2 === 0);
    const backs = own.filter((_page, at) => at % 2 === 1);
    if (own.length < 4 || fronts.length !== backs.length) { return null; }
    const alike = (half) => half.every((page) => page.file === half[0].file);
    const apart = fronts[0].file !== backs[0].file || Math.abs(own[0].page - own[1].page) > 1;
    if (!alike(fronts) || !alike(backs) || !apart || !climbs(numbersOf(fronts), 1)) { return null; }
    const direct = climbs(numbersOf(backs), 1);
    if (!direct && !climbs(numbersOf(backs), -1)) { return null; }
    return { fronts, backs: direct ? backs : [...backs].reverse(), direct };
  }

  const samePages = (each, own) => JSON.stringify(own.map((page) => page.index).sort((a, b) => a - b)) === JSON.stringify(each.pages);

  function split(own, alike) {
    const runs = [];
    for (const page of own) {
      const last = runs[runs.length - 1];
      if (last && alike(last[0], page)) { last.push(page); } else { runs.push([page]); }
    }
    return runs;
  }

  // The pages of each item of a section: those that were counted together, fronts with their backs, else a run of one file.
  function cut(section) {
    const counted = (page) => data.expected.findIndex((each) => each.pages.includes(page.index));
    const own = order().filter((page) => page.section === section);
    return split(own, (one, other) => counted(one) === counted(other)).flatMap((part) => {
      const pair = folded(part);
      if (pair) { return [{ own: part, pair }]; }
      const runs = split(part, (one, other) => one.file === other.file).filter((run) => run.some((page) => !page.out));
      return runs.map((run) => ({ own: run, pair: null }));
    });
  }

  function itemLines(section, own, pair) {
    const all = pair ? [...pair.fronts, ...pair.backs] : own;
    const guess = all.find((page) => page.doubt);
    const remark = guess ? `  # CONFIRA: ${guess.why}` : "";
    const fronts = pair ? pair.fronts : own;
    const lines = orders(fronts, "");
    const counted = data.expected.find((each) => samePages(each, all));
    const file = data.files[fronts[0].file];
    if (pair) {
      const back = data.files[pair.backs[0].file];
      lines.unshift(`versos: ${quoted(`${back.name} ${pagesText(pair.backs)}`.trim())}`, ...(pair.direct ? ["ordem_versos: direta"] : []));
      lines.push(...orders(pair.backs, "_versos"));
    }
    if (counted) { lines.push(`folhas: ${counted.folhas}`); }
    const span = pagesText(fronts);
    if (file.refused) { return [`#  - ${section}: ${file.shown} ${span}  # o nome deste arquivo não pode ser escrito aqui: renomeie-o`]; }
    if (!lines.length) { return [`  - ${section}: ${quoted(`${file.name} ${span}`.trim())}${remark}`]; }
    return [`  - tipo: ${section}${remark}`, `    arquivo: ${quoted(file.name)}`, ...(span ? [`    paginas: ${span}`] : []), ...lines.map((line) => `    ${line}`)];
  }

  const items = (section) => cut(section).flatMap(({ own, pair }) => itemLines(section, own, pair));

  function block(word, keys) {
    const parts = keys.map(([key, value]) => (value ? `${key}: ${value}` : "")).filter(Boolean);
    return parts.length ? [`${word}: {${parts.join(", ")}}`] : [];
  }

  const typed = (name) => fields.find((field) => field.dataset.field === name).value.trim();

  function day(name) {
    const text = typed(name);
    const found = DAY.exec(text);
    const wrong = by(`${name}-erro`);
    const date = found && new Date(Date.UTC(found[3], found[2] - 1, found[1]));
    const real = found && date.getUTCDate() === Number(found[1]) && date.getUTCMonth() === found[2] - 1;
    const message = text && !real ? "Escreva dia, mês e ano: 02/10/2023." : "";
    if (wrong.textContent !== message) { wrong.textContent = message; }
    return real ? text : "";
  }

  function documents(name) {
    const list = lists.find((one) => one.dataset.list === name);
    const all = [...ticked(list), ...(data.more[name] || [])];
    return all.length ? `[${all.map(quoted).join(", ")}]` : "";
  }

  function text() {
    const sections = words.flatMap(items);
    const plain = ["contribuinte", "exercicio", "nirf"].filter(typed).map((word) => `${word}: ${quoted(typed(word))}`);
    const ciencia = [["modo", typed("ciencia.modo")], ["data", day("ciencia.data")], ["envio", day("ciencia.envio")], ["documentos", documents("ciencia.documentos")]];
    const impugnacao = [["data", day("impugnacao.data")], ["via", typed("impugnacao.via")], ["documentos", documents("impugnacao.documentos")]];
    return [
      ...data.head, ...["complemento", "primeira_folha"].filter(typed).map((word) => `${word}: ${quoted(typed(word))}`), "secoes:", ...sections, "",
      ...(data.processo ? [`processo: ${data.processo}`] : []), ...plain,
      ...block("ciencia", ciencia), ...block("impugnacao", impugnacao),
      ...(typed("numeracao") ? [`numeracao: ${typed("numeracao")}`] : []), ...JSON.parse(by("resto").dataset.rest), "",
    ].join("\n");
  }

  // ---- what is shown

  function make(tag, attributes, ...inside) {
    const node = Object.assign(document.createElement(tag), attributes);
    node.append(...inside);
    return node;
  }

  function tile(page) {
    const picture = document.querySelector(`#${page.picture} img`);
    const large = make("button", { type: "button", className: "look-at" });
    large.setAttribute("aria-label", `Ampliar ${nameOf(page)}`);
    large.append(picture ? make("img", { src: picture.src, alt: "", loading: "lazy" }) : make("span", { className: "nopicture", textContent: "sem imagem" }));
    large.addEventListener("click", () => enlarge(page));
    const select = make("select");
    select.setAttribute("aria-label", `Seção que começa em ${nameOf(page)}`);
    select.append(make("option", { value: "", textContent: "continua a anterior" }));
    for (const [word, heading] of headings) { select.append(make("option", { value: word, textContent: word === NONE ? heading : `começa: ${heading}` })); }
    select.addEventListener("change", () => { setStart(page, select.value); });
    page.node = make("li", {}, large, make("p", { className: "said" }), make("p", { className: "small muted", textContent: nameOf(page) }), make("p", { className: "small flag why" }));
    if (!page.separator) { page.node.append(select); }
    page.select = select;
    return page.node;
  }

  function draw() {
    by("grupos").replaceChildren(...groups.map((group, at) => {
      const heading = make("h3", { textContent: group.title });
      const section = make("div", {}, heading);
      if (data.movable && groups.length > 1) {
        const move = (step, label, sign) => {
          const button = make("button", { type: "button", textContent: sign, disabled: !groups[at + step] });
          button.setAttribute("aria-label", `${label}: ${group.title}`);
          button.addEventListener("click", () => {
            groups.splice(at + step, 0, ...groups.splice(at, 1));
            draw();
            by("grupos").children[at + step].querySelector("button:enabled").focus();
          });
          return button;
        };
        section.append(make("p", { className: "chips" }, move(-1, "Pôr antes", "↑"), move(1, "Pôr depois", "↓")));
      }
      section.append(make("ol", { className: "sheet compose" }, ...group.pages.map((index) => tile(pages[index]))));
      return section;
    }));
    refresh();
  }

  function said(page) {
    if (page.separator) { return "Folha separadora: não é publicada"; }
    if (page.out) { return "Retirada a pedido"; }
    return headings.get(page.section);
  }

  function refresh() {
    assign();
    let before = "";
    for (const page of order()) {
      const begins = (page.section !== before || page.start !== "") && !page.separator;
      before = page.separator ? before : page.section;
      page.node.className = [page.out || page.separator || page.section === NONE ? "off" : "", begins ? "begins" : "", page.doubt ? "doubt" : ""].join(" ").trim();
      page.node.querySelector(".said").textContent = said(page);
      page.node.querySelector(".why").textContent = page.doubt && begins ? page.why : "";
      page.node.querySelector(".look-at").dataset.turned = ((page.turn ?? page.shows) - page.shows + 360) % 360;
      page.select.value = page.start;
    }
    by("texto").value = text();
    by("falta").replaceChildren(...missing().map((sentence) => make("li", { textContent: sentence })));
    if (open) { showLarge(); }
    memory.save();
  }

  const listed = (own) => [...new Set(own.map((page) => page.file))].map((file) => `${data.files[file].shown} (${ranges(numbersOf(own.filter((page) => page.file === file)))})`).join(", ");

  function missing() {
    const all = order();
    const sentences = [];
    const doubtful = all.filter((page) => page.doubt);
    const outside = all.filter((page) => page.section === NONE && !page.separator);
    if (!typed("complemento") && !all.some((page) => page.section === data.required && !page.out)) { sentences.push(`Diga onde começa a ${headings.get(data.required)}: sem ela não há processo.`); }
    if (doubtful.length) { sentences.push(`É palpite, olhe e confirme: ${listed(doubtful)}.`); }
    if (outside.length) { sentences.push(`Fora de todas as seções, não entra nos PDFs: ${listed(outside)}.`); }
    const made = words.flatMap(cut);
    for (const each of data.expected.filter((one) => !made.some(({ own }) => samePages(one, own)))) {
      sentences.push(`O item que tinha “folhas: ${each.folhas}” ficou com outras páginas: a contagem não foi mantida; se quiser, escreva-a de novo.`);
    }
    for (const file of data.files.filter((one) => one.refused)) { sentences.push(`Mude o nome do arquivo ${file.shown}: assim ele não pode ser escrito no processo.yaml.`); }
    return sentences;
  }

  // ---- what is done

  function setStart(page, start) {
    page.start = start;
    confirm(page);
  }

  // Whoever says or confirms a section answers for the run of guesses that it heads.
  function confirm(page) {
    assign();
    const all = order();
    for (let at = all.indexOf(page); at < all.length; at += 1) {
      if (all[at] !== page && (all[at].start || all[at].section !== page.section)) { break; }
      all[at].doubt = false;
    }
    refresh();
  }

  function turn(page) {
    const next = ((page.turn ?? page.shows) + 90) % 360;
    page.turn = next === page.shows && page.girar === null ? null : next;
    refresh();
  }

  function takeOut(page) {
    page.out = !page.out;
    refresh();
  }

  function step(by) {
    const all = order();
    open = all[(all.indexOf(open) + by + all.length) % all.length];
    showLarge();
  }

  function enlarge(page) {
    open = page;
    showLarge();
    by("grande").showModal();
  }

  function showLarge() {
    const picture = document.querySelector(`#${open.picture} img`);
    const image = picture ? make("img", { src: picture.src, alt: nameOf(open) }) : make("p", { className: "nopicture", textContent: "sem imagem" });
    by("moldura").replaceChildren(image);
    by("moldura").dataset.turned = ((open.turn ?? open.shows) - open.shows + 360) % 360;
    by("qual").textContent = nameOf(open);
    by("secao").textContent = open.start && !open.separator ? `Começa aqui: ${said(open)}` : said(open);
    by("porque").textContent = open.doubt ? open.why : "";
    for (const button of by("comeca").children) {
      button.setAttribute("aria-pressed", String(button.value === open.start));
      button.disabled = open.separator;
    }
    root.querySelector("[data-do=confirm]").hidden = !open.doubt;
    root.querySelector("[data-do=out]").setAttribute("aria-pressed", String(open.out));
  }

  const actions = {
    confirm: () => confirm(open), turn: () => turn(open), out: () => takeOut(open),
    previous: () => step(-1), next: () => step(1), close: () => by("grande").close(),
  };
  const KEYS = { ArrowLeft: "previous", ArrowRight: "next", g: "turn", r: "out", c: "confirm" };

  function pressed(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) { return; }
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const action = KEYS[key];
    if (action) { actions[action](); event.preventDefault(); return; }
    if (open.separator) { return; }
    if (key === "0") { setStart(open, ""); }
    if (key === "f") { setStart(open, NONE); }
    if (/^[1-9]$/.test(key) && words[key - 1]) { setStart(open, words[key - 1]); }
  }

  // With the mark and the line ends of Notepad.
  function download() {
    const href = URL.createObjectURL(new Blob(["\ufeff", by("texto").value.replaceAll("\n", "\r\n")], { type: "application/yaml" }));
    make("a", { href, download: "processo.yaml" }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60000);
  }

  async function copy() {
    let done = true;
    try { await navigator.clipboard.writeText(by("texto").value); } catch { by("texto").select(); done = document.execCommand("copy"); }
    by("copiar").textContent = done ? "Copiado" : "Selecionado: use Ctrl+C";
    document.getElementById("aviso").textContent = by("copiar").textContent;
    setTimeout(() => { by("copiar").textContent = "Copiar"; }, 2500);
  }

  // ---- begin

  const start = (value, label, number) => {
    const button = make("button", { type: "button", value, textContent: number ? `${number} ${label}` : label });
    button.addEventListener("click", () => setStart(open, value));
    return button;
  };
  by("comeca").append(...data.sections.map(([word, heading], at) => start(word, heading, at + 1)), start("", "continua a anterior", "0"), start(NONE, headings.get(NONE), "F"));
  for (const button of root.querySelectorAll("[data-do]")) { button.addEventListener("click", () => actions[button.dataset.do]()); }
  by("grande").addEventListener("keydown", pressed);
  by("grande").addEventListener("close", () => {
    const page = open;
    open = null;
    page.node.querySelector("button").focus();
    page.node.scrollIntoView({ block: "nearest" });
  });
  by("baixar").addEventListener("click", download);
  by("copiar").addEventListener("click", copy);
  by("desfazer").addEventListener("click", () => { memory.drop(); begin(); draw(); });
  for (const each of [...fields, ...lists]) { each.addEventListener("input", refresh); }
  begin();
  memory.load();
  for (const more of root.querySelectorAll(".form details")) { more.open = [...more.querySelectorAll("input")].some((field) => field.value); }
  root.hidden = false;
  by("sem").hidden = true;
  for (const fallback of document.querySelectorAll("[data-without-script]")) { fallback.hidden = true; }
  draw();
})();
