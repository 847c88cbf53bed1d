"""Writes a part as a PDF/A-3b file.

    write_part(Path("NOTI.pdf"), [PartPage(sheet, folha=1), …], bookmarks, info, StampConfig()) -> the file, or `OSError`

The file is a plain PDF 1.4 (1.7 with born-digital pages or JPEG 2000), accepted by all readers and portals: a classic
cross-reference table, no object streams, no transparency but that of born-digital pages. A page is its layers, painted one over the other, its text
layer, and the folha number as text. Sheets are consumed one at a time; only the coded bytes of the part stay in memory.

The bytes depend only on the arguments: pikepdf derives the file identifier from the contents, and no time is read.
Image streams are written as given.

G4 layers follow the fax convention: **ink is the black runs of the code** (what libtiff writes for bits that are 1 for
ink). They are painted as stencil masks: ink is black, and the layers below are visible elsewhere, so that print over a
stamp or a photograph needs no transparency.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, Page, Pdf, String

from itrwatch.core.encoded_page import Coding, EncodedPage, Layer
from itrwatch.core.settings import StampConfig
from itrwatch.pdf.archival import declare
from itrwatch.pdf.content import content, operand, paint
from itrwatch.pdf.forms import Forms, place
from itrwatch.pdf.navigation import PageLabel, add_bookmarks, label_pages
from itrwatch.pdf.part_info import Bookmark, DocumentInfo
from itrwatch.pdf.stamp_font import StampFont, embed
from itrwatch.pdf.text_layer import NAME, LayerFont, layer

_SHORTEST, _LONGEST = 3.0, 14400.0
"""Limits of the sides of a page, pt (ISO 19005-3, 6.1.13)."""

_FILTERS: dict[Coding, tuple[Name, Name, int]] = {
    "jpeg-grey": (Name.DCTDecode, Name.DeviceGray, 8),
    "jpeg-rgb": (Name.DCTDecode, Name.DeviceRGB, 8),
    "flate-grey": (Name.FlateDecode, Name.DeviceGray, 8),
    "flate-rgb": (Name.FlateDecode, Name.DeviceRGB, 8),
    "flate-1bit": (Name.FlateDecode, Name.DeviceGray, 1),
    "png-grey": (Name.FlateDecode, Name.DeviceGray, 8),
    "png-rgb": (Name.FlateDecode, Name.DeviceRGB, 8),
    "jbig2": (Name.JBIG2Decode, Name.DeviceGray, 1),
    "jpx-grey": (Name.JPXDecode, Name.DeviceGray, 8),
    "jpx-rgb": (Name.JPXDecode, Name.DeviceRGB, 8),
}
"""Filter, colour space and bits per component of the opaque codings; Flate data is plain zlib without predictor but for PNG's."""
_OF_PNG = 15
"""The predictor of rows that each say their filter (ISO 32000-1, 7.4.4.4)."""
_SINCE_1_5 = frozenset({"jpx-grey", "jpx-rgb"})
"""Codings that PDF 1.4 does not have."""


@dataclass(frozen=True, slots=True)
class PartPage:
    """A sheet of a part: numbered ``folha``, or unnumbered (None) with the page label ``label`` ("Capa")."""

    sheet: EncodedPage
    folha: int | None
    label: str = ""


def write_part(
    path: Path,
    pages: Iterable[PartPage],
    bookmarks: Sequence[Bookmark],
    info: DocumentInfo,
    stamp_style: StampConfig | None,
) -> None:
    """Write ``pages`` to ``path`` in order, consuming them one by one.

    If ``stamp_style`` is None, nothing is stamped (the paper has numbers), but the page labels are still the folhas. The
    file is not flushed to disk here. Raises `ValueError` for no pages, a page size outside the limits, or a stamp format
    with letters that the typeface lacks; `IndexError` for a bookmark outside the pages; `OSError` of the disk.
    """
    with Pdf.new() as pdf:
        stamp_font = embed(pdf, stamp_style) if stamp_style else None
        forms = Forms(pdf)
        images = _Images(pdf)
        layer_font = LayerFont(pdf)
        labels: list[PageLabel] = []
        newer = False
        for page in pages:
            newer |= any(layer.coding in _SINCE_1_5 for layer in page.sheet.layers)
            pdf.pages.append(Page(_page(pdf, page, stamp_font, forms, images, layer_font)))
            labels.append(PageLabel(page.folha, page.label))
        if not labels:
            raise ValueError("a part needs at least one page")
        forms.finish()
        if stamp_font:
            stamp_font.finish()
        label_pages(pdf, labels)
        add_bookmarks(pdf, bookmarks)
        declare(pdf, info)
        pdf.save(
            path,
            force_version="1.7" if forms or newer else "1.4",
            fix_metadata_version=False,
            compress_streams=False,
            object_stream_mode=ObjectStreamMode.disable,
            deterministic_id=True,
        )


def _page(
    pdf: Pdf, page: PartPage, stamp_font: StampFont | None, forms: Forms, images: _Images, layer_font: LayerFont
) -> Object:
    sheet = page.sheet
    for side in (sheet.width, sheet.height):
        if not _SHORTEST <= side <= _LONGEST:
            raise ValueError(f"a side of {side:g} pt is outside {_SHORTEST:g} to {_LONGEST:g} pt")
    names = [f"I{index}" for index in range(len(sheet.layers))]
    # In the order of painting: the lowest layer first.
    layers = list(zip(names, sheet.layers, strict=True))
    operators = [
        place(name, layer.box, sheet.height)
        if layer.coding == "form"
        else paint(name, layer.box, sheet.height, layer.turn)
        for name, layer in layers
    ]
    objects = {
        f"/{name}": forms.take(layer) if layer.coding == "form" else images.take(layer) for name, layer in layers
    }
    resources = Dictionary(XObject=Dictionary(objects))
    fonts = {}
    if sheet.words:
        operators.append(layer(sheet.words, sheet.height))
        fonts[f"/{NAME}"] = layer_font.take()
    if stamp_font and page.folha is not None:
        # Last, so that the number is above all layers.
        operators.append(stamp_font.stamp("F", page.folha, sheet.number, sheet.height))
        fonts["/F"] = stamp_font.font
    if fonts:
        resources.Font = Dictionary(fonts)
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Page,
            MediaBox=Array([0, 0, operand(sheet.width), operand(sheet.height)]),
            Resources=resources,
            Contents=content(pdf, operators),
        )
    )


class _Images:
    """The images of a part; an image used by several pages is written once."""

    def __init__(self, pdf: Pdf) -> None:
        self._pdf = pdf
        self._known: dict[tuple[Coding, int, int, bytes, bytes], Object] = {}

    def take(self, layer: Layer) -> Object:
        """The image object of ``layer``, created on first use."""
        # The size is part of the key: a fax code decodes to another picture with another width.
        key = (layer.coding, layer.width, layer.height, layer.palette, hashlib.sha256(layer.data).digest())
        if key not in self._known:
            self._known[key] = image_of(self._pdf, layer)
        return self._known[key]


def image_of(pdf: Pdf, layer: Layer) -> Object:
    """An image XObject of ``pdf`` with the data of ``layer`` (any coding except a form)."""
    image = pdf.make_stream(layer.data, Type=Name.XObject, Subtype=Name.Image, Width=layer.width, Height=layer.height)
    if layer.coding == "g4":
        # A stencil mask: black runs of the code are painted in the current colour (black), the rest is transparent.
        image.ImageMask = True
        image.BitsPerComponent = 1
        # The fax code is packed once more; readers undo the filters from left to right.
        image.Filter = Array([Name.FlateDecode, Name.CCITTFaxDecode])
        image.DecodeParms = Array([None, Dictionary(K=-1, Columns=layer.width, Rows=layer.height)])
    elif layer.coding == "flate-indexed":
        image.Filter, image.BitsPerComponent = Name.FlateDecode, layer.index_bits
        image.ColorSpace = Array([Name.Indexed, Name.DeviceRGB, len(layer.palette) // 3 - 1, String(layer.palette)])
    else:
        image.Filter, image.ColorSpace, image.BitsPerComponent = _FILTERS[layer.coding]
    if layer.coding in ("png-grey", "png-rgb"):
        channels = 3 if layer.coding == "png-rgb" else 1
        image.DecodeParms = Dictionary(Predictor=_OF_PNG, Colors=channels, BitsPerComponent=8, Columns=layer.width)
    return image
