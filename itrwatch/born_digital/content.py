"""The objects that are copied for a page that keeps its own instructions.

    Copy(pdf).form(page, resources, bounds, matrix) -> a form XObject of the page in ``pdf``, or `UnfitError`

What the instructions may be: `stream_writer`.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

from pikepdf import Dictionary, Name, Object, Pdf

from itrwatch.born_digital.drawn_fonts import Written, drawn_font
from itrwatch.born_digital.entries import UnfitError, numbers, plain_dictionary, taken
from itrwatch.born_digital.fonts import font
from itrwatch.born_digital.images import image
from itrwatch.born_digital.inks import Inks
from itrwatch.born_digital.layers import Layers
from itrwatch.born_digital.operands import TILES
from itrwatch.born_digital.states import blends, graphics_state, group
from itrwatch.born_digital.stream_writer import Seen, Taken, rewritten


class Copy:
    """The objects copied to ``pdf`` for one page; an object used several times is copied once."""

    def __init__(self, pdf: Pdf, layers: Layers | None = None) -> None:
        self.pdf = pdf
        self.layers = layers or Layers(Dictionary())
        self.seen = Seen()
        self.inks = Inks()
        self._made: dict[tuple[Any, tuple[int, int]], Object] = {}

    def other(self) -> Copy:
        """A copy from another file to the same page: its objects have numbers of their own."""
        made = Copy(self.pdf, self.layers)
        made.seen = self.seen
        return made

    def once(self, make: Callable[[Pdf, Any], Any], source: Any) -> Any:
        """``make(pdf, source)``; for the same indirect object, the result of the first call."""
        if not isinstance(source, Object) or not source.is_indirect:
            return make(self.pdf, source)
        return self._first((make, source.objgen), make, source)

    def font(self, source: Any) -> Any:
        """A copy of a font; of equal ones the first: some producers write one for each line, each with its widths."""
        return self._first(
            (font, source.unparse(resolved=True) if isinstance(source, Dictionary) else None), font, source
        )

    def _first(self, key: Any, make: Callable[[Pdf, Any], Any], source: Any) -> Any:
        if key not in self._made:
            self._made[key] = make(self.pdf, source)
        return self._made[key]

    def form(self, content: Any, resources: Any, bounds: Any, matrix: Any, depth: int = 0) -> Object:
        """A form XObject with the instructions of ``content`` (a page or a form) and the ``resources`` they use, clipped to ``bounds``.

        Raises `UnfitError`.
        """
        data, used = rewritten(self, content, resources, depth)
        entries = Dictionary(Type=Name.XObject, Subtype=Name.Form, BBox=bounds, Resources=_resources(used))
        entries.Filter = Name.FlateDecode
        if matrix is not None:
            entries.Matrix = matrix
        return self.pdf.make_stream(zlib.compress(data, 9), entries)

    def nested(self, source: Any, outer: Any, depth: int) -> Any:
        """A copy of a form XObject; a form without resources uses ``outer``, those of its parent, and is copied each time."""
        # The same form means something else under other parents, which have other resources.
        if Name.Resources not in source:
            return self._nested(source, outer, depth)
        key = (Copy.nested, source.objgen)
        if key not in self._made:
            self._made[key] = self._nested(source, source.Resources, depth)
        return self._made[key]

    def shows(self, source: Any) -> bool:
        """Whether ``source``, a form, an image or a note, is on no layer, or on one that is visible."""
        return Name.OC not in source or self.layers.visible(source.OC)

    def _nested(self, source: Any, resources: Any, depth: int) -> Object:
        if any(key in source for key in (Name.Ref, Name.PS)) or source.get("/Subtype2") is not None:
            raise UnfitError("a form of another kind")
        if not self.shows(source):
            raise UnfitError("a form that is hidden")
        entries = plain_dictionary(source, {"/BBox": numbers, "/Matrix": numbers}, ("/BBox",))
        made = self.form(source, resources, entries.BBox, entries.get(Name.Matrix), depth)
        if Name.Group in source:
            made.Group = group(self.pdf, source.Group)
        return made

    def image(self, _: Pdf, source: Any) -> Any:
        """A copy of an image."""
        made = image(self.pdf, source)
        self.seen.blends |= Name.SMask in made
        return made

    def state(self, source: Any, resources: Any, depth: int) -> Any:
        """A copy of a graphics state; ``resources``: those of the form that sets it."""
        key = (Copy.state, source.objgen)
        if key not in self._made or not source.is_indirect:
            self._made[key] = graphics_state(source, lambda form: self.nested(form, resources, depth))
            self.seen.blends |= blends(self._made[key])
        return self._made[key]

    def letters(self, source: Any, depth: int) -> Any:
        """A copy of a font whose letters are drawings; raises `UnfitError`."""

        def write(letter: Any, resources: Any) -> Written:
            data, used = rewritten(self, letter, resources, depth)
            return self.pdf.make_stream(zlib.compress(data, 9), Dictionary(Filter=Name.FlateDecode)), used

        key = (Copy.letters, source.objgen)
        if key not in self._made or not source.is_indirect:
            self._made[key] = drawn_font(self.pdf, source, write)
        return self._made[key]

    def tiles(self, source: Any, depth: int) -> Any:
        """A copy of a tiling pattern; raises `UnfitError`."""
        key = (Copy.tiles, source.objgen)
        if key not in self._made:
            entries = taken(source, TILES, tuple(TILES)[:-1])
            if entries["/PatternType"] != 1 or entries["/PaintType"] not in (1, 2) or Name.Resources not in source:
                raise UnfitError("a pattern of another kind")
            data, used = rewritten(self, source, source.Resources, depth)
            entries |= {"/Type": Name.Pattern, "/Resources": _resources(used), "/Filter": Name.FlateDecode}
            self._made[key] = self.pdf.make_stream(zlib.compress(data, 9), Dictionary(entries))
        return self._made[key]


def _resources(used: Taken) -> Dictionary:
    return Dictionary({category: Dictionary(objects) for category, objects in used.items()})
