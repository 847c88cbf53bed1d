"""Finds the annotations and form fields of a page that a viewer shows (ISO 32000-1, 12.5 and 12.7).

    visible_annotations(page) -> [Annotation(kind="/FreeText", box=(72, 700, 200, 720), …), …]

A viewer draws an annotation without an appearance stream (/AP) from its coordinates, text and colour. Everything a viewer
shows is content, so a page with a visible annotation is neither blank nor a plain scan.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from itrwatch.scans.pdf.frame import Rect, inherited, intersect

if TYPE_CHECKING:
    from collections.abc import Iterator

_HIDDEN = 2 | 32
"""The flags Hidden and NoView (ISO 32000-1, 12.5.3)."""
_MOST = 20_000
"""Annotations of a page that are read. Chosen."""
_UNSEEN = frozenset({"/Popup", "/TrapNet", "/PrinterMark"})
"""Kinds that are never visible on the page."""
_WITHOUT_APPEARANCE = frozenset({"/Link", "/Watermark", "/Screen"})
"""Kinds that are content only if they have an appearance stream: the border of a link is a matter of the screen."""
_POINTS = {
    "/Line": "/L",
    "/PolyLine": "/Vertices",
    "/Polygon": "/Vertices",
    **dict.fromkeys(("/Highlight", "/Underline", "/StrikeOut", "/Squiggly"), "/QuadPoints"),
}
_NAMES = {
    "/Text": "nota adesiva", "/FreeText": "caixa de texto", "/Line": "linha", "/Square": "retângulo", "/Circle": "elipse",
    "/Polygon": "polígono", "/PolyLine": "linha quebrada", "/Highlight": "destaque", "/Underline": "sublinhado", "/Squiggly": "sublinhado ondulado",
    "/StrikeOut": "riscado", "/Stamp": "carimbo", "/Caret": "sinal de inserção", "/Ink": "desenho à mão livre", "/FileAttachment": "arquivo anexado",
    "/Sound": "gravação de som", "/Movie": "filme", "/Redact": "tarja", "/3D": "modelo 3D", "/RichMedia": "mídia", "/Widget": "campo de formulário",
}  # fmt: skip
_TAGS = re.compile(r"<[^<>]*>")
_PUSHBUTTON = 1 << 16
_ICON_PT = 24.0
"""Side of the icon of a sticky note, pt. Chosen: pdfium draws 20, Acrobat up to 24."""


@dataclass(frozen=True, slots=True, eq=False)
class Annotation:
    """A visible annotation or field. ``appearance``: its appearance stream, or None; ``box``: its rectangle in user space.

    ``certain``: it has no appearance stream but must be drawn; False for the border of an empty field.
    """

    kind: str
    source: Any
    appearance: Any
    box: Rect
    certain: bool
    index: int
    """Its index in the page's /Annots."""

    @property
    def text(self) -> str:
        """The text of the annotation on one line: /Contents, or else /RC without its tags."""
        said = self.source.get(Name.Contents) or self.source.get(Name.RC)
        return " ".join(_TAGS.sub(" ", str(said)).split()) if isinstance(said, pikepdf.String) else ""

    @property
    def passed_over(self) -> bool:
        """Whether pdfium does not find its appearance: it was selected by the value, for want of a state (/AS), or a box has the same in both."""
        if self.appearance is None:
            return False
        if isinstance(self.source.get(Name.AP, Dictionary()).get(Name.N), pikepdf.Stream):
            return self.kind == "/Widget" and inherited(self.source, Name.FT) == Name.Btn and not _pushed(self.source)
        return Name.AS not in self.source

    @property
    def is_content(self) -> bool:
        """Whether it is content, as opposed to an empty form field or a link; a page with content is not blank."""
        return self.certain or self.kind not in ("/Widget", "/Link") or _has_value(self.source)

    @property
    def name(self) -> str:
        """The kind in Portuguese, for messages."""
        return _NAMES.get(self.kind, self.kind.lstrip("/") or "sem tipo")


def visible_annotations(page: Any) -> list[Annotation]:
    """The annotations and fields of a page that a viewer shows, in painting order."""
    return list(_visible(page))


def _visible(page: Any) -> Iterator[Annotation]:
    annotations = page.get(Name.Annots)
    for index, source in enumerate(list(annotations)[:_MOST] if isinstance(annotations, Array) else ()):
        if not isinstance(source, Dictionary):
            continue
        kind = str(source.get(Name.Subtype, ""))
        if kind in _UNSEEN or _number(source.get(Name.F), 0) & _HIDDEN:
            continue
        appearance = appearance_of(source)
        box = _box(source, kind)
        if box is None or (appearance is None and kind in _WITHOUT_APPEARANCE):
            continue
        certain = appearance is None and (kind != "/Widget" or _has_value(source))
        if appearance is not None or certain or (kind == "/Widget" and _framed(source)):
            yield Annotation(kind, source, appearance, box, certain, index)


def empty_boxes(page: Any) -> list[int]:
    """The indices in /Annots of the check boxes and radio buttons that are off and have no picture for that state.

    Nothing is there to be shown; pdfium draws a pale frame, as a help for filling in, over the page's own lines.
    """
    annotations = page.get(Name.Annots)
    found = enumerate(list(annotations)[:_MOST] if isinstance(annotations, Array) else ())
    return [index for index, source in found if isinstance(source, Dictionary) and _empty_box(source)]


def _empty_box(source: Any) -> bool:
    if source.get(Name.Subtype) != Name.Widget or inherited(source, Name.FT) != Name.Btn:
        return False
    appearances = source.get(Name.AP)
    of_states = isinstance(appearances, Dictionary) and isinstance(appearances.get(Name.N), Dictionary)
    return of_states and appearance_of(source) is None and not _has_value(source)


def _pushed(field: Any) -> bool:
    """Whether a button is one to be pushed, and not a box."""
    return bool(_number(inherited(field, Name.Ff), 0) & _PUSHBUTTON)


def appearance_of(source: Any) -> Any:
    """The normal appearance stream of an annotation (12.5.5), or None; if there are several, that of its state."""
    appearances = source.get(Name.AP, Dictionary())
    appearance = appearances.get(Name.N) if isinstance(appearances, Dictionary) else None
    # A dictionary has one stream for each state: on and off of a check box.
    if isinstance(appearance, Dictionary) and not isinstance(appearance, pikepdf.Stream):
        state = source.get(Name.AS) or inherited(source, Name.V)
        appearance = appearance.get(str(state) if isinstance(state, Name) else "/Off")
    return appearance if isinstance(appearance, pikepdf.Stream) else None


def _number(value: Any, default: int) -> int:
    return value if isinstance(value, int) else default


def _box(source: Any, kind: str) -> Rect | None:
    """The rectangle of an annotation, extended to the points it is drawn from; None if it has no area (for point-based kinds, no extent)."""
    xs, ys = [], []
    for key in (Name.Rect, Name(_POINTS[kind])) if kind in _POINTS else (Name.Rect,):
        numbers = [float(number) for number in source.get(key, ()) or ()]
        xs += numbers[0::2]
        ys += numbers[1::2]
    if kind == "/Ink":
        for stroke in source.get(Name.InkList, ()) or ():
            numbers = [float(number) for number in stroke]
            xs += numbers[0::2]
            ys += numbers[1::2]
    if kind == "/Text" and not xs and not ys:
        xs, ys = [0.0, 0.0], [0.0, 0.0]  # viewers show the icon of a note without a place at the origin
    if len(xs) < 2 or len(ys) < 2:
        return None
    box = min(xs), min(ys), max(xs), max(ys)
    if kind == "/Text":
        # Viewers draw the icon in a size of their own.
        return (box[0], box[1] - _ICON_PT, box[2] + _ICON_PT, box[3] + _ICON_PT)
    # A horizontal line has a box without height, and is seen all the same.
    drawn = kind in _POINTS or kind == "/Ink"
    if drawn:
        return box if box[0] < box[2] or box[1] < box[3] else None
    return box if box[0] < box[2] and box[1] < box[3] else None


def _has_value(field: Any) -> bool:
    """Whether a form field has a value: text, a choice, or a ticked check box."""
    kind = inherited(field, Name.FT)
    value = inherited(field, Name.V)
    if kind == Name.Btn:
        ticked = field.get(Name.AS) or value
        return not _pushed(field) and isinstance(ticked, Name) and ticked != Name.Off
    # The value of a signature field is not displayed; its appearance stream is.
    if kind == Name.Sig or value is None:
        return False
    if isinstance(value, pikepdf.Stream):
        return True
    return (
        bool(str(value).strip()) if isinstance(value, pikepdf.String) else isinstance(value, Array) and len(value) > 0
    )


def _framed(field: Any) -> bool:
    appearance = field.get(Name.MK)
    return isinstance(appearance, Dictionary) and any(key in appearance for key in (Name.BC, Name.BG, Name.CA))


def within(annotation: Annotation, page: Rect) -> bool:
    """Whether ``annotation`` overlaps or touches the rectangle ``page``."""
    x0, y0, x1, y1 = intersect(annotation.box, page)
    return x0 <= x1 and y0 <= y1
