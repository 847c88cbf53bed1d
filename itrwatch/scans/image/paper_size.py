"""Determines the size of the sheet: from the resolution in the file, or from usual paper sizes.

    settle(2480, 3508, (72.0, 72.0)) -> (300.0, 300.0, ("O arquivo diz 72 dpi, o que daria uma folha de 875 × 1238 mm; …",))

Two faults are common: no resolution, and 72 or 96 dpi as the default of a program. A4 at 300 dpi read as 72 dpi becomes a
sheet of 875 × 1238 mm with a tiny folha number. Therefore a stated resolution is accepted only if the sheet fits on a
scanner's glass. Larger sheets are accepted from 150 dpi on, which is not a default of any program, and so are long strips
(till receipts, banners), whose shape differs from all usual papers.
"""

from __future__ import annotations

MM_PER_INCH = 25.4
A4_LONG_MM = 297.0

_PAPERS = (
    ("A4", 210.0, 297.0),
    ("Ofício", 216.0, 330.0),
    ("Ofício (Legal)", 216.0, 356.0),
    ("Carta", 216.0, 279.0),
    ("A3", 297.0, 420.0),
    ("A5", 148.0, 210.0),
)
_RESOLUTIONS = (300, 200, 150, 240, 400, 600, 100, 75)
"""Most common first: A5 at 300 dpi has the pixels of A3 at 150 dpi, and the first resolution is taken."""
_FIT = 0.03
"""Largest relative deviation of a side from a paper size. Chosen."""
_MIN_SIDE_MM = 20  # least length of the shorter side; chosen
_LABEL_MM = (25, 5)
"""Least width and height of a label: it may be lower if the folha number fits. Chosen."""
_MAX_SIDE_MM = 600  # greatest length of the longer side of a page below `_PLAN_DPI`; chosen
_PLAN_DPI = 149
"""From 150 dpi on, less rounding. Chosen."""
_STRIP = 2.0
"""Least ratio of length to width of a strip (chosen: the longest usual paper, Legal, has 1.65)."""
_STRIP_DPI = 60  # least resolution of a strip; chosen
_STRIP_WIDTHS_MM = (80.0, 210.0)
"""Least and greatest width of a strip of unknown resolution: till receipt, A4 (chosen)."""
_LONGEST_MM = 5000
"""A page of PDF/A has at most 14 400 pt (ISO 19005-3, 6.1.13)."""
_MAX_DPI = 1200  # greatest plausible resolution; chosen
_PLACEHOLDERS = (72, 96)  # what programs write for want of a resolution
_A3_LONG_MM = 435  # longer side of A3 (420 mm) with a margin; chosen
_MAX_ASPECT = 4
"""Largest ratio of the two resolutions. Chosen: fax has 2 (204 × 98 dpi)."""


def sheet_believable(width_mm: float, height_mm: float, dpi: float) -> bool:
    """Whether a sheet of this size can have been scanned at ``dpi``."""
    shortest, longest = sorted((width_mm, height_mm))
    if shortest < _MIN_SIDE_MM and not (width_mm >= _LABEL_MM[0] and height_mm >= _LABEL_MM[1]):
        return False
    if longest > _LONGEST_MM:
        return False
    if any(abs(dpi - placeholder) < 0.5 for placeholder in _PLACEHOLDERS):
        return longest <= _A3_LONG_MM
    strip = longest > _STRIP * shortest and shortest <= _A3_LONG_MM and dpi >= _STRIP_DPI
    return longest <= _MAX_SIDE_MM or dpi >= _PLAN_DPI or strip


def believable(width: int, height: int, dpi_x: float, dpi_y: float) -> bool:
    """Whether ``width`` × ``height`` px can have been scanned at this resolution."""
    if not (0 < dpi_x <= _MAX_DPI and 0 < dpi_y <= _MAX_DPI) or not 1 / _MAX_ASPECT < dpi_x / dpi_y < _MAX_ASPECT:
        return False
    return sheet_believable(width / dpi_x * MM_PER_INCH, height / dpi_y * MM_PER_INCH, max(dpi_x, dpi_y))


def settle(width: int, height: int, stated: tuple[float, float] | None) -> tuple[float, float, tuple[str, ...]]:
    """The resolution (x, y, in dpi) to use, with a remark if it was estimated.

    ``stated``: dpi in x and y in the file, None without any.
    """
    if stated is not None and believable(width, height, *stated):
        return (*stated, ())
    dpi, paper = from_paper(width, height)
    taken = f"foi tratado como {paper}. Se a folha de papel tem outro tamanho, digitalize de novo."
    if stated is None:
        return dpi, dpi, (f"O arquivo não diz a resolução; pelo número de pixels, {taken}",)
    said = " × ".join(f"{one:.0f}" for one in dict.fromkeys(stated))
    if min(stated) < 1:
        return dpi, dpi, (f"O arquivo diz {said} dpi, o que é impossível; {taken}",)
    size = f"{width / stated[0] * MM_PER_INCH:.0f} × {height / stated[1] * MM_PER_INCH:.0f}"
    return dpi, dpi, (f"O arquivo diz {said} dpi, o que daria uma folha de {size} mm; {taken}",)


def settle_sheet(width: int, height: int, dpi: float) -> tuple[float, tuple[str, ...]]:
    """The same for a PDF page of ``width`` × ``height`` px, whose size is known unless it is absurd."""
    width_mm, height_mm = width / dpi * MM_PER_INCH, height / dpi * MM_PER_INCH
    if sheet_believable(width_mm, height_mm, dpi):
        return dpi, ()
    best, paper = from_paper(width, height)
    return best, (f"A página do PDF mede {width_mm:.0f} × {height_mm:.0f} mm; foi tratada como {paper}.",)


def from_paper(width: int, height: int) -> tuple[float, str]:
    """The dpi at which ``width`` × ``height`` px fit a usual paper best, and its name in Portuguese.

    If none fits, the long side is that of A4; for a strip, the short side is that of a receipt.
    """
    # Of equally good fits the first resolution of the list wins, hence the rank; deviations are rounded so that there
    # are equal ones.
    short, long = sorted((width, height))
    fits = [
        (round(off, 2), rank, name, dpi)
        for rank, dpi in enumerate(_RESOLUTIONS)
        for name, w, h in _PAPERS
        if (off := max(abs(short / dpi * MM_PER_INCH / w - 1), abs(long / dpi * MM_PER_INCH / h - 1))) <= _FIT
    ]
    if fits:
        _, _, name, best = min(fits)
        return float(best), f"{name} a {best} dpi"
    if long > _STRIP * short:
        return _from_strip(short, long)
    dpi = long / A4_LONG_MM * MM_PER_INCH
    return dpi, f"folha com o lado maior de um A4 ({dpi:.0f} dpi)"


def _from_strip(short: int, long: int) -> tuple[float, str]:
    """A strip has 200 dpi, unless it were too narrow or too wide for it; it is never made narrow to be short."""
    width_mm = min(max(short / 200 * MM_PER_INCH, _STRIP_WIDTHS_MM[0]), _STRIP_WIDTHS_MM[1])
    # The second term makes a strip narrower only where PDF/A takes no longer page.
    dpi = max(short / width_mm, long / _LONGEST_MM) * MM_PER_INCH
    return dpi, f"tira de {short / dpi * MM_PER_INCH:.0f} mm de largura ({dpi:.0f} dpi)"
