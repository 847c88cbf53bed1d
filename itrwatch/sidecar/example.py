"""An example sidecar for the scans in the folder, shown if the fiscal's sidecar is missing or refused.

    example_sidecar([("scan.pdf", 12)]) -> “secoes:” and one line a section, with pages of scan.pdf

The example shows the notation, not the content of the pages: the section of a scan comes from its name if
possible, and a single scan is divided to show how pages are written.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from itrwatch.core.excerpts import yaml_text
from itrwatch.core.sections import Section
from itrwatch.core.title_matching import name_section

_PATH = re.compile(r"\\|^[A-Za-z]:")
"""Signs of a path that a sidecar refuses; a slash follows the name of a subfolder."""


def example_sidecar(scans: Sequence[tuple[str, int | None]]) -> str:
    """The text, ending in a newline; ``scans``: names and numbers of pages, None if a scan does not open.

    Names that the sidecar would refuse are omitted, and scans that do not open if others do; without any scan, names are invented.
    """
    known = [(name, pages) for name, pages in scans if name.isprintable() and not _PATH.search(name)]
    known = [scan for scan in known if scan[1]] or known
    if not known:
        known = [("scan 001.pdf", 8)]
    if len(known) == 1:
        return _listed(_parted(*known[0]))
    named = [(_section_of(name), _source(name, pages)) for name, pages in known]
    if not any(section is Section.NOTIFICACAO for section, _ in named):
        named[0] = (Section.NOTIFICACAO, named[0][1])
    return _listed(named)


def _listed(items: Sequence[tuple[Section, str]]) -> str:
    ordered = sorted(items, key=lambda item: list(Section).index(item[0]))
    return "secoes:\n" + "".join(f"  - {section}: {yaml_text(source)}\n" for section, source in ordered)


def _parted(name: str, pages: int | None) -> list[tuple[Section, str]]:
    if pages is None or pages < 3:
        return [(Section.NOTIFICACAO, _source(name, pages))]
    parts = [
        (Section.NOTIFICACAO, 1, pages - 2),
        (Section.CIENCIA, pages - 1, pages - 1),
        (Section.TERMO, pages, pages),
    ]
    return [(section, f"{name} {_range(first, last)}") for section, first, last in parts]


def _source(name: str, pages: int | None) -> str:
    return f"{name} {_range(1, pages)}" if pages else name


def _range(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}-{last}"


def _section_of(name: str) -> Section:
    named = name_section(name)
    return named[0] if named else Section.NOTIFICACAO
