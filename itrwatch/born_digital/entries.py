"""Copies the entries of a page's objects one by one; only known and valid entries are copied.

    taken(source, {"/Width": integer}, ("/Width",)) -> {"/Width": 2480}, or `UnfitError`

The page is rewritten from these entries, so that no script, thumbnail or entry of a later PDF version is copied.
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
"""Limits of PDF/A-3 (ISO 19005-3, 6.1.13): of a number, and of a string and a name in bytes."""

EntryReader = Callable[[Any], Any]
"""A function that copies a value of the source, or raises `UnfitError`."""


class UnfitError(ValueError):
    """The reason why a page cannot stay text and lines; it is logged and is not an error of the page."""


def number(value: Any) -> Any:
    """``value`` if it is an integer or a real within the limit, else `UnfitError`."""
    # True is an int in Python. The comparison is false for NaN as well.
    if isinstance(value, bool) or not isinstance(value, int | Decimal) or not abs(float(value)) <= _LARGEST:
        raise UnfitError(f"{value!r} is no number")
    return value


def integer(value: Any) -> int:
    """``value`` if it is an integer within the limit, else `UnfitError`."""
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _LARGEST:
        raise UnfitError(f"{value!r} is no integer")
    return value


def flag(value: Any) -> bool:
    """``value`` if it is true or false, else `UnfitError`."""
    if not isinstance(value, bool):
        raise UnfitError(f"{value!r} is not true or false")
    return value


def name(value: Any) -> Name:
    """A copy of ``value`` if it is a name within the limit, else `UnfitError`.

    The bytes of a Chinese or Japanese code page, as their programs name fonts, are written as digits: PDF/A wants UTF-8 (ISO 19005-3, 6.1.8).
    """
    if not isinstance(value, Name):
        raise UnfitError(f"{value!r} is no name")
    try:
        own = str(value)
    except UnicodeDecodeError:
        own = value.unparse().decode("ascii").replace("#", "_")
    # One byte is the slash.
    if not 1 < len(own.encode()) <= _LONGEST_NAME + 1:
        raise UnfitError(f"{own} is no name")
    return Name(own)


def text(value: Any) -> String:
    """A copy of ``value`` if it is a string within the limit, else `UnfitError`."""
    if not isinstance(value, String) or len(bytes(value)) > _LONGEST_STRING:
        raise UnfitError(f"{value!r} is no string")
    return String(bytes(value))


def one_of(*words: str) -> EntryReader:
    """The reader of a name that must be one of ``words``."""

    def kind(value: Any) -> Name:
        if not isinstance(value, Name) or str(value) not in words:
            raise UnfitError(f"{value!r} is none of {words}")
        return Name(str(value))

    return kind


def array_of(*kinds: EntryReader) -> EntryReader:
    """The reader of an array; each value is copied by the first of ``kinds`` that accepts it."""

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
    """Copies of the entries of the dictionary ``source`` that are in ``kinds``; raises `UnfitError` if one of ``required`` is missing."""
    if not isinstance(source, Dictionary | Stream):
        raise UnfitError(f"{source!r} is no dictionary")
    if absent := [key for key in required if key not in source]:
        raise UnfitError(f"no {absent}")
    return {key: kind(source[key]) for key, kind in kinds.items() if key in source}


def plain_dictionary(source: Any, kinds: Mapping[str, EntryReader], required: tuple[str, ...] = ()) -> Dictionary:
    """As `taken`, but returns a PDF dictionary."""
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
    """A stream of ``pdf`` with the data of ``source`` and with ``entries``.

    Flate data is copied unchanged unless its checksum or end is wrong, image codes are copied unchanged if PDF/A allows
    them (JPEG, fax, JBIG2); other filters (LZW is forbidden) are replaced by Flate. Raises `UnfitError`, `StreamError`.
    """
    if not isinstance(source, Stream):
        raise UnfitError("no stream")
    with collected() as doubts:
        coded = read(source)
    if coded.codec:
        return _copy_coded(pdf, coded.data, coded.codec, coded.parms, entries)
    filters = source.get(Name.Filter)
    # A single filter may be given as an array of one.
    only = filters[0] if isinstance(filters, Array) and len(filters) == 1 else filters
    if only != Name.FlateDecode or doubts:
        return pdf.make_stream(zlib.compress(coded.data, 9), Dictionary({**entries, "/Filter": Name.FlateDecode}))
    parameters = source.get(Name.DecodeParms)
    # The parameters of a single filter may be an array of one as well.
    parameters = parameters[0] if isinstance(parameters, Array) and len(parameters) else parameters
    extra = {"/DecodeParms": plain_dictionary(parameters, _FLATE)} if isinstance(parameters, Dictionary) else {}
    return pdf.make_stream(source.read_raw_bytes(), Dictionary({**entries, **extra, "/Filter": Name.FlateDecode}))


_WORTH = 0.9
"""Largest ratio of an image's code packed once more to the code, for it to be packed. Chosen."""


def _copy_coded(pdf: Pdf, data: bytes, codec: str, parameters: Dictionary, entries: Mapping[str, Any]) -> Object:
    kinds = {**_PARAMETERS, "/JBIG2Decode": {"/JBIG2Globals": lambda value: copy_stream(pdf, value, {})}}
    if codec not in kinds:
        raise UnfitError(f"images coded as {codec}")
    found = taken(parameters, kinds[codec])
    filters: Any = Name(codec)
    parms: Any = Dictionary(found) if found else None
    # A photograph of an even ground, or with much that is no picture, is a tenth of its code when it is packed once more.
    packed = zlib.compress(data, 9)
    if len(packed) < _WORTH * len(data):
        data, filters = packed, Array([Name.FlateDecode, filters])
        parms = Array([None, parms]) if found else None
    extra = {} if parms is None else {"/DecodeParms": parms}
    return pdf.make_stream(data, Dictionary({**entries, **extra, "/Filter": filters}))
