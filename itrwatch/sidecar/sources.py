"""One source of a section: a scan file, its pages, and what is ordered for single pages.

File names are kept as written; another module finds the file behind a name without ending, in
capitals or with decomposed accents. A name with a path is refused: nothing outside the case's own
folder may get into its PDFs.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from itrwatch.core.case_description import OrdemVersos, Source
from itrwatch.core.excerpts import Fix, Lines
from itrwatch.core.filenames import SCAN_SUFFIXES
from itrwatch.core.finding_collector import FindingCollector
from itrwatch.core.pages import Turn
from itrwatch.core.ranges import LAST, LAST_PAGE, BadPages, Pages, Span, parse_pages
from itrwatch.core.text_matching import cited, fold, match
from itrwatch.core.tree import Mapping, Node, Place, Scalar, Sequence, is_empty
from itrwatch.sidecar.keys import DEGREES, LONG
from itrwatch.sidecar.reading import word_of

_ENDING = re.compile(rf"(?:{'|'.join(map(re.escape, SCAN_SUFFIXES))})(?=[\s,;]|$)", re.IGNORECASE)
_GLUED_PAGES = re.compile(rf"(.*(?:{'|'.join(map(re.escape, SCAN_SUFFIXES))}))([0-9(].*)", re.IGNORECASE)
_ORDERED = re.compile(r"(.*?)[ ,;(]*\b(manter|remover)\b:? *([0-9][0-9, -]*)\)?", re.IGNORECASE)
_SEPARATORS = re.compile(r"\s*[,;]\s*|\s+e\s+|\s+\+\s+")
_PATH = re.compile(r"[/\\]|^[A-Za-z]:|^\.{1,2}$")
_PAGES_MEANT = re.compile(r"-?[0-9]|[(\[] ?[0-9]|(?:fls?\.?|folhas?) ?[0-9]", re.IGNORECASE)
_LONGEST_NAME = 255  # bytes; physical: what file systems take
_LONGEST_DEGREES = 20  # chosen
_MOST_ORDERED = 999  # pages that one key names one by one; more is a slip, and would cost time and memory; chosen
_TURN_EXAMPLE = "girar: {3: 90}"

Fields = dict[str, tuple[Scalar, Node]]


@dataclass(frozen=True, slots=True)
class _Orders:
    """What is ordered for single pages, as in `Source`."""

    turns: tuple[tuple[int, Turn], ...]
    keep: tuple[int, ...]
    remove: tuple[int, ...]

    def __add__(self, other: _Orders) -> _Orders:
        return _Orders(self.turns + other.turns, self.keep + other.keep, self.remove + other.remove)

    def of(self, source: Source) -> Source:
        """The source with these orders."""
        return replace(source, turns=self.turns, keep=self.keep, remove=self.remove)


def split_source(text: str) -> tuple[str, Pages | BadPages | None]:
    """``scan 001.pdf 1-3, 8`` → the file name and its pages; None if no pages are named.

    A file name may hold blanks and digits, so pages are only what follows the ending of a scan file.
    """
    # The last ending that is followed by a blank: “a.pdf b.pdf 1-3” is one (wrong) name and its pages.
    endings = list(_ENDING.finditer(text))
    rest = text[endings[-1].end() :].strip() if endings else ""
    if not rest:
        return text.strip(), None
    pages = parse_pages(rest)
    if isinstance(pages, Pages) or _PAGES_MEANT.match(rest):
        return text[: endings[-1].end()].strip(), pages
    return text.strip(), None


def short_sources(key: Scalar, node: Scalar | Sequence, notes: FindingCollector) -> tuple[Source, ...]:
    """The sources of a short form: one text, or a list of texts."""
    items = node.items if isinstance(node, Sequence) else (node,)
    if not items or is_empty(node):
        example = cited(f"{key.text}: scan 001.pdf 1-5")
        notes.error(key.place, f"falta o arquivo de {cited(key.text)}; escreva, por exemplo, {example}")
        return ()
    return tuple(_sources(items, notes, key))


def long_sources(fields: Fields, place: Place, notes: FindingCollector) -> tuple[Source, ...]:
    """The one source of a long form, from its keys by word; none if it is faulty."""
    named = _file(fields.get("arquivo"), place, notes)
    spans = _spans(fields, named, notes)
    backs = _backs(fields, named, notes)
    if named is None:
        _orders(fields, "", spans, notes)
        return ()
    own = fields["paginas"][1].place if spans and not named.spans else named.pages_place
    both = backs is not None and backs.file == named.file
    if backs is not None and both and not (spans and backs.spans):
        message = "as frentes e os versos estão no mesmo arquivo: diga as páginas das frentes em “paginas” e as dos versos em “versos”"
        notes.error(fields["versos"][0].place, message)
        return ()
    orders = _orders(fields, "", spans + (backs.spans if backs and both else ()), notes)
    front = orders.of(replace(named, spans=spans, pages_place=own))
    if backs is None:
        return (front,)
    theirs = _orders(fields, "_versos", backs.spans, notes)
    if both:  # one scan has one page of each number: who writes the back's under “girar” means it all the same
        theirs = orders + theirs
    return (replace(front, backs=theirs.of(backs), direct=_direct(fields, notes)),)


def _backs(fields: Fields, front: Source | None, notes: FindingCollector) -> Source | None:
    """The backs of a long form: a scan with its pages, or pages of the same scan."""
    entry = fields.get("versos")
    if entry is None or is_empty(entry[1]):
        for word in (key.word for key in LONG.keys if key.needs and key.word in fields):
            message = f"{cited(word)} só vale junto de “versos”; acrescente “versos” ou apague esta linha"
            notes.error(fields[word][0].place, message)
        return None
    value = entry[1]
    if front is not None and isinstance(value, Scalar) and isinstance(pages := parse_pages(value.text), Pages):
        return Source(front.file, pages.spans, value.place, pages_place=value.place)
    if not isinstance(value, Scalar):
        notes.error(
            value.place,
            "“versos” leva um arquivo só, com as páginas dele; escreva, por exemplo, “versos: verso.pdf 1-5”",
        )
        return None
    return _source(value, notes)


def _direct(fields: Fields, notes: FindingCollector) -> bool:
    return word_of(fields.get("ordem_versos"), tuple(OrdemVersos), notes) == OrdemVersos.DIRETA


def _orders(fields: Fields, suffix: str, spans: tuple[Span, ...], notes: FindingCollector) -> _Orders:
    """What is ordered for single pages of a scan; an order for a page outside ``spans`` is noted."""
    turns = tuple(_turns(fields.get(f"girar{suffix}"), notes))
    keep = _pages(fields.get(f"manter{suffix}"), notes)
    remove = _pages(fields.get(f"remover{suffix}"), notes)
    if both := set(keep) & set(remove):
        message = f"a página {min(both)} está em “manter{suffix}” e em “remover{suffix}”; deixe-a em um só"
        notes.error(fields[f"remover{suffix}"][0].place, message)
    for word, pages in (("girar", [page for page, _ in turns]), ("manter", keep), ("remover", remove)):
        _check_inside(fields.get(word + suffix), pages, spans, notes)
    return _Orders(turns, keep, remove)


def _sources(nodes: tuple[Node, ...], notes: FindingCollector, key: Scalar) -> Iterator[Source]:
    before = ""
    for node in nodes:
        if not isinstance(node, Scalar):
            notes.error(node.place, "cada arquivo da lista é um texto simples, como em [tif.tif, resposta.pdf 1-3]")
            continue
        if before and isinstance(parse_pages(node.text), Pages):
            before = f"{before},{node.text.strip()}"
            whole = f'"{before}"'
            message = f"{cited(node.text)} ficou separado do arquivo por uma vírgula; use aspas: {cited(whole)}"
            notes.error(node.place, message)
            continue
        before = node.text.strip()
        source = _source(node, notes, key)
        if source:
            yield source


def _file(entry: tuple[Scalar, Node] | None, place: Place, notes: FindingCollector) -> Source | None:
    if entry is None or is_empty(entry[1]):
        notes.error(place, "falta “arquivo” neste item; escreva, por exemplo, “arquivo: scan 001.pdf”")
        return None
    if not isinstance(entry[1], Scalar):
        notes.error(entry[1].place, "“arquivo” leva um arquivo só; para outro, repita o item com o mesmo “tipo”")
        return None
    return _source(entry[1], notes)


def _source(node: Scalar, notes: FindingCollector, key: Scalar | None = None) -> Source | None:
    """The source of one text; ``key``: the section word of a short form."""
    file, pages = split_source(node.text)
    behind = node.text[len(file) :].strip()
    if pages is None and (parted := _unglued(node.text)):
        message = f"falta um espaço antes das páginas; escreva {cited(parted)}"
        notes.error(node.place, message, fix=(node.text, parted))
        return None
    fault = _fault_of_name(file)
    if fault:
        notes.error(node.place, fault, fix=(node.text, _named_right(node.text, file)))
    if isinstance(pages, BadPages) and (ordered := _ORDERED.fullmatch(behind)):
        message = (
            f"{cited(ordered[2])} não cabe na forma curta; escreva o item em várias linhas, com “tipo” e “arquivo”"
        )
        notes.error(_pages_place(node, file), message, fix=_long_form(node, key, file, ordered, notes))
        return None
    if isinstance(pages, BadPages):
        notes.error(_pages_place(node, file), pages.message, fix=(behind, pages.proposal))
    if fault or isinstance(pages, BadPages):
        return None
    if pages and pages.reminder:
        notes.reminder(_pages_place(node, file), pages.reminder, fix=(behind, ",".join(map(str, pages.spans))))
    if pages and pages.order:
        notes.reminder(_pages_place(node, file), pages.order)
    return Source(
        file, pages.spans if pages else (), node.place, pages_place=_pages_place(node, file) if pages else None
    )


def _unglued(text: str) -> str:
    """``scan.pdf1-5`` → ``scan.pdf 1-5``; nothing for other texts."""
    found = _GLUED_PAGES.fullmatch(text.strip())
    return f"{found[1]} {found[2]}" if found and isinstance(parse_pages(found[2]), Pages) else ""


def _long_form(node: Scalar, key: Scalar | None, file: str, ordered: re.Match[str], notes: FindingCollector) -> Fix:
    """The item of a short form in the long one; nothing if its line holds more than this source."""
    line = notes.line(node.place)
    found = re.fullmatch(r"( *)- +(\w+) *: *(.*?) *", line)
    orders = parse_pages(ordered[3])
    if key is None or found is None or found[3] != node.text or isinstance(orders, BadPages):
        return ""
    inner = found[1] + "  "
    lines = [f"{found[1]}- tipo: {key.text}", f"{inner}arquivo: {file}"]
    lines += [f"{inner}paginas: {ordered[1].strip(' ,;')}"] if ordered[1].strip(" ,;") else []
    return Lines("\n".join([*lines, f"{inner}{fold(ordered[2])}: [{', '.join(map(str, orders.spans))}]"]))


def _fault_of_name(file: str) -> str | None:
    """Why ``file`` cannot be the name of one scan in the case's folder."""
    if not file:
        return "falta o nome do arquivo; escreva, por exemplo, “scan 001.pdf”"
    if len(file) > _LONGEST_NAME:
        return f"{cited(file)} é longo demais para o nome de um arquivo; confira se falta fechar aspas ou separar itens"
    if _PATH.search(file):
        bare = _bare(file)
        proposal = f"escreva {cited(bare)}" if bare.strip(".") else "escreva só o nome do arquivo"
        return f"{cited(file)} não serve: o arquivo deve estar na própria pasta do processo, sem caminho; {proposal}"
    if sum(1 for piece in _SEPARATORS.split(file) if _ENDING.search(piece)) > 1:
        return (
            f"{cited(file)} parece mais de um arquivo; ponha a lista entre colchetes, como [tif.tif, resposta.pdf 1-3]"
        )
    return None


def _pages_place(node: Scalar, file: str) -> Place:
    """Where the pages behind ``file`` begin."""
    start = node.text.index(file) + len(file)
    blanks = len(node.text[start:]) - len(node.text[start:].lstrip())
    # `quoted` is 1 where a quote stands before the text.
    return Place(node.place.line, node.place.column + node.quoted + start + blanks)


def _named_right(text: str, file: str) -> str:
    """``text`` as it may be meant: the file without its folders, or the files as a list."""
    if _PATH.search(file):
        bare = _bare(file)
        return text.replace(file, bare, 1) if bare.strip(".") else ""
    pieces = [piece for piece in _SEPARATORS.split(text) if piece]
    return f"[{', '.join(pieces)}]" if len(pieces) > 1 and all(map(_ENDING.search, pieces)) else ""


def _bare(file: str) -> str:
    """The name behind the last folder or disk."""
    return re.split(r"[/\\:]", file)[-1].strip()


def _spans(fields: Fields, named: Source | None, notes: FindingCollector) -> tuple[Span, ...]:
    """The pages of a long form: from ``paginas``, or after the file's name as in the short form."""
    entry = fields.get("paginas")
    if entry is None or is_empty(entry[1]):
        return named.spans if named else ()
    if named and named.spans:
        notes.error(entry[0].place, "as páginas já estão junto de “arquivo”; deixe-as em um lugar só")
        return ()
    return _ranges(entry, notes)


def _ranges(entry: tuple[Scalar, Node], notes: FindingCollector) -> tuple[Span, ...]:
    """The spans of ``1-3,8`` or ``[1-3, 8]``; faults are noted."""
    key, value = entry
    items = value.items if isinstance(value, Sequence) else (value,)
    texts = [item.text for item in items if isinstance(item, Scalar)]
    if len(texts) < len(items) or not texts:
        notes.error(
            value.place, f"não entendi as páginas em {cited(key.text)}; escreva, por exemplo, “{key.text}: 1-3,8”"
        )
        return ()
    pages = parse_pages(",".join(texts))
    if isinstance(pages, BadPages):
        notes.error(value.place, pages.message, fix=(",".join(texts), pages.proposal))
        return ()
    if pages.reminder:
        notes.reminder(value.place, pages.reminder, fix=(",".join(texts), ",".join(map(str, pages.spans))))
    if pages.order and match(key.text, ("paginas",)):
        notes.reminder(value.place, pages.order)
    return pages.spans


def _pages(entry: tuple[Scalar, Node] | None, notes: FindingCollector) -> tuple[int, ...]:
    """The single pages of ``manter`` or ``remover``."""
    if entry is None or is_empty(entry[1]) or entry[1] == Sequence((), entry[1].place):
        return ()
    return _closed(_ranges(entry, notes), entry, notes)


def _closed(spans: tuple[Span, ...], entry: tuple[Scalar, Node], notes: FindingCollector) -> tuple[int, ...]:
    """The pages of ``spans`` one by one; too many, or an open end, are noted."""
    where = cited(entry[0].text)
    if LAST in spans:
        notes.error(entry[1].place, f"em {where} diga o número da página, não “ultima”")
        return ()
    if opened := next((span for span in spans if span.last is None), None):
        first = opened.first
        notes.error(entry[1].place, f"em {where} diga também a última página: {first}-{first + 1}, por exemplo")
        return ()
    pages = [span.pages(LAST_PAGE) for span in spans]
    if sum(map(len, pages)) > _MOST_ORDERED:
        notes.error(entry[1].place, f"em {where} há mais de {_MOST_ORDERED} páginas; confira os números")
        return ()
    return tuple(page for span in pages for page in span)


def _turns(entry: tuple[Scalar, Node] | None, notes: FindingCollector) -> Iterator[tuple[int, Turn]]:
    if entry is None or is_empty(entry[1]):
        return
    if not isinstance(entry[1], Mapping):
        notes.error(entry[1].place, f"em “girar” diga a página e os graus, por exemplo {_TURN_EXAMPLE}")
        return
    named: set[int] = set()
    for key, value in _joined(entry[1], notes):
        turn = _degrees(key, value, notes)
        if turn is None:
            continue
        pages = _closed(_ranges((key, key), notes), (key, key), notes)
        if twice := named.intersection(pages):
            notes.error(key.place, f"a página {min(twice)} aparece duas vezes em “girar”; deixe-a uma vez só")
            return  # one is enough: each key may name thousands of pages
        named.update(pages)
        yield from ((page, turn) for page in pages)


def _joined(block: Mapping, notes: FindingCollector) -> Iterator[tuple[Scalar, Node]]:
    """The pairs; of ``{2,4,6: 180}``, which YAML takes for three words, one that is noted."""
    waiting: list[Scalar] = []
    for key, value in block.pairs:
        if is_empty(value) and isinstance(parse_pages(key.text), Pages):
            waiting.append(key)
        elif waiting and isinstance(value, Scalar):
            keys = [*waiting, key]
            pages = f'"{",".join(each.text for each in keys)}"'
            written = re.search(r" *, *".join(re.escape(each.text) for each in keys), notes.line(keys[0].place))
            message = f"várias páginas vão entre aspas; escreva girar: {{{pages}: {value.text}}}"
            notes.error(keys[0].place, message, fix=(written[0], pages) if written else "")
            waiting = []
        else:
            yield key, value
    for key in waiting:
        notes.error(key.place, f"faltam os graus da página {key.text}; escreva, por exemplo, girar: {{{key.text}: 90}}")


def _degrees(key: Scalar, value: Node, notes: FindingCollector) -> Turn | None:
    """Degrees clockwise; ``-90`` is a quarter counterclockwise."""
    glued = re.fullmatch(r"([0-9]+):(-?[0-9]+)", key.text)
    if glued and is_empty(value):
        message = f"falta um espaço depois dos dois-pontos; escreva girar: {{{glued[1]}: {glued[2]}}}"
        notes.error(key.place, message, fix=(key.text, f"{glued[1]}: {glued[2]}"))
        return None
    written = fold(value.text[:_LONGEST_DEGREES]) if isinstance(value, Scalar) else ""
    number = re.fullmatch(r"\+?(-?[0-9]{1,3})(?: ?(?:°|o|graus))?", written)
    turn = DEGREES.get(int(number[1])) if number else None
    if turn is None:
        said = cited(value.text) if isinstance(value, Scalar) else "a lista"
        notes.error(
            value.place,
            f"não sei girar {said}; use 0, 90, 180 ou 270 graus no sentido do relógio, como {_TURN_EXAMPLE}",
        )
    return turn


def _check_inside(
    entry: tuple[Scalar, Node] | None, pages: Iterable[int], spans: tuple[Span, ...], notes: FindingCollector
) -> None:
    """Refuses an order for a page that this item does not use: probably a slip of the number."""
    unsure = any(span == LAST for span in spans)  # where the last page is, shows only in the file
    # Low and high of each span, in order, for the bisection in `_is_inside`.
    plain = sorted(sorted((span.first, span.last or LAST_PAGE)) for span in spans if span.step == 1)
    other = [span for span in spans if span.step > 1]
    outside = [
        page
        for page in pages
        if spans and not unsure and not _is_inside(page, plain) and not any(page in span for span in other)
    ]
    if entry and outside:
        asked = ",".join(map(str, spans))
        said = f"a página {outside[0]} em {cited(entry[0].text)} não está entre as páginas deste item ({asked})"
        notes.error(entry[0].place, f"{said}; confira o número (conta a partir de 1, no arquivo digitalizado)")


def _is_inside(page: int, spans: list[list[int]]) -> bool:
    # The last span that begins at or before the page; those of one text do not overlap (`ranges`).
    at = bisect_right(spans, [page, LAST_PAGE + 1])
    return at > 0 and page <= spans[at - 1][1]
