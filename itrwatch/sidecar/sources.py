"""One source of a section: a scan and its pages, in short or long form.

    split_source("scan 001.pdf 1-3, 8") -> ("scan 001.pdf", Pages(…))

File names are kept as written; `itrwatch.core.filenames` finds the file if extension, case or Unicode form
differ. A path is refused, except that of a scan in a subfolder of the case, ``20261129/scan.pdf``: files outside the case folder
must not get into its PDFs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from itrwatch.core.case_description import OrdemVersos, Source
from itrwatch.core.excerpts import Fix, Replacement
from itrwatch.core.filenames import SCAN_SUFFIXES
from itrwatch.core.finding_collector import FindingCollector
from itrwatch.core.ranges import BadPages, Pages, Span, parse_pages
from itrwatch.core.text_matching import cited, fold
from itrwatch.core.tree import Node, Place, Scalar, Sequence, is_empty
from itrwatch.sidecar.keys import LONG
from itrwatch.sidecar.page_orders import Fields, page_orders, spans_of
from itrwatch.sidecar.reading import word_of

_ENDING = re.compile(rf"(?:{'|'.join(map(re.escape, SCAN_SUFFIXES))})(?=[\s,;]|$)", re.IGNORECASE)
_GLUED_PAGES = re.compile(rf"(.*(?:{'|'.join(map(re.escape, SCAN_SUFFIXES))}))([0-9(].*)", re.IGNORECASE)
_ORDERED = re.compile(r"(.*?)[ ,;(]*\b(manter|remover)\b:? *([0-9][0-9, -]*)\)?", re.IGNORECASE)
_SEPARATORS = re.compile(r"\s*[,;]\s*|\s+e\s+|\s+\+\s+")
_PATH = re.compile(r"[/\\]|^[A-Za-z]:|^\.{1,2}$")
_IN_SUBFOLDER = re.compile(r"(?!\.{1,2}[/\\])[^/\\:]+[/\\](?!\.{1,2}$)[^/\\:]+")
_PAGES_MEANT = re.compile(r"-?[0-9]|[(\[] ?[0-9]|(?:fls?\.?|folhas?) ?[0-9]", re.IGNORECASE)
_LONGEST_NAME = 255  # bytes; physical: the limit of file systems


def split_source(text: str) -> tuple[str, Pages | BadPages | None]:
    """``scan 001.pdf 1-3, 8`` → the file name and its pages; None for the pages if none are written.

    A file name may contain blanks and digits, so only text after the extension of a scan is read as pages.
    """
    # The last extension followed by a blank: “a.pdf b.pdf 1-3” is one (wrong) name and its pages.
    endings = list(_ENDING.finditer(text))
    rest = text[endings[-1].end() :].strip() if endings else ""
    if not rest:
        return text.strip(), None
    pages = parse_pages(rest)
    if isinstance(pages, Pages) or _PAGES_MEANT.match(rest):
        return text[: endings[-1].end()].strip(), pages
    return text.strip(), None


def short_sources(key: Scalar, node: Scalar | Sequence, collector: FindingCollector) -> tuple[Source, ...]:
    """The sources of a short form: one text, or a list of texts."""
    items = node.items if isinstance(node, Sequence) else (node,)
    if not items or is_empty(node):
        example = cited(f"{key.text}: scan 001.pdf 1-5")
        collector.error(key.place, f"falta o arquivo de {cited(key.text)}; escreva, por exemplo, {example}")
        return ()
    return tuple(_sources(items, collector, key))


def long_sources(fields: Fields, place: Place, collector: FindingCollector) -> tuple[Source, ...]:
    """The one source of a long form, from its keys by word; none if it is faulty."""
    named = _file(fields.get("arquivo"), place, collector)
    spans = _spans(fields, named, collector)
    backs = _backs(fields, named, collector)
    if named is None:
        page_orders(fields, "", spans, collector)
        return ()
    own = fields["paginas"][1].place if spans and not named.spans else named.pages_place
    both = backs is not None and backs.file == named.file
    if backs is not None and both and not (spans and backs.spans):
        message = "as frentes e os versos estão no mesmo arquivo: diga as páginas das frentes em “paginas” e as dos versos em “versos”"
        collector.error(fields["versos"][0].place, message)
        return ()
    orders = page_orders(fields, "", spans + (backs.spans if backs and both else ()), collector)
    front = orders.of(replace(named, spans=spans, pages_place=own))
    if backs is None:
        return (front,)
    theirs = page_orders(fields, "_versos", backs.spans, collector)
    if both:  # fronts and backs in one scan: a page number is unambiguous, so “girar” may name a back too
        theirs = orders + theirs
    return (replace(front, backs=theirs.of(backs), direct=_direct(fields, collector)),)


def _backs(fields: Fields, front: Source | None, collector: FindingCollector) -> Source | None:
    """The backs of a long form: a scan with its pages, or pages of the same scan."""
    entry = fields.get("versos")
    if entry is None or is_empty(entry[1]):
        for word in (key.word for key in LONG.keys if key.needs and key.word in fields):
            message = f"{cited(word)} só vale junto de “versos”; acrescente “versos” ou apague esta linha"
            collector.error(fields[word][0].place, message)
        return None
    value = entry[1]
    if front is not None and isinstance(value, Scalar) and isinstance(pages := parse_pages(value.text), Pages):
        return Source(front.file, pages.spans, value.place, pages_place=value.place)
    if not isinstance(value, Scalar):
        collector.error(
            value.place,
            "“versos” leva um arquivo só, com as páginas dele; escreva, por exemplo, “versos: verso.pdf 1-5”",
        )
        return None
    return _source(value, collector)


def _direct(fields: Fields, collector: FindingCollector) -> bool:
    return word_of(fields.get("ordem_versos"), tuple(OrdemVersos), collector) == OrdemVersos.DIRETA


def _sources(nodes: tuple[Node, ...], collector: FindingCollector, key: Scalar) -> Iterator[Source]:
    before = ""
    for node in nodes:
        if not isinstance(node, Scalar):
            collector.error(node.place, "cada arquivo da lista é um texto simples, como em [tif.tif, resposta.pdf 1-3]")
            continue
        if before and isinstance(parse_pages(node.text), Pages):
            before = f"{before},{node.text.strip()}"
            whole = f'"{before}"'
            message = f"{cited(node.text)} ficou separado do arquivo por uma vírgula; use aspas: {cited(whole)}"
            collector.error(node.place, message)
            continue
        before = node.text.strip()
        source = _source(node, collector, key)
        if source:
            yield source


def _file(entry: tuple[Scalar, Node] | None, place: Place, collector: FindingCollector) -> Source | None:
    if entry is None or is_empty(entry[1]):
        collector.error(place, "falta “arquivo” neste item; escreva, por exemplo, “arquivo: scan 001.pdf”")
        return None
    if not isinstance(entry[1], Scalar):
        collector.error(entry[1].place, "“arquivo” leva um arquivo só; para outro, repita o item com o mesmo “tipo”")
        return None
    return _source(entry[1], collector)


def _source(node: Scalar, collector: FindingCollector, key: Scalar | None = None) -> Source | None:
    """The source of one text; ``key``: the section word of a short form."""
    file, pages = split_source(node.text)
    behind = node.text[len(file) :].strip()
    if pages is None and (parted := _unglued(node.text)):
        message = f"falta um espaço antes das páginas; escreva {cited(parted)}"
        collector.error(node.place, message, fix=(node.text, parted))
        return None
    fault = _fault_of_name(file)
    if fault:
        collector.error(node.place, fault, fix=(node.text, _named_right(node.text, file)))
    if isinstance(pages, BadPages) and (ordered := _ORDERED.fullmatch(behind)):
        message = (
            f"{cited(ordered[2])} não cabe na forma curta; escreva o item em várias linhas, com “tipo” e “arquivo”"
        )
        collector.error(_pages_place(node, file), message, fix=_long_form(node, key, file, ordered, collector))
        return None
    if isinstance(pages, BadPages):
        collector.error(_pages_place(node, file), pages.message, fix=(behind, pages.proposal))
    if fault or isinstance(pages, BadPages):
        return None
    if pages and pages.reminder:
        collector.reminder(_pages_place(node, file), pages.reminder, fix=(behind, ",".join(map(str, pages.spans))))
    if pages and pages.order:
        collector.reminder(_pages_place(node, file), pages.order)
    return Source(
        file, pages.spans if pages else (), node.place, pages_place=_pages_place(node, file) if pages else None
    )


def _unglued(text: str) -> str:
    """``scan.pdf1-5`` → ``scan.pdf 1-5``; empty for other texts."""
    found = _GLUED_PAGES.fullmatch(text.strip())
    return f"{found[1]} {found[2]}" if found and isinstance(parse_pages(found[2]), Pages) else ""


def _long_form(node: Scalar, key: Scalar | None, file: str, ordered: re.Match[str], collector: FindingCollector) -> Fix:
    """The short-form item in long form; empty if its line contains more than this source."""
    line = collector.line(node.place)
    found = re.fullmatch(r"( *)- +(\w+) *: *(.*?) *", line)
    orders = parse_pages(ordered[3])
    if key is None or found is None or found[3] != node.text or isinstance(orders, BadPages):
        return ""
    inner = found[1] + "  "
    lines = [f"{found[1]}- tipo: {key.text}", f"{inner}arquivo: {file}"]
    lines += [f"{inner}paginas: {ordered[1].strip(' ,;')}"] if ordered[1].strip(" ,;") else []
    return Replacement("\n".join([*lines, f"{inner}{fold(ordered[2])}: [{', '.join(map(str, orders.spans))}]"]))


def _fault_of_name(file: str) -> str | None:
    """Why ``file`` cannot be the name of one scan in the case folder; None if it can."""
    if not file:
        return "falta o nome do arquivo; escreva, por exemplo, “scan 001.pdf”"
    if len(file) > _LONGEST_NAME:
        return f"{cited(file)} é longo demais para o nome de um arquivo; confira se falta fechar aspas ou separar itens"
    if _leads_away(file):
        bare = _bare(file)
        proposal = f"escreva {cited(bare)}" if bare.strip(".") else "escreva só o nome do arquivo"
        return f"{cited(file)} não serve: o arquivo deve estar na própria pasta do processo, sem caminho; {proposal}"
    if sum(1 for piece in _SEPARATORS.split(file) if _ENDING.search(piece)) > 1:
        return (
            f"{cited(file)} parece mais de um arquivo; ponha a lista entre colchetes, como [tif.tif, resposta.pdf 1-3]"
        )
    return None


def _pages_place(node: Scalar, file: str) -> Place:
    """The place of the pages after ``file``."""
    start = node.text.index(file) + len(file)
    blanks = len(node.text[start:]) - len(node.text[start:].lstrip())
    # `quoted` is 1 if a quote precedes the text.
    return Place(node.place.line, node.place.column + node.quoted + start + blanks)


def _named_right(text: str, file: str) -> str:
    """The probable meaning of ``text``: the file without its folders, or several files as a list."""
    if _leads_away(file):
        bare = _bare(file)
        return text.replace(file, bare, 1) if bare.strip(".") else ""
    pieces = [piece for piece in _SEPARATORS.split(text) if piece]
    return f"[{', '.join(pieces)}]" if len(pieces) > 1 and all(map(_ENDING.search, pieces)) else ""


def _leads_away(file: str) -> bool:
    """Whether ``file`` is a path, and not that of a scan in a subfolder: ``/mnt/c.pdf``, ``../c.pdf``, ``a/b/c.pdf`` → True."""
    return bool(_PATH.search(file)) and not _IN_SUBFOLDER.fullmatch(file)


def _bare(file: str) -> str:
    """The name after the last folder or drive."""
    return re.split(r"[/\\:]", file)[-1].strip()


def _spans(fields: Fields, named: Source | None, collector: FindingCollector) -> tuple[Span, ...]:
    """The pages of a long form: from ``paginas``, or after the file's name as in the short form."""
    entry = fields.get("paginas")
    if entry is None or is_empty(entry[1]):
        return named.spans if named else ()
    if named and named.spans:
        collector.error(entry[0].place, "as páginas já estão junto de “arquivo”; deixe-as em um lugar só")
        return ()
    return spans_of(entry, collector)
