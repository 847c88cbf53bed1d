"""Draws the text of annotations in Helvetica, wrapped so that all of it fits in the box.

>>> wrapped("um dois", 10, 30)
['um', 'dois']
"""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from pikepdf import Array, Dictionary, Name

from itrwatch.scans.pdf.annotation_lines import colour, number, path, points, width_of

FONT = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica, Encoding=Name.WinAnsiEncoding)
_WIDTHS = (
    "278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 "
    "556 1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 "
    "278 469 556 333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 "
    "334 260 334 584"
)
"""Advance widths of the characters 32 to 126 in Helvetica, thousandths of the font size (Adobe's font metrics)."""
_ADVANCES = {chr(32 + place): int(width) / 1000 for place, width in enumerate(_WIDTHS.split(" "))}
_WIDEST = 1.0
"""Advance width assumed for characters without metrics, in font sizes. Chosen."""
_LEADING = 1.2
"""Line spacing, in font sizes. Chosen."""
_INSET = 2.0
"""Distance between frame and text, pt. Chosen: as viewers."""
_USUAL_SIZE, _LEAST_SIZE, _STEP = 12.0, 4.0, 0.5
"""Font size if none is stated, smallest font size, and the decrement of the fitting loop, pt. Chosen."""
_STAMP_RED = "0.8 0 0"
_SIZE = re.compile(r"/\S+\s+([0-9.]+)\s+Tf")
_FILL = re.compile(r"(?:^|\s)((?:[0-9.]+\s+){1,4})(g|rg|k)\b")


def text_box(source: Any) -> str:
    """The instructions for a FreeText annotation: background, border, callout line, and the text, wrapped and reduced until all of it fits."""
    x0, y0, x1, y1 = _inner(source)
    written = str(source.get(Name.DA, ""))
    fill = _FILL.search(written)
    # The colour in /DA is that of text and border; /C is that of the box (12.5.6.6).
    ink = " ".join(fill.group(1).split()) if fill else "0"
    operator = fill.group(2) if fill else "g"
    border = width_of(source)
    lines = _LINES.split(str(source.get(Name.Contents, "")).strip())
    said = _SIZE.search(written)
    size, rows = _fitted(lines, float(said.group(1)) if said else 0.0, x1 - x0, y1 - y0)
    ground = colour(source.get(Name.C), "rg")
    parts = [f"{ink} {operator} {ink} {operator.upper()} {number(border)} w"]
    rectangle = f"{number(x0)} {number(y0)} {number(x1 - x0)} {number(y1 - y0)} re"
    if ground or border:
        paint = "B" if ground and border else "f" if ground else "S"
        parts.append(f"q {ground} {rectangle} {paint} Q")
    if isinstance(source.get(Name.CL), Array) and len(source.CL) % 2 == 0:  # the text is there without its line, too
        parts.append(f"{path(points(source[Name.CL]))} S")
    parts.append(_set(rows, size, int(source.get(Name.Q, 0)), (x0, y0, x1, y1)))
    return " ".join(parts) if any(lines) or ground or border else ""


_LINES = re.compile(r"\r\n|\r|\n")


def named_stamp(source: Any) -> str:
    """The instructions for a Stamp annotation without an appearance stream: its name in a frame, as viewers show standard stamps."""
    name = str(source.get(Name.Name, "/Draft")).lstrip("/").lstrip("#")
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).upper()
    x0, y0, x1, y1 = (float(value) for value in source[Name.Rect])
    wide, high = abs(x1 - x0), abs(y1 - y0)
    # Chosen: letters of 0.6 of the height of the box, or less if the name would fill more than 0.9 of its width.
    size = min(high * 0.6, wide * 0.9 / max(length(words), 0.1))
    ink = colour(source.get(Name.C), "rg").removesuffix(" rg") or _STAMP_RED
    ink = ink if len(ink.split()) == 3 else _STAMP_RED
    left, low = min(x0, x1), min(y0, y1)
    frame = f"{number(left + 1)} {number(low + 1)} {number(wide - 2)} {number(high - 2)} re S"
    # About 0.7 of the font size is the height of the capitals of Helvetica, which are centred.
    at = f"{number(left + (wide - size * length(words)) / 2)} {number(low + (high - size * 0.7) / 2)}"
    return f"{ink} rg {ink} RG 2 w {frame} BT /Helv {number(size)} Tf {at} Td {_shown(words)} Tj ET"


def _inner(source: Any) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = (float(value) for value in source[Name.Rect])
    x0, x1, y0, y1 = min(x0, x1), max(x0, x1), min(y0, y1), max(y0, y1)
    left, low, right, high = (float(value) for value in source.get(Name.RD, (0, 0, 0, 0)))
    inner = x0 + left, y0 + low, x1 - right, y1 - high
    return inner if inner[0] < inner[2] and inner[1] < inner[3] else (x0, y0, x1, y1)


def _fitted(lines: list[str], size: float, width: float, height: float) -> tuple[float, list[str]]:
    """The largest font size up to ``size``, in steps of `_STEP`, at which all lines fit in the box, and the rows at that size."""
    size = size or _USUAL_SIZE
    while True:
        rows = [row for line in lines for row in wrapped(line, size, width - 2 * _INSET)]
        # One row is always accepted, whatever the height of the box.
        if size <= _LEAST_SIZE or len(rows) * size * _LEADING <= max(height - _INSET, size * _LEADING):
            return size, rows
        size -= _STEP


def wrapped(line: str, size: float, width: float) -> list[str]:
    """``line`` broken into rows of at most ``width`` pt, between words where possible."""
    rows, row = [], ""
    for word in line.split(" "):
        longer = f"{row} {word}" if row else word
        if length(longer) * size <= width or not row:
            row = longer
        else:
            rows.append(row)
            row = word
        while length(row) * size > width and len(row) > 1:
            # A word wider than the box is broken after the last letter that fits, at least one letter.
            cut = next((at for at in range(len(row) - 1, 1, -1) if length(row[:at]) * size <= width), 1)
            rows.append(row[:cut])
            row = row[cut:]
    return [*rows, row]


def length(text: str) -> float:
    """The width of ``text``, in font sizes; an accented letter has the width of its base letter."""
    return sum(_ADVANCES.get(unicodedata.normalize("NFD", letter)[0], _WIDEST) for letter in text)


def _set(rows: list[str], size: float, alignment: int, box: tuple[float, float, float, float]) -> str:
    x0, _, x1, y1 = box
    parts = ["BT", f"/Helv {number(size)} Tf"]
    for place, row in enumerate(rows):
        free = x1 - x0 - 2 * _INSET - length(row) * size
        left = x0 + _INSET + max(0.0, free) * {1: 0.5, 2: 1.0}.get(alignment, 0.0)
        down = y1 - _INSET - size - place * size * _LEADING
        parts.append(f"1 0 0 1 {number(left)} {number(down)} Tm {_shown(row)} Tj")
    return " ".join([*parts, "ET"])


def _shown(text: str) -> str:
    """``text`` as a hexadecimal string operand in WinAnsi encoding."""
    return f"<{text.encode('cp1252', 'replace').hex()}>"
