"""How big the sheet was: the resolution that the file states, or one worked out from the paper.

Files lie about resolution in two ways: they say nothing, or they say 72 or 96 dpi because some
program puts that where it knows nothing. A4 at 300 dpi taken for 72 dpi becomes a sheet of
875 × 1238 mm, and the folha number on it a speck. So a stated resolution is believed only when
the sheet could lie on a scanner's glass; big plans are believed above 150 dpi, which nobody
writes for want of something better.
"""

from __future__ import annotations

MM_PER_INCH = 25.4

_PAPERS = (
    ("A4", 210.0, 297.0),
    ("Ofício", 216.0, 330.0),
    ("Ofício (Legal)", 216.0, 356.0),
    ("Carta", 216.0, 279.0),
    ("A3", 297.0, 420.0),
    ("A5", 148.0, 210.0),
)
_RESOLUTIONS = (300, 200, 150, 240, 400, 600, 100, 75)
"""The commonest first: A5 at 300 dpi has the pixels of A3 at 150, and the first wins."""
_FIT = 0.03
"""How far a side may be off."""
_MIN_SIDE_MM = 20
_MAX_SIDE_MM = 600
_LOW_DPI = 150
_MAX_DPI = 1200
_PLACEHOLDERS = (72, 96)
_A3_LONG_MM = 435
_MAX_ASPECT = 4
"""Fax halves one resolution (204 × 98 dpi); nothing is four times finer one way."""


def sheet_believable(width_mm: float, height_mm: float, dpi: float) -> bool:
    """Whether a sheet of this size can have been scanned at ``dpi``."""
    if min(width_mm, height_mm) < _MIN_SIDE_MM:
        return False
    longest = max(width_mm, height_mm)
    if any(abs(dpi - placeholder) < 0.5 for placeholder in _PLACEHOLDERS):
        return longest <= _A3_LONG_MM
    return longest <= _MAX_SIDE_MM or dpi > _LOW_DPI


def believable(width: int, height: int, dpi_x: float, dpi_y: float) -> bool:
    """Whether ``width`` × ``height`` px can have been scanned at this resolution."""
    if not (0 < dpi_x <= _MAX_DPI and 0 < dpi_y <= _MAX_DPI) or not 1 / _MAX_ASPECT < dpi_x / dpi_y < _MAX_ASPECT:
        return False
    return sheet_believable(width / dpi_x * MM_PER_INCH, height / dpi_y * MM_PER_INCH, max(dpi_x, dpi_y))


def settle(width: int, height: int, stated: tuple[float, float] | None) -> tuple[float, float, tuple[str, ...]]:
    """The resolution (x, y, in dpi) to take, with a note when it had to be worked out.

    ``stated``: dpi in x and y as the file says, None when it says nothing.
    """
    if stated is not None and believable(width, height, *stated):
        return (*stated, ())
    dpi, paper = from_paper(width, height)
    if stated is None:
        return dpi, dpi, (f"O arquivo não diz a resolução; pelo número de pixels, foi tratado como {paper}.",)
    said = " × ".join(f"{one:.0f}" for one in dict.fromkeys(stated))
    if min(stated) < 1:
        return dpi, dpi, (f"O arquivo diz {said} dpi, o que é impossível; foi tratado como {paper}.",)
    size = f"{width / stated[0] * MM_PER_INCH:.0f} × {height / stated[1] * MM_PER_INCH:.0f}"
    return dpi, dpi, (f"O arquivo diz {said} dpi, o que daria uma folha de {size} mm; foi tratado como {paper}.",)


def settle_sheet(width: int, height: int, dpi: float) -> tuple[float, tuple[str, ...]]:
    """The same for a PDF page of ``width`` × ``height`` px, whose size is known unless it is absurd."""
    width_mm, height_mm = width / dpi * MM_PER_INCH, height / dpi * MM_PER_INCH
    if sheet_believable(width_mm, height_mm, dpi):
        return dpi, ()
    best, paper = from_paper(width, height)
    return best, (f"A página do PDF mede {width_mm:.0f} × {height_mm:.0f} mm; foi tratada como {paper}.",)


def from_paper(width: int, height: int) -> tuple[float, str]:
    """The dpi at which ``width`` × ``height`` px fit a usual paper best, and its name in Portuguese.

    Where none fits (photographs), the long side is taken for that of A4.
    """
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
    dpi = long / 297 * MM_PER_INCH
    return dpi, f"folha com o lado maior de um A4 ({dpi:.0f} dpi)"
