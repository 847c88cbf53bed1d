"""Separator sheets: printed sheets between the papers; a QR code names the section that begins after each.

    parse_code("ITRWATCH:1:SECAO:NOTIFICACAO") -> Separator(Section.NOTIFICACAO)

The code consists of the program's name, the version of the notation, and the meaning. Only exact texts
are accepted, so that no other code on a page (boleto, PIX, invoice) is taken for a separator. A QR code
stores capitals and colons most densely.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from itrwatch.core.codes import Code
from itrwatch.core.filenames import printable
from itrwatch.core.findings import Finding, warning
from itrwatch.core.pages import PageRef
from itrwatch.core.plan import PlannedPage
from itrwatch.core.ranges import compact
from itrwatch.core.sections import Section
from itrwatch.core.title_matching import stacks

FILE = "separadores.pdf"
"""The default name of the file of separator sheets."""
_OURS = "ITRWATCH:"
_PREFIX = f"{_OURS}1:"


@dataclass(frozen=True, slots=True)
class Separator:
    """The meaning of a sheet: ``section`` begins after it; None: the back of a sheet, where nothing begins."""

    section: Section | None

    @property
    def code(self) -> str:
        """The text of the QR code."""
        return f"{_PREFIX}SECAO:{self.section.upper()}" if self.section else f"{_PREFIX}VERSO"

    @property
    def name(self) -> str:
        """The text in large letters on the sheet, by which the fiscal knows it."""
        return self.section.heading if self.section else "Verso em branco"


VERSO = Separator(None)
SEPARATORS = (*(Separator(section) for section in Section), VERSO)
"""All sheets, in the manual's order."""

_BY_CODE = {separator.code: separator for separator in SEPARATORS}

Separators = Mapping[PageRef, Separator]
"""The pages of a case that are separator sheets."""


def parse_code(text: str) -> Separator | None:
    """The separator with exactly this code; None for any other text."""
    return _BY_CODE.get(text)


def is_ours(text: str) -> bool:
    """Whether any version of itrwatch made this code, even one unknown to this version."""
    return text.startswith(_OURS)


def announced(scans: Mapping[str, int], separators: Separators) -> Iterator[tuple[PageRef, tuple[PageRef, ...]]]:
    """Each sheet that begins a section, with the pages after it up to the next such sheet, without sheets.

    ``scans``: name → pages. The scans of one stack (`stacks`) are read as one file.
    """
    for stack in stacks(scans):
        sheet: PageRef | None = None
        pages: list[PageRef] = []
        for ref in (PageRef(name, number) for name in stack for number in range(1, scans[name] + 1)):
            found = separators.get(ref)
            if found is None:
                pages.append(ref)
            elif found.section:
                if sheet:
                    yield sheet, tuple(pages)
                sheet, pages = ref, []
        if sheet:
            yield sheet, tuple(pages)


def disagreements(
    scans: Mapping[str, int], separators: Separators, planned: Iterable[PlannedPage]
) -> Iterator[Finding]:
    """Findings where the section of a sheet differs from that of the sidecar, which takes precedence."""
    sections = {page.ref: page.section for page in planned}
    for sheet, pages in announced(scans, separators):
        section = separators[sheet].section
        other = [ref for ref in pages if sections.get(ref, section) is not section]
        for name in dict.fromkeys(ref.file for ref in other):
            own = [ref for ref in other if ref.file == name]
            text = _disagreement(section, sheet, own, sections)
            yield warning(Code.SEPARATOR_DISAGREES, text=text, file=printable(sheet.file), page=sheet.page)


def _disagreement(
    section: Section | None, sheet: PageRef, pages: Sequence[PageRef], sections: Mapping[PageRef, Section]
) -> str:
    named = " e ".join(f"“{name}”" for name in dict.fromkeys(sections[ref] for ref in pages))
    numbers = compact([ref.page for ref in pages])
    which = f"a página {numbers}" if len(pages) == 1 else f"as páginas {numbers}"
    of = "" if pages[0].file == sheet.file else f" de “{printable(pages[0].file)}”"
    return (
        f"a folha separadora anuncia “{section}”, mas o processo.yaml põe {which}{of} em {named}; "
        "vale o processo.yaml: confira qual dos dois está certo"
    )
