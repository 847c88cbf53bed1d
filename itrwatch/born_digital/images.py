"""Copies images of a page that stays text, as PDF/A-3 allows them; those of other colours in grey or RGB.

image(pdf, source) -> the image XObject in ``pdf``, or `UnfitError`
"""

from __future__ import annotations

from typing import Any

import numpy as np
from pikepdf import Array, Dictionary, Name, Object, Pdf, Stream, String

from itrwatch.born_digital.colours import DEVICE, space
from itrwatch.born_digital.entries import (
    INTENTS,
    EntryReader,
    UnfitError,
    array_of,
    copy_stream,
    flag,
    integer,
    numbers,
    one_of,
    taken,
)
from itrwatch.born_digital.inks import palette
from itrwatch.core.encoded_page import Box, Coding, Layer
from itrwatch.imaging.encoding.codecs import encode_ink, encode_jpeg
from itrwatch.imaging.encoding.lossless import lossless_layer
from itrwatch.pdf.writing import image_of
from itrwatch.scans.pdf import images
from itrwatch.scans.pdf.colour import space_of
from itrwatch.scans.pdf.streams import StreamError, codec_of

_OPAQUE = 255
_BILEVEL = ("/JBIG2Decode", "/CCITTFaxDecode")
_PHOTOGRAPHS = ("/DCTDecode", "/JPXDecode")
_QUALITIES = (90, 80, 70)
"""JPEG qualities of a picture that is coded again, in other colours; the first with which it does not grow, or the last. Chosen: above that
of pages (66), since it was coded before."""
_SAMPLES: dict[str, EntryReader] = {
    "/Width": integer,
    "/Height": integer,
    "/BitsPerComponent": integer,
    "/ImageMask": flag,
    "/Decode": numbers,
    "/Intent": INTENTS,
}
_INLINE = frozenset((*_SAMPLES, "/ColorSpace", "/Filter", "/DecodeParms", "/Interpolate"))


def image(pdf: Pdf, source: Any) -> Object:
    """A copy of the image ``source`` in ``pdf`` with its masks, without interpolation and alternate images; raises `UnfitError`."""
    if not isinstance(source, Stream) or source.get(Name.Subtype, Name.Image) != Name.Image:
        raise UnfitError("no picture")
    if Name.SMaskInData in source:  # the transparency is in the JPEG 2000 code
        raise UnfitError("a picture that may be see-through")
    entries: dict[str, Any] = {"/Type": Name.XObject, "/Subtype": Name.Image}
    entries |= taken(source, _SAMPLES, ("/Width", "/Height"))
    if entries.get("/ImageMask", False):  # a stencil is painted in the current colour and has no colours of its own
        return copy_stream(pdf, source, entries)
    soft = _soft_mask(pdf, source.get(Name.SMask))
    if soft is not None:  # it takes the place of /Mask (ISO 32000-1, 8.9.6.1)
        entries["/Mask" if soft.get(Name.ImageMask, False) else "/SMask"] = soft
    elif Name.Mask in source and not isinstance(source.get(Name.SMask), Stream):
        entries["/Mask"] = _mask(pdf, source.Mask)
    try:
        entries["/ColorSpace"] = space(pdf, source.get(Name.ColorSpace))
    except (UnfitError, StreamError):
        return _in_rgb(pdf, source, entries)
    return copy_stream(pdf, source, entries) if codec_of(source) != "/JPXDecode" else _jpeg_2000(pdf, source, entries)


def _jpeg_2000(pdf: Pdf, source: Any, entries: dict[str, Any]) -> Object:
    images.decode(source)  # proves its samples
    found = images.as_it_is(source)
    if found is None:
        raise UnfitError("a picture in JPEG 2000 that PDF/A does not allow")
    return pdf.make_stream(found[1], Dictionary({**entries, "/Filter": Name.JPXDecode}))


def _in_rgb(pdf: Pdf, source: Any, entries: dict[str, Any]) -> Object:
    """The image in grey or RGB as pdfium shows it: with a palette if it has one channel, else decoded; ``entries`` without the colour space."""
    entries.pop("/Decode", None)
    space_of_it = space_of(source.get(Name.ColorSpace))
    if not space_of_it.known or (isinstance(entries.get("/Mask"), Array) and space_of_it.channels > 1):
        raise UnfitError(f"a picture with colours of {source.get(Name.ColorSpace)!r}")
    if space_of_it.channels == 1 and codec_of(source) not in _PHOTOGRAPHS:
        colours = palette(source)
        entries["/ColorSpace"] = Array([Name.Indexed, Name.DeviceRGB, len(colours) // 3 - 1, String(colours)])
        return copy_stream(pdf, source, entries)
    pixels, _ = images.decode(source)
    nowhere = Box(0, 0, 0, 0)
    if codec_of(source) in _PHOTOGRAPHS:
        coding: Coding = "jpeg-rgb" if pixels.ndim == 3 else "jpeg-grey"
        codes = (encode_jpeg(pixels, quality, fine_colour=True) for quality in _QUALITIES)
        own = len(source.read_raw_bytes())
        for code in codes:
            if len(code) <= own:
                break
        layer = Layer(coding, code, pixels.shape[1], pixels.shape[0], nowhere)
    else:
        layer = lossless_layer(pixels, nowhere)
    made = image_of(pdf, layer)
    for key in ("/Mask", "/SMask", "/Intent"):
        if key in entries:
            made[key] = entries[key]
    return made


def _mask(pdf: Pdf, source: Any) -> Any:
    # Ranges of colours that are not painted; otherwise a stencil.
    if isinstance(source, Array):
        return array_of(integer)(source)
    if not isinstance(source, Stream) or not source.get(Name.ImageMask, False) or Name.OC in source:
        raise UnfitError("a mask that is no stencil")
    return image(pdf, source)


def _soft_mask(pdf: Pdf, mask: Any) -> Object | None:
    """The soft mask, or a stencil for it; None if there is no mask, or an opaque one.

    Where every sample is wholly opaque or wholly transparent, a stencil says the same, and PDF/A-1 knows it, too.
    """
    if not isinstance(mask, Stream):
        return None
    pixels, _ = images.decode(mask)
    opaque = pixels == _OPAQUE
    if Name.Matte in mask or pixels.ndim != 2 or not bool(np.all(opaque | (pixels == 0))):
        return _grey_mask(pdf, mask)
    if bool(opaque.all()):
        return None
    # In a stencil, 1 is not painted (ISO 32000-1, 8.9.6.3); /BlackIs1 is false, so that white, which is not ink, is 1.
    high, wide = opaque.shape
    ours = encode_ink(opaque)
    if codec_of(mask) in _BILEVEL and len(mask.read_raw_bytes()) < len(ours):
        return _as_stencil(pdf, mask)
    entries = Dictionary(
        Type=Name.XObject, Subtype=Name.Image, Width=wide, Height=high, ImageMask=True, BitsPerComponent=1
    )
    entries.Filter = Array([Name.FlateDecode, Name.CCITTFaxDecode])
    entries.DecodeParms = Array([None, Dictionary(K=-1, Columns=wide, Rows=high)])
    return pdf.make_stream(ours, entries)


def _as_stencil(pdf: Pdf, mask: Any) -> Object:
    """The soft mask of one bit as it is coded, read the other way round."""
    entries = taken(mask, {"/Width": integer, "/Height": integer}, ("/Width", "/Height"))
    usual = list(mask.get(Name.Decode, [0, 1])) == [0, 1]
    about = {"/Type": Name.XObject, "/Subtype": Name.Image, "/ImageMask": True, "/BitsPerComponent": 1, **entries}
    return copy_stream(pdf, mask, {**about, "/Decode": Array([1, 0] if usual else [0, 1])})


def _grey_mask(pdf: Pdf, mask: Any) -> Object:
    kinds = {"/ColorSpace": one_of("/DeviceGray"), "/Matte": numbers}
    entries = taken(mask, {**_SAMPLES, **kinds}, ("/Width", "/Height", "/ColorSpace"))
    return copy_stream(pdf, mask, {"/Type": Name.XObject, "/Subtype": Name.Image, **entries})


def judge_inline(picture: Any) -> Name | None:
    """The name of a colour space of the resources that an inline image needs, if any; `UnfitError` if PDF/A does not allow the image as it is."""
    if any(key not in _INLINE for key in picture) or picture.get(Name.Interpolate, False):
        raise UnfitError("a picture in the content with unknown entries")
    filters = picture.get(Name.Filter, Array())
    if Name.LZWDecode in (list(filters) if isinstance(filters, Array) else [filters]):
        raise UnfitError("LZW in the content")
    colours = picture.get(Name.ColorSpace)
    # A palette is judged by the colour space of its entries.
    if isinstance(colours, Array) and len(colours) == 4 and colours[0] == Name.Indexed:
        colours = colours[1]
    if picture.get(Name.ImageMask, False) or str(colours) in DEVICE:
        return None
    named = picture.get(Name.ColorSpace)
    if not isinstance(named, Name):
        raise UnfitError(f"a picture in the content with colours of {colours!r}")
    return named
