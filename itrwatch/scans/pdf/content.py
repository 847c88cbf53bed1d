"""The drawing instructions of a page, read for one question: is it a scanned image and nothing else.

    read_content(page, resources, into) -> into.images == [Placed(image, ctm, clip, …)], into.obstacle == "text"

The reader follows the graphics state as far as that question needs (ISO 32000, 8 and 9): where
images land, rectangular clips, whether text shows. The first thing that a plain scan does not
have is the *obstacle*; reading goes on, because the images on the way are needed to choose a
resolution, and because every stream must prove to be readable before pdfium may draw.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pikepdf
from pikepdf import Array, Dictionary, Matrix, Name

from itrwatch.scans.pdf.frame import Rect, box, intersect, upright
from itrwatch.scans.pdf.instructions import INLINE_IMAGE, parsed, steps
from itrwatch.scans.pdf.streams import StreamError, read
from itrwatch.scans.values import AGAIN, ScanError

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_CONTENT_BYTES = 16 << 20
"""Instructions of a page, unpacked: 500 000 lines of a map. Chosen: pdfium takes 400 MB for so many short ones."""
_MAX_DEPTH = 12  # chosen
_LONG_BYTES = 2 << 20
"""Instructions are objects of 200 bytes a byte of content once they are read; beyond this only `_TELLING` ones are. Chosen."""
_TELLING = "Do Tf gs scn sh"
"""What a page uses of its resources: read even where the rest of the instructions is too long to be followed."""
_TELLS = re.compile(rb"[\s/\]>)](?:Do|Tf|gs|scn|sh)(?![^\s/\[<(%])")
_MAX_STEPS = 1_000_000
"""Instructions of a page, those of a form as often as it is painted: ten forms of ten make a thousand million. Chosen."""
_FORM_STEPS = 100
"""What painting a form costs beside its instructions. Chosen."""
_INVISIBLE = 3
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
_FILL = {"g": (0.0,), "rg": (0.0, 0.0, 0.0), "k": (0.0, 0.0, 0.0, 1.0)}


@dataclass(frozen=True, slots=True)
class Placed:
    """An image on the page: ``ctm`` takes the unit square to page user space, ``clip`` is in it too."""

    image: pikepdf.Object
    ctm: Matrix
    clip: Rect | None
    painted_black: bool


@dataclass(slots=True)
class DrawnContent:
    """What a page draws.

    ``others``: fonts, patterns and graphics states whose streams pdfium will read; ``within``: the forms that are being read.
    """

    images: list[Placed] = field(default_factory=list)
    others: list[pikepdf.Object] = field(default_factory=list)
    obstacle: str = ""
    steps: int = 0
    within: list[tuple[int, int]] = field(default_factory=list)
    shown: dict[Any, tuple[pikepdf.Object, set[bytes]]] = field(default_factory=dict)
    """Each font that visible text is set in, with the strings that are shown in it."""


@dataclass(frozen=True, slots=True)
class _State:
    ctm: Matrix = field(default_factory=Matrix)
    clip: Rect | None = None
    text_mode: int = 0
    type3: bool = False
    font: Any = None
    black: bool = True


def read_content(content: Any, resources: pikepdf.Object, into: DrawnContent) -> None:
    """Read a page's or an appearance's instructions; raises `StreamError` for damage."""
    _Reader(resources, into, _State(), 0).run(content)


class _Reader:
    """Reads one content stream; a form XObject gets a reader of its own."""

    def __init__(self, resources: pikepdf.Object, into: DrawnContent, state: _State, depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise StreamError("forms within forms without end")
        self.resources, self.into, self.state, self.depth = resources, into, state, depth
        self.stack: list[_State] = []
        self.path: list[Rect] | None = []  # None: not only upright rectangles
        self.clipping = False

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
        """All instructions; of a very long stream only `_TELLING`, which name the other streams that must be readable."""
        data = _bytes_of(content)
        scratch = pikepdf.new()
        unpacked = pikepdf.Stream(scratch, data)  # qpdf would unpack it again, and take less
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
        elif operator in _PAINT:
            self.block("drawing")
            self.end_path()
        # Only upright rectangles are followed as clips; any other path hides an unknown part of an image.
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
        # PDF multiplies from the left: the new matrix applies first (ISO 32000, 8.3.4).
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
            # The clip takes effect with the painting operator that follows W (ISO 32000, 8.5.4).
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
            # Type 3 glyphs are small pages of their own; the invisible mode does not hide them.
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
        # A new colour space begins with its initial colour, black in all that are plain (ISO 32000, table 74).
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
            # Anything that could mix an image with what lies under it is for pdfium.
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
            return  # a form that paints itself: viewers stop there
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
        # A form without resources uses the page's, as PDF 1.1 had it.
        resources = form.get(Name.Resources, self.resources)
        self.into.within.append(form.objgen)
        _Reader(resources, self.into, inner, self.depth + 1).run(form)
        self.into.within.pop()

    def resource(self, category: str, name: Any) -> Any:
        # By the name itself: its bytes need not be UTF-8, and then it has no text. qpdf crashes over the text of some dictionaries.
        return self.resources.get(category, Dictionary()).get(name) if isinstance(name, Name) else None


def _bytes_of(content: Any) -> bytes:
    """The instructions of a page or a form; raises `StreamError` beyond `MAX_CONTENT_BYTES`."""
    if not isinstance(content, pikepdf.Stream):
        content = content.get(Name.Contents, Array())
    streams = list(content) if isinstance(content, Array) else [content]
    # Streams of one page are split anywhere between tokens; a line end keeps those apart (ISO 32000, 7.8.2).
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
