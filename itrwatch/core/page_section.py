"""The section of a page, from what it says, the page before it, and the name of its file.

    from_page(PageRef("noti.pdf", 2), current, named, told, seen) -> Current(Section.CIENCIA, Confidence.MEDIUM, Basis.HEADING, …)

Sheets take precedence over names, names over headings, headings over the text of a page. A section continues until another begins; a blank page
is the back of the one before it. A probable copy inside another document does not begin a section: the AR of a TIF, the notificação
attached to an impugnação, a title that has occurred before.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from itrwatch.core.pages import PageRef
from itrwatch.core.proposal import Basis, Confidence, Heading
from itrwatch.core.sections import Section
from itrwatch.core.separators import Separators
from itrwatch.core.title_matching import name_section

_LONGEST_TITLE = 60  # characters of a cited title; chosen
_TELLS = {
    Section.NOTIFICACAO: "cobra o imposto e dá prazo para impugnar",
    Section.CIENCIA: "é um recibo da notificação",
    Section.DITR: "tem os campos de uma declaração",
    Section.TIF: "pede documentos",
    Section.TCIF: "diz o que foi constatado e dá prazo",
    Section.IMPUGNACAO: "contesta o lançamento",
    Section.TERMO: "encaminha o processo",
}
"""What the text of a page says that has no title."""


@dataclass(frozen=True, slots=True)
class Current:
    """The section of the next page unless the page begins another one."""

    section: Section
    confidence: Confidence
    basis: Basis
    why: str


@dataclass(frozen=True, slots=True)
class Told:
    """What the pages say: sheets, headings, and which are blank."""

    separators: Separators
    headings: Mapping[PageRef, Heading]
    blank: Collection[PageRef]


def from_page(
    ref: PageRef, current: Current | None, named: Current | None, told: Told, seen: set[Section]
) -> Current | None:
    """The section from this page on; ``current``: of the one before it, ``named``: of the file by its name."""
    if ref in told.separators:
        section = told.separators[ref].section
        why = f"folha separadora na página {ref.page}"
        return Current(section, Confidence.HIGH, Basis.SEPARATOR, why) if section else current
    heading = told.headings.get(ref)
    if heading and not _told_otherwise(heading, named):
        # Behind a cover the file is what its name says, and the text of a page must speak against that.
        before = named if named and heading.body and _is_cover(current) else current
        return _titled(before, heading, ref, seen, named)
    return current if ref in told.blank else _untitled(current, named)


def carried(current: Current | None, name: str) -> Current | None:
    """The section of the first page of a file, by its name or by the preceding pages of the stack."""
    if current and current.basis is Basis.SEPARATOR:
        return current
    named = name_section(name)
    if named is None:
        return current and replace(
            current,
            confidence=Confidence.LOW,
            why=f"continua o arquivo anterior; {current.why.removeprefix('continua o arquivo anterior; ')}",
        )
    section, sure = named
    return Current(section, Confidence.HIGH if sure else Confidence.LOW, Basis.NAME, "nome do arquivo")


def _untitled(current: Current | None, named: Current | None) -> Current | None:
    """The section from a page without a title on; after a one-page cover, the section of the file name begins."""
    return named if named and _is_cover(current) else current


def _is_cover(current: Current | None) -> bool:
    """Whether the page before is a cover by what it says; a file named capa.pdf may have more of them."""
    return current is not None and current.section is Section.CAPA and current.basis is Basis.HEADING


def _of_page(heading: Heading, ref: PageRef) -> Current:
    """The section that a page speaks of: by its title, or by its text."""
    if heading.body:
        why = f"o texto da página {ref.page} {_TELLS[heading.section]}"
        sure = Confidence.MEDIUM if heading.section is Section.TERMO else Confidence.LOW
        return Current(heading.section, sure, Basis.BODY, why)
    why = f"título “{heading.text[:_LONGEST_TITLE]}” na página {ref.page}"
    return Current(heading.section, Confidence.MEDIUM, Basis.HEADING, why)


def _told_otherwise(heading: Heading, named: Current | None) -> bool:
    """Whether a text counts for less than the file's name; NOTI.pdf has all sections but one, so its name says nothing of the last pages."""
    return heading.body and named is not None and named.section not in (Section.NOTIFICACAO, heading.section)


def _titled(
    current: Current | None, heading: Heading, ref: PageRef, seen: set[Section], named: Current | None
) -> Current | None:
    """The section from a page with a title on."""
    begun = _of_page(heading, ref)
    why = begun.why
    if current is None:
        return begun
    if current.basis is Basis.SEPARATOR:
        return current
    if heading.section is current.section:
        return _confirmed(current, why)
    if current == named and ref.page == 1 and heading.section is not Section.CAPA:
        but = why if heading.body else f"há o {why}"
        against = replace(current, confidence=Confidence.LOW, why=f"o nome do arquivo diz isto, mas {but}")
        return begun if current.confidence is Confidence.LOW else against
    order = list(Section)
    early = order.index(heading.section) < order.index(current.section)  # against the manual's order: perhaps a copy
    if not _begins(heading.section, current.section, seen) or (heading.body and (early or heading.section in seen)):
        return current
    again = current.section is Section.NOTIFICACAO and heading.section in seen  # perhaps a copy of that of another file
    return replace(begun, confidence=Confidence.LOW) if early or again else begun


def _confirmed(current: Current, why: str) -> Current:
    """The same section, confirmed by a title."""
    if current.basis is not Basis.NAME:
        return current
    return replace(current, confidence=Confidence.HIGH, basis=Basis.BOTH, why=f"nome do arquivo e {why}")


_PAIR = {Section.TIF, Section.TCIF}


def _begins(section: Section, current: Section, seen: set[Section]) -> bool:
    """Whether a document with this title begins a section after ``current`` and is not a paper inside it."""
    if current is Section.CAPA:
        return True
    if section is Section.CIENCIA and current not in (Section.NOTIFICACAO, Section.DITR):
        return False
    if current is Section.IMPUGNACAO:
        return section is Section.TERMO
    # A notificação has no other papers in it, as an answer has; that another file is named after one does not make it a copy.
    return section not in seen or {section, current} == _PAIR or current is Section.NOTIFICACAO
