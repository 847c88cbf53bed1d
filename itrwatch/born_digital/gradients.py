"""Copies shadings, their functions and the patterns of them; gradients in inks become RGB.

shading(pdf, source) -> the shading in ``pdf``, or `UnfitError`
"""

from __future__ import annotations

import zlib
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream

from itrwatch.born_digital.colours import family, space
from itrwatch.born_digital.entries import (
    EntryReader,
    UnfitError,
    array_of,
    copy_stream,
    flag,
    integer,
    number,
    numbers,
    plain_dictionary,
    taken,
)
from itrwatch.born_digital.inks import FAMILIES, STEPS, gradient

_BY_FUNCTION, _AXIAL, _RADIAL = 1, 2, 3
_MESHES = (4, 5, 6, 7)
_MESH: dict[str, EntryReader] = {
    **dict.fromkeys(("/BitsPerCoordinate", "/BitsPerComponent", "/BitsPerFlag", "/VerticesPerRow"), integer),
    "/Decode": numbers,
}


def shading(pdf: Pdf, source: Any) -> Object:
    """A copy of a shading; raises `UnfitError` for one in inks that is neither axial nor radial."""
    if not isinstance(source, Dictionary | Stream):
        raise UnfitError("no gradient")
    kind = source.get(Name.ShadingType)
    kinds: dict[str, EntryReader] = {
        "/ShadingType": integer,
        "/ColorSpace": lambda value: space(pdf, value),
        "/Background": numbers,
        "/BBox": numbers,
        "/Function": lambda value: _functions(pdf, value),
    }
    if kind in _MESHES:
        return copy_stream(pdf, source, taken(source, kinds | _MESH, ("/ColorSpace", "/Decode")))
    if kind == _BY_FUNCTION:
        return plain_dictionary(source, kinds | {"/Domain": numbers, "/Matrix": numbers}, ("/ColorSpace", "/Function"))
    if kind not in (_AXIAL, _RADIAL):
        raise UnfitError("a gradient of another kind")
    kinds |= {"/Coords": numbers, "/Domain": numbers, "/Extend": array_of(flag)}
    needed = ("/ColorSpace", "/Coords", "/Function")
    try:
        return plain_dictionary(source, kinds, needed)
    except UnfitError:
        if family(source.get(Name.ColorSpace)) not in FAMILIES or Name.Background in source:
            raise
    kinds |= {"/ColorSpace": lambda _: Name.DeviceRGB, "/Function": lambda _: _sampled(pdf, source)}
    return plain_dictionary(source, kinds, needed)


def _sampled(pdf: Pdf, source: Any) -> Object:
    """The colours of a gradient in inks as a function of its domain, with three values."""
    entries = Dictionary(
        FunctionType=0, Domain=numbers(source.get(Name.Domain, Array([0, 1]))), Range=Array([0, 1] * 3)
    )
    entries.Size, entries.BitsPerSample, entries.Filter = Array([STEPS]), 8, Name.FlateDecode
    return pdf.make_stream(zlib.compress(gradient(source), 9), entries)


def pattern(pdf: Pdf, source: Any) -> Dictionary:
    """A copy of a shading pattern; tiling patterns have instructions of their own (`content.Copy.tiles`)."""
    if not isinstance(source, Dictionary) or source.get(Name.PatternType) != 2 or Name.ExtGState in source:
        raise UnfitError("a pattern of tiles")
    kinds: dict[str, EntryReader] = {
        "/PatternType": integer,
        "/Matrix": numbers,
        "/Shading": lambda value: shading(pdf, value),
    }
    return plain_dictionary(source, kinds, ("/Shading",))


def _functions(pdf: Pdf, value: Any) -> Any:
    if isinstance(value, Array):
        return Array([_function(pdf, one, 0) for one in value])
    return _function(pdf, value, 0)


def _function(pdf: Pdf, source: Any, depth: int) -> Any:
    # At most two levels of stitching functions. Chosen: producers write no more.
    if not isinstance(source, Dictionary | Stream) or depth > 2:
        raise UnfitError("no function")
    kind = source.get(Name.FunctionType)
    both: dict[str, EntryReader] = {"/FunctionType": integer, "/Domain": numbers, "/Range": numbers}
    if kind == 0:
        sampled = {
            "/Size": numbers,
            "/Encode": numbers,
            "/Decode": numbers,
            "/BitsPerSample": integer,
            "/Order": integer,
        }
        return copy_stream(pdf, source, taken(source, both | sampled, ("/Domain", "/Range", "/Size")))
    if kind == 2:
        return plain_dictionary(source, {**both, "/C0": numbers, "/C1": numbers, "/N": number}, ("/Domain", "/N"))
    if kind == 3:
        inner = array_of(lambda one: _function(pdf, one, depth + 1))
        stitched = {"/Functions": inner, "/Bounds": numbers, "/Encode": numbers}
        return plain_dictionary(source, {**both, **stitched}, ("/Domain", *stitched))
    if kind == 4:  # in PostScript
        return copy_stream(pdf, source, taken(source, both, ("/Domain", "/Range")))
    raise UnfitError("a function of another kind")
