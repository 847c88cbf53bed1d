"""Copies the entries of a page's objects one by one; only known and valid ones are copied.

The page is written again from them, so that a script, a thumbnail or an entry of a later PDF version cannot get in.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from itrwatch.scans.pdf.streams import read
from itrwatch.scans.remarks import collected

_LARGEST = (1 << 31) - 1
_LONGEST_STRING = 32767
_LONGEST_NAME = 127
"""Limits of PDF/A-3 (ISO 19005-3, 6.1.13); a string or a name in bytes."""

EntryReader = Callable[[Any], Any]
"""Takes a value of the source over, or raises `UnfitError`."""


class UnfitError(ValueError):
    """Why a page cannot stay text and lines; for the log, and never an error of the page."""


def number(value: Any) -> Any:
    """An integer or a real."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not abs(float(value)) <= _LARGEST:
        raise UnfitError(f"{value!r} is no number")
    return value


def integer(value: Any) -> int:
    """An integer."""
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _LARGEST:
        raise UnfitError(f"{value!r} is no integer")
    return value


def flag(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise UnfitError(f"{value!r} is not true or false")
    return value


def name(value: Any) -> Name:
    """A name."""
    if not isinstance(value, Name) or not 1 < len(str(value).encode()) <= _LONGEST_NAME + 1:
        raise UnfitError(f"{value!r} is no name")
    return Name(str(value))


def text(value: Any) -> String:
    """A string."""
    if not isinstance(value, String) or len(bytes(value)) > _LONGEST_STRING:
        raise UnfitError(f"{value!r} is no string")
    return String(bytes(value))


def one_of(*words: str) -> EntryReader:
    """A name that is one of ``words``."""

    def kind(value: Any) -> Name:
        if not isinstance(value, Name) or str(value) not in words:
            raise UnfitError(f"{value!r} is none of {words}")
        return Name(str(value))

    return kind


def array_of(*kinds: EntryReader) -> EntryReader:
    """An array, each of whose values is of the first of ``kinds`` that takes it."""

    def kind(value: Any) -> Array:
        if not isinstance(value, Array):
            raise UnfitError(f"{value!r} is no array")
        return Array([_first(kinds, item) for item in value])

    return kind


def _first(kinds: tuple[EntryReader, ...], value: Any) -> Any:
    for kind in kinds[:-1]:
        try:
            return kind(value)
        except UnfitError:
            continue
    return kinds[-1](value)


numbers = array_of(number)
INTENTS = one_of("/RelativeColorimetric", "/AbsoluteColorimetric", "/Perceptual", "/Saturation")


def taken(source: Any, kinds: Mapping[str, EntryReader], required: tuple[str, ...] = ()) -> dict[str, Any]:
    """The entries of the dictionary ``source`` that ``kinds`` names; all of ``required`` must be there."""
    if not isinstance(source, Dictionary | Stream):
        raise UnfitError(f"{source!r} is no dictionary")
    if absent := [key for key in required if key not in source]:
        raise UnfitError(f"no {absent}")
    return {key: kind(source[key]) for key, kind in kinds.items() if key in source}


def plain_dictionary(source: Any, kinds: Mapping[str, EntryReader], required: tuple[str, ...] = ()) -> Dictionary:
    """As `taken`, a dictionary."""
    return Dictionary(taken(source, kinds, required))


_FLATE: dict[str, EntryReader] = {
    "/Predictor": integer,
    "/Colors": integer,
    "/BitsPerComponent": integer,
    "/Columns": integer,
}
_FAX: dict[str, EntryReader] = {
    "/K": integer,
    "/Columns": integer,
    "/Rows": integer,
    "/DamagedRowsBeforeError": integer,
    **dict.fromkeys(("/EndOfLine", "/EncodedByteAlign", "/EndOfBlock", "/BlackIs1"), flag),
}
_PARAMETERS: dict[str, dict[str, EntryReader]] = {"/CCITTFaxDecode": _FAX, "/DCTDecode": {"/ColorTransform": integer}}


def copy_stream(pdf: Pdf, source: Any, entries: Mapping[str, Any]) -> Object:
    """``source``'s data in a stream of ``pdf`` with ``entries``.

    Flate stays as it is unless its checksum is wrong, and so do the image codes that PDF/A takes; other filters (LZW is forbidden) become Flate.
    """
    if not isinstance(source, Stream):
        raise UnfitError("no stream")
    with collected() as doubts:
        coded = read(source)
    if coded.codec:
        return _copy_coded(pdf, coded.data, coded.codec, coded.parms, entries)
    filters = source.get(Name.Filter)
    # A single filter may stand in an array of one.
    only = filters[0] if isinstance(filters, Array) and len(filters) == 1 else filters
    if only != Name.FlateDecode or doubts:
        return pdf.make_stream(zlib.compress(coded.data, 9), Dictionary({**entries, "/Filter": Name.FlateDecode}))
    parameters = source.get(Name.DecodeParms)
    parameters = parameters[0] if isinstance(parameters, Array) and len(parameters) else parameters
    extra = {"/DecodeParms": plain_dictionary(parameters, _FLATE)} if isinstance(parameters, Dictionary) else {}
    return pdf.make_stream(source.read_raw_bytes(), Dictionary({**entries, **extra, "/Filter": Name.FlateDecode}))


def _copy_coded(pdf: Pdf, data: bytes, codec: str, parameters: Dictionary, entries: Mapping[str, Any]) -> Object:
    kinds = {**_PARAMETERS, "/JBIG2Decode": {"/JBIG2Globals": lambda value: copy_stream(pdf, value, {})}}
    if codec not in kinds:
        raise UnfitError(f"images coded as {codec}")
    found = taken(parameters, kinds[codec])
    extra = {"/DecodeParms": Dictionary(found)} if found else {}
    return pdf.make_stream(data, Dictionary({**entries, **extra, "/Filter": Name(codec)}))
