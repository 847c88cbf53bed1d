"""The list ``secoes`` of the sidecar: which pages of which scan belong to which section.

    read_sections(entry, collector) -> (SectionEntry(Section.NOTIFICACAO, (Source("scan 001.pdf", …),)), …)

Two unambiguous variants are accepted with a reminder: missing dashes, and keys of the long form
under a section word (``- impugnacao: x.pdf`` followed by ``paginas: 1-26``).
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from collections.abc import Sequence as Several
from typing import TypeVar

from itrwatch.core.case_description import SectionEntry
from itrwatch.core.codes import Code
from itrwatch.core.finding_collector import FindingCollector
from itrwatch.core.sections import Section
from itrwatch.core.text_matching import cited, match, nearest
from itrwatch.core.tree import START, Mapping, Node, Place, Scalar, Sequence, is_empty
from itrwatch.sidecar.keys import LONG, SECTIONS
from itrwatch.sidecar.page_orders import Fields
from itrwatch.sidecar.reading import Fault, count_of, keyed, unknown_key, word_of
from itrwatch.sidecar.sources import long_sources, short_sources

T = TypeVar("T")
Above = Several[Section]
"""The sections of the items above."""

SECTION_WORDS = tuple(SECTIONS)

_MEANINGS = {section.heading: section for section in Section} | {
    "noti": Section.NOTIFICACAO,
    "notificação": Section.NOTIFICACAO,
    "notificação de lançamento": Section.NOTIFICACAO,
    "ciência da notificação": Section.CIENCIA,
    "declaração": Section.DITR,
    "declaração do ITR": Section.DITR,
    "intimação": Section.TIF,
    "termo de intimação": Section.TIF,
    "constatação": Section.TCIF,
    "termo de constatação": Section.TCIF,
    "impugna": Section.IMPUGNACAO,
    "encaminhamento": Section.TERMO,
}
"""Synonyms of a section: the manual's headings, and names of files."""

_TAKEN_BY = {
    "laudo": (Section.IMPUGNACAO, Section.TIF, Section.TCIF),
    "documento": (Section.IMPUGNACAO, Section.TIF, Section.TCIF),
    "anexo": (Section.IMPUGNACAO, Section.TIF, Section.TCIF),
    "procuracao": (Section.IMPUGNACAO, Section.CIENCIA),
    "identidade": (Section.IMPUGNACAO, Section.CIENCIA),
    "resposta": (Section.TIF, Section.TCIF),
    "ar": (Section.CIENCIA, Section.TIF, Section.TCIF),
    "aviso de recebimento": (Section.CIENCIA, Section.TIF, Section.TCIF),
    "edital": (Section.CIENCIA,),
    "protocolo": (Section.IMPUGNACAO,),
    "envelope": (Section.IMPUGNACAO,),
    "rastreamento": (Section.IMPUGNACAO,),
}
"""Papers that are not sections, with the sections to which they may belong (Manual, 2.1 to 6)."""

_COMPLEMENT = (
    "o que é novo depois de uma juntada aceita vai numa pasta própria, com “complemento: 2” e “primeira_folha” em linhas sem espaços no "
    "começo"
)
_OF_THE_FOLDER = {
    "exercicio": (
        "se há uma notificação para cada exercício, faça uma pasta para cada uma, com a ciência dela; se é uma só, ponha a linha no "
        "fim do arquivo, sem espaços no começo"
    ),
    "complemento": _COMPLEMENT,
    "primeira_folha": _COMPLEMENT,
}
"""Words of the first level that users write inside an item, with the remedy."""

_EXAMPLE = "“notificacao: scan 001.pdf 1-5”"


def read_sections(
    entry: tuple[Scalar, Node] | None, collector: FindingCollector, *, complement: bool = False
) -> tuple[SectionEntry, ...]:
    """The entries in the order written; an entry with faulty sources keeps only its section.

    ``complement``: the notificação was sent before and is not required.
    """
    if entry is None or is_empty(entry[1]):
        place = entry[0].place if entry else START
        collector.error(place, f"falta a lista “secoes” com os arquivos do processo; cada item como {_EXAMPLE}")
        return ()
    if isinstance(entry[1], Scalar):
        said = "“secoes” leva uma lista, um item por linha"
        if match(re.split(r"\W", entry[1].text, maxsplit=1)[0], SECTION_WORDS):
            said = "cada item de “secoes” começa com um traço e tem dois-pontos depois da seção"
            collector.error(entry[1].place, f"{said}; escreva como em “- notificacao: scan 001.pdf 1-5”")
            return ()
        collector.error(
            entry[1].place,
            f"{said}; passe para a linha de baixo e escreva, por exemplo, “- notificacao: scan 001.pdf 1-5”",
        )
        return ()
    entries = tuple(_entries(entry[1], collector))
    if not complement and all(item.section is not Section.NOTIFICACAO for item in entries):
        said = f"falta a seção “notificacao” ({Section.NOTIFICACAO.heading}), sem a qual não há processo"
        collector.error(
            entry[0].place,
            f"{said}; acrescente em “secoes” um item como {_EXAMPLE} (se a pasta é só o complemento de um processo cuja juntada "
            "já foi aceita, escreva “complemento: 2” numa linha própria)",
            code=Code.NOTIFICACAO_MISSING,
        )
    return entries


def _entries(node: Sequence | Mapping, collector: FindingCollector) -> Iterator[SectionEntry]:
    above: list[Section] = []
    for entry in _written(node, above, collector):
        above.append(entry.section)
        yield entry


def _written(node: Sequence | Mapping, above: Above, collector: FindingCollector) -> Iterator[SectionEntry]:
    if isinstance(node, Mapping):
        first = node.pairs[0][0].text if node.pairs else ""
        message = "“secoes” entendida sem os traços; prefira começar cada item com um traço (- )"
        collector.reminder(node.place, message, fix=(first, f"- {first}"))
        for key, value in _until_full(node.pairs, collector):
            yield from _short(key, value, above, collector)
    else:
        for item in _until_full(node.items, collector):
            yield from _item(item, above, collector)


def _until_full(items: Iterable[T], collector: FindingCollector) -> Iterator[T]:
    return itertools.takewhile(lambda _item: not collector.full(), items)


def _item(node: Node, above: Above, collector: FindingCollector) -> Iterator[SectionEntry]:
    match node:
        case Mapping() if any(_is_long(key) for key, _ in node.pairs):
            yield from _long(node, above, collector)
        case Mapping():
            for key, _ in _until_full(node.pairs[1:], collector):
                said = f"{cited(key.text)} entendida como outro item da lista"
                fixed = f"- {key.text}"
                collector.reminder(key.place, f"{said}; prefira pôr um traço na frente (- )", fix=(key.text, fixed))
            for key, value in _until_full(node.pairs, collector):
                yield from _short(key, value, above, collector)
        case Scalar():
            yield from _loose_text(node, collector)
        case _:
            collector.error(node.place, f"há um traço ou colchete a mais; escreva a seção e o arquivo, como {_EXAMPLE}")


def _short(key: Scalar, value: Node, above: Above, collector: FindingCollector) -> Iterator[SectionEntry]:
    """The entries of ``notificacao: scan 001.pdf 1-5``, of a list of such sources, or of long-form keys one level down."""
    section = _section(key, above, collector)
    fields: Fields = {}
    if isinstance(value, Mapping):
        fields = keyed(_without_first_level(value.pairs, collector), LONG.words[1:], collector)
        sources = long_sources(fields, value.place, collector)
    else:
        sources = short_sources(key, value, collector)
    if section:
        yield SectionEntry(section, sources, key.place, *_folhas(fields, collector))


def _section(key: Scalar, above: Above, collector: FindingCollector) -> Section | None:
    """The section that ``key`` denotes; a misspelt word is noted and taken for the nearest one."""
    word = match(key.text, SECTION_WORDS)
    if word:
        return Section(word)
    if meant := match(key.text, _MEANINGS):
        section = _MEANINGS[meant]
        message = f"{cited(key.text)} entendida como a seção “{section}”; prefira escrever assim"
        collector.reminder(key.place, message, fix=(key.text, section.value))
        return section
    if taken := _taken(key, above):
        collector.error(key.place, taken.message, fix=taken.fix)
        return None
    guess = nearest(key.text, SECTION_WORDS)
    collector.error(key.place, unknown_key(key, SECTION_WORDS), fix=(key.text, guess or ""))
    return Section(guess) if guess else None


def _taken(word: Scalar, above: Above) -> Fault | None:
    """The fault of a paper in place of a section; None for other words.

    There is a correction only if exactly one of the possible sections has pages ``above``: the paper belongs after them.
    """
    paper = match(word.text, _TAKEN_BY)
    if paper is None:
        return None
    sections = _TAKEN_BY[paper]
    *first, last = (f"“{section}”" for section in sections)
    where = f"{', '.join(first)} ou {last}" if first else last
    message = f"{cited(word.text)} não é uma seção: estas páginas vão na seção do documento que acompanham, {where}, depois das outras"
    there = [section for section in sections if section in above]
    if not there and sections[0] is Section.CIENCIA:  # an AR or edital alone makes a complete ciência
        there = [Section.CIENCIA]
    return Fault(message, (word.text, there[0].value) if len(there) == 1 else "")


def _long(node: Mapping, above: Above, collector: FindingCollector) -> Iterator[SectionEntry]:
    """The entry of a long form: ``tipo``, ``arquivo``, ``paginas`` … in any order."""
    fields = keyed(_without_first_level(_unfolded(node, collector), collector), LONG.words, collector)
    sources = long_sources(fields, node.place, collector)
    tipo = fields.get("tipo")
    if tipo is None or is_empty(tipo[1]):
        words = ", ".join(SECTION_WORDS)
        collector.error(node.place, f"falta “tipo” neste item; escreva “tipo:” com uma destas palavras: {words}")
        return
    if isinstance(tipo[1], Scalar) and (taken := _taken(tipo[1], above)):
        collector.error(tipo[1].place, taken.message, fix=taken.fix)
        return
    guess = word_of(tipo, SECTION_WORDS, collector) or _guess(tipo[1])
    if guess:
        yield SectionEntry(Section(guess), sources, node.place, *_folhas(fields, collector))


def _folhas(fields: Fields, collector: FindingCollector) -> tuple[int | None, Place]:
    """The value of ``folhas`` and its place."""
    count = count_of(fields.get("folhas"), "quantas são, por exemplo “folhas: 5”", collector)
    return (count.number, count.place) if count else (None, START)


def _guess(node: Node) -> str | None:
    return nearest(node.text, SECTION_WORDS) if isinstance(node, Scalar) else None


def _unfolded(node: Mapping, collector: FindingCollector) -> Iterator[tuple[Scalar, Node]]:
    """The pairs with ``impugnacao: x.pdf`` replaced by ``tipo: impugnacao`` and ``arquivo: x.pdf``."""
    for key, value in node.pairs:
        if _is_long(key) or not match(key.text, SECTION_WORDS):
            yield key, value
            continue
        said = f"{cited(key.text)} junto de outras palavras entendida como “tipo: {key.text}”"
        collector.reminder(key.place, f"{said}; prefira escrever “tipo” e “arquivo” em linhas separadas")
        yield Scalar("tipo", key.place), key
        if not is_empty(value):
            yield Scalar("arquivo", key.place), value


def _without_first_level(
    pairs: Iterable[tuple[Scalar, Node]], collector: FindingCollector
) -> Iterator[tuple[Scalar, Node]]:
    """The pairs without keys that apply to the whole folder; those are refused with the remedy."""
    for key, value in pairs:
        if word := match(key.text, _OF_THE_FOLDER):
            collector.error(
                key.place, f"{cited(key.text)} vale para a pasta inteira, e não para um item; {_OF_THE_FOLDER[word]}"
            )
        else:
            yield key, value


def _is_long(key: Scalar) -> bool:
    return match(key.text, LONG.words) is not None


def _loose_text(node: Scalar, collector: FindingCollector) -> Iterator[SectionEntry]:
    """Notes an error for an item without ``: ``, with the corrected line; yields its section if it is recognised."""
    if node.empty:
        collector.error(
            node.place, f"este item está vazio; apague o traço ou escreva a seção e o arquivo, como {_EXAMPLE}"
        )
        return
    head, sign, rest = re.split(r"([:\s])\s*", node.text.strip() + " ", maxsplit=1)
    word = match(head.rstrip(";=,"), SECTION_WORDS)
    rest = re.sub(r"^[-=;–—] *", "", rest.strip())
    fixed = f"{head.rstrip(';=,')}: {rest or 'capa.pdf'}"
    if not word:
        fixed = f"capa: {node.text.strip()}"
        message = f"falta a seção na frente de {cited(node.text)}; escreva, por exemplo, {cited(fixed)}"
    elif node.quoted:
        message = f"as aspas em volta de {cited(node.text)} juntam a seção e o arquivo num nome só; tire-as e escreva {cited(fixed)}"
        fixed = ""  # the quotes would remain around the correction
    elif sign == ":":
        message = f"falta um espaço depois dos dois-pontos; escreva {cited(fixed)}"
    else:
        message = f"faltam os dois-pontos depois de {cited(head)}; escreva {cited(fixed)}"
    collector.error(node.place, message, fix=(node.text, fixed) if fixed else "")
    if word:
        yield SectionEntry(Section(word), (), node.place)
