"""Copies colour spaces, shadings and patterns: device-independent ones, and grey and RGB of the output intent (sRGB).

    space(pdf, value) -> the colour space in ``pdf``, or `UnfitError`

CMYK would require an output intent of its own; Separation and DeviceN must be consistent in the whole file: `born_digital.inks`
replaces them.
"""

from __future__ import annotations

from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, Stream

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
    text,
)
from itrwatch.scans.pdf.streams import read

DEVICE = ("/DeviceGray", "/DeviceRGB")
_CALIBRATED: dict[str, dict[str, EntryReader]] = {
    "/CalGray": {"/WhitePoint": numbers, "/BlackPoint": numbers, "/Gamma": number},
    "/CalRGB": {"/WhitePoint": numbers, "/BlackPoint": numbers, "/Gamma": numbers, "/Matrix": numbers},
    "/Lab": {"/WhitePoint": numbers, "/BlackPoint": numbers, "/Range": numbers},
}
_PROFILES = {1: b"GRAY", 3: b"RGB "}
_CLASSES = (b"mntr", b"scnr", b"prtr", b"spac")
_ICC_HEADER = 128
_AXIAL, _RADIAL = 2, 3


def family(value: Any) -> str:
    """The family of a colour space: "/Separation"."""
    return str(value[0]) if isinstance(value, Array) and len(value) else str(value)


def space(pdf: Pdf, value: Any) -> Any:
    """A copy of the colour space ``value`` in ``pdf``; raises `UnfitError` for one that PDF/A allows only with further conditions."""
    if not isinstance(value, Array):
        if isinstance(value, Name) and str(value) in DEVICE:
            return Name(str(value))
        raise UnfitError(f"colours of {value!r}")
    family = str(value[0])
    if len(value) == 1 and family in DEVICE:
        return Name(family)
    if family in _CALIBRATED and len(value) == 2:
        return Array([Name(family), plain_dictionary(value[1], _CALIBRATED[family], ("/WhitePoint",))])
    if family == "/Pattern" and len(value) == 2:  # the colours of patterns that have none of their own
        return Array([Name.Pattern, space(pdf, value[1])])
    if family == "/ICCBased" and len(value) == 2:
        return Array([Name.ICCBased, _profile(pdf, value[1])])
    if family == "/Indexed" and len(value) == 4:
        # Forbidden (ISO 32000-1, 8.6.6.3); it could also be a cycle.
        if isinstance(value[1], Array) and str(value[1][0]) == "/Indexed":
            raise UnfitError("a palette of a palette")
        table = value[3]
        colours = copy_stream(pdf, table, {}) if isinstance(table, Stream) else text(table)
        return Array([Name.Indexed, space(pdf, value[1]), integer(value[2]), colours])
    raise UnfitError(f"colours of {family}")


def _profile(pdf: Pdf, source: Any) -> Any:
    """A copy of an ICC profile of version 2 or 4 that has the declared number of channels (ISO 19005-3, 6.2.4.2)."""
    entries = taken(source, {"/N": integer}, ("/N",))
    data = read(source).data
    fits = (
        len(data) >= _ICC_HEADER
        # Header of ICC.1: size at 0, version at 8, class at 12, colour space at 16, signature at 36.
        and int.from_bytes(data[:4], "big") == len(data)
        and data[8] in (2, 4)
        and data[12:16] in _CLASSES
        and data[16:20] == _PROFILES.get(entries["/N"])
        and data[36:40] == b"acsp"
    )
    if not fits:
        raise UnfitError("an ICC profile that does not fit")
    return copy_stream(pdf, source, entries)


def shading(pdf: Pdf, source: Any) -> Dictionary:
    """A copy of an axial or radial shading; raises `UnfitError` for other types."""
    if not isinstance(source, Dictionary) or source.get(Name.ShadingType) not in (_AXIAL, _RADIAL):
        raise UnfitError("a gradient of another kind")
    kinds: dict[str, EntryReader] = {
        "/ShadingType": integer,
        "/ColorSpace": lambda value: space(pdf, value),
        "/Background": numbers,
        "/BBox": numbers,
        "/Coords": numbers,
        "/Domain": numbers,
        "/Extend": array_of(flag),
        "/Function": lambda value: _functions(pdf, value),
    }
    return plain_dictionary(source, kinds, ("/ColorSpace", "/Coords", "/Function"))


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
    raise UnfitError("a function in PostScript")
