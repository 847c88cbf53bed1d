"""Copies fonts whose letters are drawings of their own (Type 3), as TeX, plotters and some exports write them.

    drawn_font(pdf, source, write) -> the font in ``pdf``; ``write`` rewrites the instructions of a letter

A letter may paint areas and images but no text: its typeface would have to be checked as well.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pikepdf import Dictionary, Name, Object, Pdf, Stream

from itrwatch.born_digital.entries import EntryReader, UnfitError, integer, numbers, plain_dictionary
from itrwatch.born_digital.fonts import encoding, named

_ENTRIES: dict[str, EntryReader] = {
    **dict.fromkeys(("/FontBBox", "/FontMatrix", "/Widths"), numbers),
    **dict.fromkeys(("/FirstChar", "/LastChar"), integer),
}
_MOST_LETTERS = 256
Written = tuple[Object, dict[str, dict[str, Any]]]
"""The instructions of a letter, and the resources that they use, by category and name."""


def drawn_font(pdf: Pdf, source: Any, write: Callable[[Any, Any], Written]) -> Object:
    """A copy of the Type 3 font ``source``; ``write(letter, resources)`` copies a letter. Raises `UnfitError`."""
    made = plain_dictionary(source, _ENTRIES, tuple(_ENTRIES))
    made.Type, made.Subtype = Name.Font, Name.Type3
    if not isinstance(source.get(Name.Encoding), Dictionary):
        raise UnfitError("a font of drawings without an encoding")
    made.Encoding = encoding(source.Encoding)
    letters = source.get(Name.CharProcs, Dictionary())
    used: dict[str, dict[str, Any]] = {}
    if len(letters) > _MOST_LETTERS:
        raise UnfitError("a font of too many drawings")
    drawings = {}
    for name, letter in sorted(letters.items()):
        if not isinstance(letter, Stream):
            raise UnfitError("a letter without instructions")
        drawings[name], resources = write(letter, source.get(Name.Resources, Dictionary()))
        for category, objects in resources.items():
            used.setdefault(category, {}).update(objects)
    if "/Font" in used:
        raise UnfitError("a letter of letters")
    made.CharProcs = Dictionary(drawings)
    made.Resources = Dictionary({category: Dictionary(objects) for category, objects in used.items()})
    return named(pdf, source, made)
