"""Draws annotations without an appearance stream from their coordinates, text and colours (ISO 32000-1, 12.5.6).

>>> instructions("/Line", Dictionary(L=[10, 10, 50, 10], C=[1, 0, 0]))
'1 0 0 RG 1 w 1 0 0 rg 10 10 m 50 10 l S [] 0 d '

pdfium itself draws Ink, Highlight, Underline, StrikeOut, Squiggly, Square, Circle and Text. It draws FreeText in one line and
clips it to the box, and does not draw the other kinds; FreeText and those of `_DRAWERS` are drawn here.
"""

from __future__ import annotations

import io
import math
from typing import TYPE_CHECKING, Any

import pikepdf
from pikepdf import Array, Dictionary, Matrix, Name

from itrwatch.scans.pdf.annotation_lines import Point, colour, number, path, points, stroke, width_of
from itrwatch.scans.pdf.annotation_text import FONT, named_stamp, text_box

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from itrwatch.scans.pdf.annotations import Annotation
    from itrwatch.scans.pdf.frame import Frame, Rect

_ENDING = 6.0
"""Size of a line ending (arrow, dot), in line widths. Chosen: as Acrobat draws them."""
_LEAST_WIDTH = 1.0
"""Least line width that counts for the size of a line ending, in user-space units. Chosen."""


def overlay(annotations: Sequence[Annotation], frame: Frame) -> bytes | None:
    """``annotations`` → the bytes of a one-page PDF with the page boxes of ``frame`` that paints only them; None if none can be drawn."""
    with pikepdf.new() as pdf:
        objects: dict[str, Any] = {}
        parts = []
        for place, annotation in enumerate(annotations):
            if annotation.appearance is not None:
                objects[f"/N{place}"] = pdf.copy_foreign(annotation.appearance)
                parts.append(placed(annotation.appearance, annotation.box, f"/N{place}"))
            elif drawn_here(annotation):
                parts.append(instructions(annotation.kind, annotation.source))
        if not any(parts):
            return None
        page = pdf.add_blank_page(page_size=(100, 100)).obj
        page.MediaBox = Array([round(side, 4) for side in frame.rect])
        page.Rotate = frame.quarters * 90
        page.UserUnit = round(frame.unit, 6)
        page.Resources = Dictionary(XObject=Dictionary(objects), Font=Dictionary(Helv=FONT))
        page.Contents = pdf.make_stream("\n".join(f"q {part} Q" for part in parts if part).encode("ascii"))
        buffer = io.BytesIO()
        pdf.save(buffer, compress_streams=False)
        return buffer.getvalue()


def drawn_here(annotation: Annotation) -> bool:
    """Whether ``annotation`` has no appearance stream and this module can draw it."""
    try:
        return annotation.appearance is None and bool(instructions(annotation.kind, annotation.source))
    except (TypeError, ValueError, AttributeError, LookupError, ArithmeticError):
        return False


def instructions(kind: str, source: Any) -> str:
    """The content-stream instructions that draw an annotation of ``kind``; "" if its kind is not drawn here or it shows nothing."""
    return _DRAWERS[kind](source) if kind in _DRAWERS else ""


def opaque_lines(annotation: Annotation) -> str:
    """The instructions that draw an annotation without an appearance stream, in its user space, if it is lines of grey or RGB; else "".

    Ink is drawn by pdfium where pixels are wanted, and by the same instructions here.
    """
    source = annotation.source
    see_through = source.get(Name.CA, 1) != 1 or Name.OC in source
    if annotation.kind not in _LINES or see_through or any(len(source.get(key, ())) == 4 for key in (Name.C, Name.IC)):
        return ""
    return _LINES[annotation.kind](source)


def placed(appearance: Any, box: Rect, name: str) -> str:
    """The instructions that paint ``appearance``, an XObject called ``name``, into the rectangle ``box`` of its annotation (ISO 32000-1, 12.5.5).

    "" if it has no area.
    """
    matrix = Matrix(*(float(value) for value in appearance.get(Name.Matrix, (1, 0, 0, 1, 0, 0))))
    x0, y0, x1, y1 = (float(value) for value in appearance.get(Name.BBox, (0, 0, 1, 1)))
    # The bounding box of BBox transformed by Matrix (which may rotate it) is scaled and moved onto the annotation's rectangle.
    corners = [matrix.transform((x, y)) for x in (x0, x1) for y in (y0, y1)]
    left, right = min(x for x, _ in corners), max(x for x, _ in corners)
    low, high = min(y for _, y in corners), max(y for _, y in corners)
    wide, tall = right - left, high - low
    if not wide or not tall:
        return ""
    across, up = (box[2] - box[0]) / wide, (box[3] - box[1]) / tall
    return (
        f"{number(across)} 0 0 {number(up)} {number(box[0] - left * across)} {number(box[1] - low * up)} cm {name} Do"
    )


def _line(source: Any) -> str:
    return _open_path(source, points(source[Name.L]), _endings(source))


def _polyline(source: Any) -> str:
    return _open_path(source, points(source[Name.Vertices]), _endings(source))


def _polygon(source: Any) -> str:
    fill = colour(source.get(Name.IC), "rg")
    return f"{stroke(source)} {fill} {path(points(source[Name.Vertices]))} h {'B' if fill else 'S'}"


def _caret(source: Any) -> str:
    x0, y0, x1, y1 = (float(value) for value in source[Name.Rect])
    middle = (x0 + x1) / 2
    # Two Bézier curves that meet at the tip of the caret.
    curve = f"{number(x0)} {number(y0)} m {number(middle)} {number(y0)} {number(middle)} {number(y1)} {number(middle)} {number(y1)} c"
    back = f"{number(middle)} {number(y1)} {number(middle)} {number(y0)} {number(x1)} {number(y0)} c h f"
    return f"{colour(source.get(Name.C), 'rg') or '0 0 0 rg'} {curve} {back}"


def _ink(source: Any) -> str:
    return f"{stroke(source)} {' '.join(path(points(line)) for line in source[Name.InkList])} S"


_LINES: dict[str, Callable[[Any], str]] = {
    "/Line": _line,
    "/PolyLine": _polyline,
    "/Polygon": _polygon,
    "/Caret": _caret,
    "/Ink": _ink,
}
_DRAWERS: dict[str, Callable[[Any], str]] = {
    "/FreeText": text_box,
    "/Stamp": named_stamp,
    **{kind: draw for kind, draw in _LINES.items() if kind != "/Ink"},
}


def _open_path(source: Any, line: Sequence[Point], endings: tuple[str, str]) -> str:
    if len(line) < 2:
        return ""
    width = width_of(source)
    fill = colour(source.get(Name.IC), "rg") or colour(source.get(Name.C), "rg") or "0 0 0 rg"
    ends = (
        _ending(endings[0], line[0], line[1], width),
        _ending(endings[1], line[-1], line[-2], width),
    )
    return f"{stroke(source)} {fill} {path(line)} S [] 0 d {' '.join(filter(None, ends))}"


def _ending(name: str, at: Point, before: Point, width: float) -> str:
    """The instructions for the ending ``name`` of a line at ``at``; ``before``: the previous point (ISO 32000-1, 12.5.6.7, table 176)."""
    if name in ("", "/None"):
        return ""
    # Shapes are given in units of `size`, along and across the last segment of the line.
    angle = math.atan2(at[1] - before[1], at[0] - before[0])
    size = _ENDING * max(width, _LEAST_WIDTH) / 2

    def point(along: float, aside: float) -> Point:
        along, aside = along * size, aside * size
        return at[0] + along * math.cos(angle) - aside * math.sin(angle), at[1] + along * math.sin(
            angle
        ) + aside * math.cos(angle)

    shapes = {
        "/OpenArrow": ([point(-2, 1), at, point(-2, -1)], "S"),
        "/ROpenArrow": ([point(2, 1), at, point(2, -1)], "S"),
        "/ClosedArrow": ([point(-2, 1), at, point(-2, -1)], "b"),
        "/RClosedArrow": ([point(2, 1), at, point(2, -1)], "b"),
        "/Butt": ([point(0, 1), point(0, -1)], "S"),
        "/Slash": ([point(0.5, 1), point(-0.5, -1)], "S"),
        "/Square": ([point(-1, 1), point(1, 1), point(1, -1), point(-1, -1)], "b"),
        "/Diamond": ([point(-1, 0), point(0, 1), point(1, 0), point(0, -1)], "b"),
        "/Circle": ([point(math.cos(turn / 8 * math.pi), math.sin(turn / 8 * math.pi)) for turn in range(16)], "b"),
    }
    shape, paint = shapes.get(name, ([], ""))
    return f"{path(shape)} {paint}" if shape else ""


def _endings(source: Any) -> tuple[str, str]:
    names = [str(name) for name in source.get(Name.LE, ())]
    return (names[0], names[1]) if len(names) == 2 else ("", "")
