"""Interprets the drawing instructions of a page to decide whether it is a scanned image and nothing else.

    read_content(page, resources, into) -> into.images == [Placed(image, ctm, clip, …)], into.obstacle == "text"

The reader follows the graphics state as far as necessary for this (ISO 32000-1, 8 and 9): position of
images, rectangular clips, visibility of text. The first thing that a plain scan does not have is the
*obstacle*. Reading continues after it, because the resolution of a drawn page is chosen from all images,
and because every stream must be proven readable before pdfium draws the page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pikepdf
from pikepdf import Array, Dictionary, Matrix, Name

from itrwatch.core.filenames import printable
from itrwatch.scans.pdf.frame import Rect, box, intersect, upright
from itrwatch.scans.pdf.instructions import INLINE_IMAGE, parsed, steps
from itrwatch.scans.pdf.streams import StreamError, read
from itrwatch.scans.remarks import remark
from itrwatch.scans.values import AGAIN, ScanError

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_CONTENT_BYTES = 16 << 20
"""Most bytes of decoded instructions of a page: 500 000 lines of a map. Chosen: pdfium needs 400 MB for so many short ones."""
_MAX_DEPTH = 12
"""Most levels of nested forms. Chosen."""
_LONG_BYTES = 2 << 20
"""Bytes of content beyond which only `_TELLING` operators are parsed: parsed instructions take 200 bytes of memory per byte. Chosen."""
_TELLING = "Do Tf gs scn sh"
"""Operators that use resources: parsed even if the content is too long to be followed."""
_TELLS = re.compile(rb"[\s/\]>)](?:Do|Tf|gs|scn|sh)(?![^\s/\[<(%])")
_MAX_STEPS = 1_000_000
"""Most instructions of a page; those of a form count each time it is painted: ten forms, each painting the next ten times, make a thousand million. Chosen."""
_FORM_STEPS = 100
"""Steps counted for painting a form, besides its instructions. Chosen."""
_INVISIBLE = 3
"""The text rendering mode of invisible text (ISO 32000-1, 9.3.6)."""
_HARMLESS_GS = frozenset(
    (
        "Type",
        "SA",
        "OP",
        "op",
        "OPM",
        "AIS",
        "LW",
        "LC",
        "LJ",
        "ML",
        "D",
        "RI",
        "FL",
        "SM",
        "TK",
        "BG",
        "BG2",
        "UCR",
        "UCR2",
    )
)
_PAINT = frozenset(("f", "F", "f*", "B", "B*", "b", "b*", "s", "S", "sh"))
_PATH = frozenset(("m", "l", "c", "v", "y", "h"))
_SHOW = frozenset(("Tj", "TJ", "'", '"'))
_KNOWN = frozenset(  # a list would be a page long
    """
    B b B* b* BDC BI BMC BT BX c cm CS cs d d0 d1 Do DP EI EMC ET EX F f f* G g gs h i ID J j K k l M m MP n Q q
    re RG rg ri S s SC sc SCN scn sh T* Tc TD Td Tf TJ Tj TL Tm Tr Ts Tw Tz v W w W* y
    ' \"
    """.split()  # noqa: SIM905
)
"""All operators (ISO 32000-1, annex A)."""
_UNKNOWN = (
    "A página traz um comando de desenho que não existe no formato PDF ({}), e o que ele mostraria pode faltar. "
    "Compare a página com o papel; se falta algo, digitalize a folha de novo."
)
_FILL = {"g": (0.0,), "rg": (0.0, 0.0, 0.0), "k": (0.0, 0.0, 0.0, 1.0)}


@dataclass(frozen=True, slots=True)
class Placed:
    """An image on the page: ``ctm`` maps the unit square to page user space; ``clip`` is in user space too."""

    image: pikepdf.Object
    ctm: Matrix
    clip: Rect | None
    painted_black: bool


@dataclass(slots=True)
class DrawnContent:
    """The content a page draws.

    ``painted``: whether a path or a shading is painted. ``others``: fonts, patterns and graphics states whose streams pdfium will read; ``within``: the stack of forms being read.
    """

    images: list[Placed] = field(default_factory=list)
    others: list[pikepdf.Object] = field(default_factory=list)
    obstacle: str = ""
    painted: bool = False
    steps: int = 0
    within: list[tuple[int, int]] = field(default_factory=list)
    shown: dict[Any, tuple[pikepdf.Object, set[bytes]]] = field(default_factory=dict)
    """Each font of visible text, with the strings shown in it."""


@dataclass(frozen=True, slots=True)
class _State:
    ctm: Matrix = field(default_factory=Matrix)
    clip: Rect | None = None
    text_mode: int = 0
    type3: bool = False
    font: Any = None
    black: bool = True


def read_content(content: Any, resources: pikepdf.Object, into: DrawnContent) -> None:
    """Add the content of a page or an appearance stream to ``into``; raises `StreamError` for damage, `ScanError` for a missing image."""
    _Reader(resources, into, _State(), 0).run(content)


class _Reader:
    """Interprets one content stream; each form XObject is read by a reader of its own."""

    def __init__(self, resources: pikepdf.Object, into: DrawnContent, state: _State, depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise StreamError("forms within forms without end")
        self.resources, self.into, self.state, self.depth = resources, into, state, depth
        self.stack: list[_State] = []
        self.path: list[Rect] | None = []  # None: the path is not only upright rectangles
        self.clipping = False
        self.tolerant = False  # between BX and EX unknown operators are ignored (ISO 32000-1, 7.8.2)

    def run(self, content: Any) -> None:
        try:
            instructions = self.instructions(content)
        except (pikepdf.PikepdfError, RuntimeError, ValueError, TypeError, UserWarning) as wrong:
            raise StreamError(str(wrong)) from wrong
        self.count(len(instructions))
        operator = ""
        try:
            for operator, operands in steps(instructions):
                self.step(operator, operands)
        except (IndexError, TypeError, AttributeError, ArithmeticError) as wrong:
            raise StreamError(f"{operator}: {wrong}") from wrong

    def instructions(self, content: Any) -> Any:
        """All instructions; for content over `_LONG_BYTES` only `_TELLING`, which name the other streams that must be readable."""
        data = _bytes_of(content)
        scratch = pikepdf.new()
        # Decoded by `streams`: qpdf would decode again and accept truncated data.
        unpacked = pikepdf.Stream(scratch, data)
        if len(data) <= _LONG_BYTES:
            return parsed(unpacked)
        self.block("long")
        self.count(sum(1 for _ in _TELLS.finditer(data)))
        return parsed(unpacked, _TELLING)

    def count(self, steps: int) -> None:
        self.into.steps += steps
        if self.into.steps > _MAX_STEPS:
            raise StreamError("instructions without end")

    def block(self, why: str) -> None:
        self.into.obstacle = self.into.obstacle or why

    def step(self, operator: str, operands: list[Any]) -> None:
        if operator == INLINE_IMAGE:
            self.block("inline image")
        elif operator in ("BX", "EX"):
            self.tolerant = operator == "BX"
        elif operator not in _KNOWN and not self.tolerant:
            self.block("unknown operator")
            remark(_UNKNOWN.format(printable(operator[:10])))
        elif operator in _PAINT:
            self.block("drawing")
            self.into.painted = True
            self.end_path()
        # Only upright rectangles are followed as clips; the visible part under any other path is unknown.
        elif operator in _PATH:
            self.path = None
        elif operator in _SHOW:
            if self.state.text_mode != _INVISIBLE or self.state.type3:
                self.block("text")
                self.show(operands)
        elif operator in _FILL or operator in ("sc", "scn", "cs"):
            self.fill(operator, operands)
        elif handler := _HANDLERS.get(operator):
            handler(self, operands)

    def save(self, _: list[Any]) -> None:
        self.stack.append(self.state)

    def restore(self, _: list[Any]) -> None:
        if self.stack:
            self.state = self.stack.pop()

    def concat(self, operands: list[Any]) -> None:
        # PDF multiplies from the left: the new matrix applies first (ISO 32000-1, 8.3.4).
        self.state = replace(self.state, ctm=Matrix(*map(float, operands)) @ self.state.ctm)

    def rectangle(self, operands: list[Any]) -> None:
        x, y, width, height = map(float, operands)
        if self.path is not None and upright(self.state.ctm):
            self.path.append(box(self.state.ctm, x, y, x + width, y + height))
        else:
            self.path = None

    def clip(self, _: list[Any]) -> None:
        self.clipping = True

    def end_path(self, _: Iterable[Any] = ()) -> None:
        if self.clipping:
            # The clip takes effect with the painting operator that follows W (ISO 32000-1, 8.5.4).
            if self.path is not None and len(self.path) == 1:
                self.state = replace(self.state, clip=intersect(self.state.clip, self.path[0]))
            else:
                self.block("clip")
        self.path, self.clipping = [], False

    def text_mode(self, operands: list[Any]) -> None:
        self.state = replace(self.state, text_mode=int(operands[0]))

    def font(self, operands: list[Any]) -> None:
        font = self.resource("/Font", operands[0])
        if font is not None:
            self.into.others.append(font)
            # Type 3 glyphs are content streams; the invisible text mode does not hide them.
            self.state = replace(self.state, type3=font.get(Name.Subtype) == Name.Type3, font=font)

    def show(self, operands: list[Any]) -> None:
        font = self.state.font
        if font is None or self.state.type3 or not operands:
            return
        key = font.objgen if font.is_indirect else font.unparse()
        strings = operands[-1] if isinstance(operands[-1], Array) else operands[-1:]
        _, seen = self.into.shown.setdefault(key, (font, set()))
        seen.update(bytes(one) for one in strings if isinstance(one, pikepdf.String))

    def fill(self, operator: str, operands: list[Any]) -> None:
        numbers = tuple(float(x) for x in operands if isinstance(x, int | float | Decimal))
        black = numbers == _FILL.get(operator) or (operator in ("sc", "scn") and numbers in ((0.0,), (0.0, 0.0, 0.0)))
        # Setting a colour space selects its initial colour, which is black in all plain ones (ISO 32000-1, table 74).
        self.state = replace(self.state, black=black or operator == "cs")
        if operator == "scn" and operands and isinstance(operands[-1], pikepdf.Name):
            pattern = self.resource("/Pattern", operands[-1])
            if pattern is not None:
                self.into.others.append(pattern)

    def graphics_state(self, operands: list[Any]) -> None:
        state = self.resource("/ExtGState", operands[0])
        if state is None:
            return
        self.into.others.append(state)
        for key, value in state.items():
            opaque = key in ("/ca", "/CA") and float(value) == 1
            # Entries that may blend an image with the content under it are left to pdfium.
            plain = (key == "/SMask" and value == Name("/None")) or (
                key == "/BM" and str(value) in ("/Normal", "/Compatible")
            )
            identity = key in ("/TR", "/TR2", "/HT") and str(value) in ("/Identity", "/Default")
            if not (key[1:] in _HARMLESS_GS or opaque or plain or identity):
                self.block(f"graphics state {key}")

    def marked(self, operands: list[Any]) -> None:
        if operands and isinstance(operands[0], Name) and operands[0] == Name.OC:
            self.block("layers")

    def paint_object(self, operands: list[Any]) -> None:
        target = self.resource("/XObject", operands[0])
        if not isinstance(target, pikepdf.Stream):
            raise ScanError(
                f"A página usa uma imagem que não está no PDF: ele está danificado ou incompleto. {AGAIN}", damage=True
            )
        if Name.OC in target:
            self.block("layers")
        subtype = target.get(Name.Subtype)
        if subtype == Name.Image:
            state = self.state
            self.into.images.append(Placed(target, state.ctm, state.clip, state.black))
        elif subtype == Name.Form:
            self.form(target)

    def form(self, form: pikepdf.Stream) -> None:
        if form.objgen in self.into.within:
            return  # a form that paints itself: viewers stop here
        self.count(_FORM_STEPS)
        read(form)
        matrix = form.get(Name.Matrix)
        ctm = (Matrix(*map(float, matrix)) if matrix is not None else Matrix()) @ self.state.ctm
        clip = self.state.clip
        bounds = form.get(Name.BBox)
        if bounds is not None:
            if not upright(ctm):
                self.block("turned form")
            clip = intersect(clip, box(ctm, *map(float, bounds)))
        inner = replace(self.state, ctm=ctm, clip=clip)
        # A form without resources uses those of the page (PDF 1.1).
        resources = form.get(Name.Resources, self.resources)
        self.into.within.append(form.objgen)
        _Reader(resources, self.into, inner, self.depth + 1).run(form)
        self.into.within.pop()

    def resource(self, category: str, name: Any) -> Any:
        # Look up by the name object: its bytes may not be UTF-8 and then have no text form. qpdf crashes on the text of some dictionaries.
        return self.resources.get(category, Dictionary()).get(name) if isinstance(name, Name) else None


def _bytes_of(content: Any) -> bytes:
    """The decoded instructions of a page or a form; raises `StreamError` beyond `MAX_CONTENT_BYTES`."""
    if not isinstance(content, pikepdf.Stream):
        content = content.get(Name.Contents, Array())
    streams = list(content) if isinstance(content, Array) else [content]
    # The streams of a page may be split between any two tokens; a line end separates them (ISO 32000-1, 7.8.2).
    data = b"\n".join(read(stream, MAX_CONTENT_BYTES).data for stream in streams)
    if len(data) > MAX_CONTENT_BYTES:
        raise StreamError("too many instructions")
    return data


_HANDLERS = {
    "q": _Reader.save,
    "Q": _Reader.restore,
    "cm": _Reader.concat,
    "re": _Reader.rectangle,
    "W": _Reader.clip,
    "W*": _Reader.clip,
    "n": _Reader.end_path,
    "Tr": _Reader.text_mode,
    "Tf": _Reader.font,
    "gs": _Reader.graphics_state,
    "BDC": _Reader.marked,
    "Do": _Reader.paint_object,
}
