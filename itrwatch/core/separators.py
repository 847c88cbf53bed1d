"""Separator sheets: paper between the papers that says, in a code, which section begins after it.

The code is ``ITRWATCH:1:SECAO:NOTIFICACAO``: our name, the version of the notation, what it means. Only
the exact texts count, so that no other code on the pages of a case (a boleto, a PIX, an invoice) is ever
taken for one of ours. Capitals and colons are what a QR code stores most densely.
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
    """What a sheet says: ``section`` begins after it; None: it is only the back of a sheet, and nothing begins."""

    section: Section | None

    @property
    def code(self) -> str:
        """The text of its code."""
        return f"{_PREFIX}SECAO:{self.section.upper()}" if self.section else f"{_PREFIX}VERSO"

    @property
    def name(self) -> str:
        """What stands on it in large letters, and what the fiscal knows it by."""
        return self.section.heading if self.section else "Verso em branco"


VERSO = Separator(None)
SEPARATORS = (*(Separator(section) for section in Section), VERSO)
"""Every sheet that there is, in the manual's order."""

_BY_CODE = {separator.code: separator for separator in SEPARATORS}

Separators = Mapping[PageRef, Separator]
"""The pages of a case that are separator sheets."""


def parse_code(text: str) -> Separator | None:
    """The separator whose code this is, to the letter; None for everything else."""
    return _BY_CODE.get(text)


def is_ours(text: str) -> bool:
    """Whether some itrwatch made this code, be it one that we cannot read."""
    return text.startswith(_OURS)


def announced(scans: Mapping[str, int], separators: Separators) -> Iterator[tuple[PageRef, tuple[PageRef, ...]]]:
    """Each sheet that begins a section, with the pages behind it up to the next such sheet, sheets left out.

    ``scans``: name → pages. Scans of one stack (`stacks`) are read on as if they were one file.
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
    """Where a sheet announces one section and the sidecar, which wins, says another."""
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
