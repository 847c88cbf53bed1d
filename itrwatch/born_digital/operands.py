"""Which operands the known drawing instructions have, and which entries a tiling pattern.

[KINDS[kind](operand) for kind, operand in zip(OPERANDS["re"], operands, strict=True)]
"""

from __future__ import annotations

from itrwatch.born_digital.entries import EntryReader, array_of, integer, number, numbers, text

INVISIBLE = 3
"""The rendering mode of invisible text (ISO 32000-1, 9.3.6)."""
_PATHS = {"m": "nn", "l": "nn", "c": "nnnnnn", "v": "nnnn", "y": "nnnn", "h": "", "re": "nnnn"}
PAINTS = dict.fromkeys(("S", "s", "f", "F", "f*", "B", "B*", "b", "b*"), "")
SHOWS = {"Tj": "t", "'": "t", '"': "nnt", "TJ": "a"}
MOVES = frozenset(("BT", "Td", "TD", "Tm", "T*", "'", '"'))
"""Operators after which the place of the next letter does not depend on letters before them."""
OPERANDS = {
    **dict.fromkeys(("n", "W", "W*", "BT", "ET", "T*"), ""),
    **dict.fromkeys(("w", "J", "j", "M", "i", "Tc", "Tw", "Tz", "TL", "Tr", "Ts", "g", "G"), "n"),
    **dict.fromkeys(("Td", "TD"), "nn"),
    **dict.fromkeys(("rg", "RG"), "nnn"),
    **dict.fromkeys(("cm", "Tm"), "nnnnnn"),
    "d": "an",
    **_PATHS,
    **PAINTS,
    **SHOWS,
}
"""The operands of each operator: n a number, t a string, a an array of both."""
KINDS = {"n": number, "t": text, "a": array_of(number, text)}
TILES: dict[str, EntryReader] = {
    **dict.fromkeys(("/PatternType", "/PaintType", "/TilingType"), integer),
    **dict.fromkeys(("/XStep", "/YStep"), number),
    **dict.fromkeys(("/BBox", "/Matrix"), numbers),
}
"""The entries of a tiling pattern; only /Matrix, the last, may be missing."""
