"""Rewrites one content stream: only known instructions, and only the resources that they use.

    rewritten(copy, page, resources, 0) -> (b"q … Q", {"/Font": {"/F1": …}}), or `UnfitError`

Marked-content operators are removed, because the structure they refer to is not copied; those with a replacement text
(ActualText) are kept. Of layers, only what is visible is copied.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

from itrwatch.born_digital.colours import DEVICE, family, space
from itrwatch.born_digital.entries import INTENTS, UnfitError, array_of, name, number, text
from itrwatch.born_digital.gradients import pattern, shading
from itrwatch.born_digital.images import judge_inline
from itrwatch.born_digital.inks import FAMILIES, Inks
from itrwatch.born_digital.layers import Layers
from itrwatch.born_digital.operands import INVISIBLE, KINDS, MOVES, OPERANDS, PAINTS, SHOWS
from itrwatch.scans.pdf.instructions import INLINE_IMAGE, parsed, steps
from itrwatch.scans.pdf.streams import StreamError

MAX_CONTENT_BYTES = 4_000_000
"""Most bytes of instructions of one stream; a page with more is larger than its picture. Chosen."""
_MAX_DEPTH = 8
"""Most levels of nested forms. Chosen."""
_MAX_SAVED = 26
"""Most nesting levels of q and Q: PDF/A-3 allows 28, two of which are reserved for the surrounding page."""


@dataclass(slots=True)
class Seen:
    """What was found on a page.

    ``drawn``: visible text or lines, without which it is a scan; ``blends``: anything see-through; ``replaced``: colours of inks,
    which were replaced; ``outside``: a form that paints in a colour space from outside.
    """

    drawn: bool = False
    blends: bool = False
    replaced: bool = False
    outside: bool = False


class Objects(Protocol):
    """What copies the objects that instructions use, and notes what they show: `content.Copy`."""

    layers: Layers
    seen: Seen
    inks: Inks

    # Each copies an object once for a page, or raises `UnfitError`.
    def once(self, make: Callable[[Pdf, Any], Any], source: Any) -> Any: ...  # noqa: D102
    def font(self, source: Any) -> Any: ...  # noqa: D102
    def image(self, _: Pdf, source: Any) -> Any: ...  # noqa: D102
    def state(self, source: Any, resources: Any, depth: int) -> Any: ...  # noqa: D102
    def letters(self, source: Any, depth: int) -> Any: ...  # noqa: D102
    def tiles(self, source: Any, depth: int) -> Any: ...  # noqa: D102
    def nested(self, source: Any, outer: Any, depth: int) -> Any: ...  # noqa: D102
    def shows(self, source: Any) -> bool: ...  # noqa: D102


Taken = dict[str, dict[str, Any]]
"""Category → name → copied resource."""


def rewritten(copy: Objects, content: Any, resources: Any, depth: int) -> tuple[bytes, Taken]:
    """The instructions of ``content``, a page, form or letter, with the ``resources`` they use; ``depth``: of forms in forms. `UnfitError`."""
    writer = _Writer(copy, resources, depth)
    return writer.run(content), writer.taken


@dataclass(frozen=True, slots=True)
class _State:
    """What of a graphics state is followed: the text rendering mode, whether a font is set, the colour spaces that are replaced.

    ``fill`` and ``stroke``: None for one that is copied, False for one from outside the stream.
    """

    mode: int = 0
    lettered: bool = False
    fill: Any = None
    stroke: Any = None


class _Writer:
    """Rewrites one content stream."""

    def __init__(self, copy: Objects, resources: Any, depth: int) -> None:
        if depth > _MAX_DEPTH:
            raise UnfitError("forms within forms")
        self.copy, self.resources, self.depth = copy, resources, depth
        self.kept: list[Any] = []
        self.taken: Taken = {}
        outside = False if depth else None
        self.saved = [_State(fill=outside, stroke=outside)]
        self.marks: list[tuple[bool, bool]] = []  # per open marked content: whether it is kept, whether it is hidden
        self.tolerant = False  # between BX and EX unknown operators are left out, as readers do (ISO 32000-1, 7.8.2)
        self.moved = True  # whether the position of text does not depend on letters that are left out

    def run(self, content: Any) -> bytes:
        instructions = parsed(content)
        for key in ("/DefaultGray", "/DefaultRGB"):  # they define the meaning of the device colours
            if key in self.resources.get(Name.ColorSpace, Dictionary()):
                self.use("/ColorSpace", Name(key), space)
        for operator, operands in steps(instructions):
            self.step(operator, operands)
        self.close()
        data = bytes(pikepdf.unparse_content_stream(self.kept))
        if len(data) > MAX_CONTENT_BYTES:
            raise UnfitError("too many instructions")
        return data

    def close(self) -> None:
        """Close marked contents and graphics states that the page leaves open, as readers do."""
        while self.marks:
            self.unmark("EMC", [])
        while len(self.saved) > 1:
            self.restore("Q", [])

    def step(self, operator: str, operands: list[Any]) -> None:
        if self.hidden and self.left_out(operator):
            return
        if handler := _HANDLERS.get(operator):
            handler(self, operator, operands)
            return
        kinds = OPERANDS.get(operator)
        if kinds is None and self.tolerant:
            return
        if kinds is None or len(kinds) != len(operands):
            raise UnfitError(f"{operator} with {len(operands)} operands")
        self.watch(operator, operands)
        self.keep(operator, [KINDS[kind](operand) for kind, operand in zip(kinds, operands, strict=True)])

    @property
    def hidden(self) -> bool:
        """Whether the present content is on a layer that is not shown."""
        return any(hidden for _, hidden in self.marks)

    def left_out(self, operator: str) -> bool:
        """Leave out what ``operator`` paints, if it paints; clips and positions in hidden content are valid after it."""
        if operator in PAINTS:
            self.keep("n", [])
        elif operator in ("Tj", "TJ") and self.saved[-1].mode <= INVISIBLE:
            self.moved = False
        elif operator in SHOWS:
            raise UnfitError("letters on a hidden layer")
        else:
            return operator in ("Do", "sh", INLINE_IMAGE)
        return True

    def watch(self, operator: str, operands: list[Any]) -> None:
        """Track text state and visible content; raise `UnfitError` for text without a font set in this stream."""
        mode, lettered = self.saved[-1].mode, self.saved[-1].lettered
        self.moved |= operator in MOVES
        if operator == "Tr":
            # The last entry is the present graphics state; q copies it, Q returns to the one before.
            self.saved[-1] = replace(self.saved[-1], mode=int(operands[0]))
        elif operator in ("g", "rg", "G", "RG"):
            self.choose(operator, None)
        elif operator in SHOWS and not lettered:
            raise UnfitError("text in a font from outside")
        elif operator in SHOWS and not self.moved:
            raise UnfitError("text behind letters on a hidden layer")
        elif operator in PAINTS or (operator in SHOWS and mode != INVISIBLE):
            self.copy.seen.drawn = True

    def keep(self, operator: str, operands: list[Any]) -> None:
        self.kept.append((operands, pikepdf.Operator(operator)))

    def use(self, category: str, key: Any, make: Callable[[Pdf, Any], Any]) -> Name:
        """Copy the resource ``key`` with ``make`` on first use; returns its name."""
        own = name(key)
        made = self.taken.setdefault(category, {})
        if str(own) not in made:
            found = self.resource(category, key)
            if found is None:
                raise UnfitError(f"{own} is missing")
            made[str(own)] = self.copy.once(make, found)
        return own

    def resource(self, category: str, key: Any) -> Any:
        """The resource of the page's name ``key``, or None; the bytes of a name may be no text."""
        return self.resources.get(category, Dictionary()).get(key) if isinstance(key, Name) else None

    def save(self, operator: str, _: list[Any]) -> None:
        self.saved.append(self.saved[-1])
        if len(self.saved) > _MAX_SAVED:
            raise UnfitError("saved too often")
        self.keep(operator, [])

    def restore(self, operator: str, _: list[Any]) -> None:
        if len(self.saved) > 1:  # readers pass over a Q without its q
            self.saved.pop()
            self.keep(operator, [])

    def set_font(self, operator: str, operands: list[Any]) -> None:
        which, size = operands
        self.keep(operator, [self.use("/Font", which, self.font), number(size)])
        self.saved[-1] = replace(self.saved[-1], lettered=True)

    def font(self, _: Pdf, source: Any) -> Any:
        if isinstance(source, Dictionary) and source.get(Name.Subtype) == Name.Type3:
            return self.copy.letters(source, self.depth + 1)
        return self.copy.font(source)

    def set_state(self, operator: str, operands: list[Any]) -> None:
        (which,) = operands
        self.keep(operator, [self.use("/ExtGState", which, self.state)])

    def state(self, _: Pdf, source: Any) -> Any:
        if not isinstance(source, Dictionary):
            raise UnfitError("no graphics state")
        return self.copy.state(source, self.resources, self.depth + 1)

    def shade(self, operator: str, operands: list[Any]) -> None:
        (which,) = operands
        self.keep(operator, [self.use("/Shading", which, shading)])
        self.copy.seen.drawn = True

    def choose(self, operator: str, space: Any) -> None:
        """Note the colour space that ``operator`` sets, for filling or, in capitals, for lines."""
        which = "stroke" if operator.isupper() else "fill"
        self.saved[-1] = replace(self.saved[-1], **{which: space})

    def set_space(self, operator: str, operands: list[Any]) -> None:
        (which,) = operands
        meant = self.resource("/ColorSpace", which)
        if meant in (Name.Pattern, Array([Name.Pattern])):  # under a name of its own
            which = Name.Pattern
        known = isinstance(which, Name) and str(which) in (*DEVICE, "/Pattern")
        found = which if which == Name.DeviceCMYK and meant is None else meant
        try:
            self.keep(operator, [name(which) if known else self.use("/ColorSpace", which, space)])
        except (UnfitError, StreamError):
            if found is None or family(found) not in FAMILIES:
                raise
            self.choose(operator, found)
            self.set_ink(operator, found, [])
        else:
            self.choose(operator, None)

    def set_colour(self, operator: str, operands: list[Any]) -> None:
        state = self.saved[-1]
        ink = state.stroke if operator.isupper() else state.fill
        self.copy.seen.outside |= ink is False
        if operands and isinstance(operands[-1], Name):
            *amounts, which = operands  # the colour of a pattern that has none of its own
            source = self.resource("/Pattern", which)
            copied = self.use("/Pattern", which, self.tiles if isinstance(source, Stream) else pattern)
            self.keep(operator, [*(number(amount) for amount in amounts), copied])
        elif ink:
            self.set_ink(operator, ink, operands)
        else:
            self.keep(operator, list(array_of(number)(Array(operands))))

    def set_ink(self, operator: str, ink: Any, amounts: list[Any]) -> None:
        """The colour that a screen shows for ``amounts`` of ``ink``, whose space PDF/A does not allow as it is."""
        own = self.resources.get(Name.ColorSpace, Dictionary())
        if any(key in own for key in ("/DefaultGray", "/DefaultRGB", "/DefaultCMYK")):
            raise UnfitError("inks beside colours of its own")
        shown, values = self.copy.inks.shown(ink, amounts)
        self.copy.seen.replaced = True
        self.keep(shown.upper() if operator.isupper() else shown, values)

    def set_cmyk(self, operator: str, operands: list[Any]) -> None:
        if len(operands) != 4:
            raise UnfitError(f"{operator} with {len(operands)} operands")
        self.choose(operator, Name.DeviceCMYK)  # which it sets, too, for the colours that follow (ISO 32000-1, 8.6.8)
        self.set_ink(operator, Name.DeviceCMYK, operands)

    def measure(self, operator: str, operands: list[Any]) -> None:
        """The width of a letter that is drawn, and its area if it has no colours of its own."""
        if self.kept or len(operands) != {"d0": 2, "d1": 6}[operator]:
            raise UnfitError(f"{operator} with {len(operands)} operands")
        self.keep(operator, [number(operand) for operand in operands])

    def intend(self, operator: str, operands: list[Any]) -> None:
        (which,) = operands
        self.keep(operator, [INTENTS(which)])

    def paint(self, operator: str, operands: list[Any]) -> None:
        (which,) = operands
        source = self.resource("/XObject", which)
        if isinstance(source, Stream) and not self.copy.shows(source):
            return
        form = isinstance(source, Stream) and source.get(Name.Subtype) == Name.Form
        # `use` copies each resource once per stream; `Copy.once` copies an object once per page.
        self.keep(operator, [self.use("/XObject", which, self.nested if form else self.copy.image)])

    def nested(self, _: Pdf, source: Any) -> Any:
        return self.copy.nested(source, self.resources, self.depth + 1)

    def tiles(self, _: Pdf, source: Any) -> Any:
        return self.copy.tiles(source, self.depth + 1)

    def mark(self, operator: str, operands: list[Any]) -> None:
        own = operands[1] if len(operands) > 1 else None
        if str(operands[0]) == "/OC":
            group = self.resources.get(Name.Properties, Dictionary()).get(own) if isinstance(own, Name) else None
            self.marks.append((False, not self.copy.layers.visible(group)))
            return
        meant = own.get(Name.ActualText) if isinstance(own, Dictionary) else None
        self.marks.append((isinstance(meant, String), False))
        if isinstance(meant, String):
            self.keep(operator, [name(operands[0]), Dictionary(ActualText=text(meant))])

    def unmark(self, operator: str, _: list[Any]) -> None:
        if not self.marks:
            raise UnfitError("a mark that does not begin")
        kept, _hidden = self.marks.pop()
        if kept:
            self.keep(operator, [])

    def keep_inline(self, _: str, operands: list[Any]) -> None:
        (image,) = operands
        if colours := judge_inline(image.iimage.obj):
            self.use("/ColorSpace", colours, space)
        self.kept.append(image)

    def tolerate(self, operator: str, _: list[Any]) -> None:
        self.tolerant = operator == "BX"

    def skip(self, *_: object) -> None:
        """Omit an operator without visible effect."""


_HANDLERS: dict[str, Callable[[_Writer, str, list[Any]], None]] = {
    "q": _Writer.save,
    "Q": _Writer.restore,
    "Tf": _Writer.set_font,
    "gs": _Writer.set_state,
    "sh": _Writer.shade,
    **dict.fromkeys(("cs", "CS"), _Writer.set_space),
    **dict.fromkeys(("sc", "scn", "SC", "SCN"), _Writer.set_colour),
    **dict.fromkeys(("k", "K"), _Writer.set_cmyk),
    "ri": _Writer.intend,
    INLINE_IMAGE: _Writer.keep_inline,
    "Do": _Writer.paint,
    **dict.fromkeys(("d0", "d1"), _Writer.measure),
    **dict.fromkeys(("BMC", "BDC"), _Writer.mark),
    "EMC": _Writer.unmark,
    **dict.fromkeys(("BX", "EX"), _Writer.tolerate),
    **dict.fromkeys(("MP", "DP"), _Writer.skip),
}
