"""Copies colour spaces: device-independent ones, and grey and RGB of the output intent (sRGB).

    space(pdf, value) -> the colour space in ``pdf``, or `UnfitError`

CMYK would require an output intent of its own; Separation and DeviceN must be consistent in the whole file: `born_digital.inks`
replaces them.
"""

from __future__ import annotations

from typing import Any

from pikepdf import Array, Name, Pdf, Stream

from itrwatch.born_digital.entries import (
    EntryReader,
    UnfitError,
    copy_stream,
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
