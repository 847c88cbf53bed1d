"""Files made to hurt, each a few hundred bytes to a few megabytes: what the corpus lacks.

`FILES` maps a name to a function that gives its bytes; nothing is made before it is asked for.
"""

from __future__ import annotations

import contextlib
import io
import struct
import zlib
from collections.abc import Callable, Iterator

import numpy as np
from PIL import Image

from itrwatch.scans.image.jpeg import JpegError, decode, picture_of
from itrwatch.scans.remarks import collected
from itrwatch.scans.values import ScanError

ZEROS = 160 << 20
"""What bombs inflate to, bytes: more than is ever unpacked, and not so much that a machine without limits dies of it."""


def inflated(size: int, unit: bytes = b"\0" * (1 << 20), level: int = 9) -> bytes:
    """A zlib stream of ``size`` bytes made of ``unit``."""
    engine = zlib.compressobj(level)
    parts = [engine.compress(unit) for _ in range(size // len(unit))]
    return b"".join([*parts, engine.flush()])


def raw_pdf(*objects: bytes | tuple[int, bytes], root: int = 1, trailer: bytes = b"") -> bytes:
    """A PDF of ``objects`` (numbered from 1) with a table that is right, whatever they say."""
    out, offsets = bytearray(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"trailer\n<</Size %d/Root %d 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, root, trailer, start)
    return bytes(out)


def stream(entries: bytes, data: bytes) -> bytes:
    """A stream object's body."""
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (entries, len(data), data)


CATALOGUE = b"<</Type/Catalog/Pages 2 0 R>>"
PAGES = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"


def one_page(content: bytes, *more: bytes, resources: bytes = b"", page: bytes = b"", catalogue: bytes = b"") -> bytes:
    """One page with ``content`` (a stream body, object 4); ``more`` are objects from 5 on."""
    sheet = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<%s>>%s>>" % (resources, page)
    return raw_pdf(CATALOGUE[:-2] + catalogue + b">>", PAGES, sheet, content, *more)


def with_image(entries: bytes, data: bytes, *more: bytes) -> bytes:
    """One page that shows one image, object 5."""
    image = stream(b"/Type/XObject/Subtype/Image" + entries, data)
    return one_page(stream(b"", b"q 595 0 0 842 0 0 cm /I Do Q"), image, *more, resources=b"/XObject<</I 5 0 R>>")


def page_count(count: int) -> Callable[[], bytes]:
    pages = b"<</Type/Pages/Kids[3 0 R]/Count %d>>" % count
    return lambda: raw_pdf(CATALOGUE, pages, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>")


def pages_in_a_circle() -> bytes:
    return raw_pdf(
        CATALOGUE, b"<</Type/Pages/Kids[3 0 R]/Count 2>>", b"<</Type/Pages/Parent 2 0 R/Kids[2 0 R]/Count 2>>"
    )


def deep_pages() -> bytes:
    depth = 20_000
    nodes = [b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (number + 3) for number in range(depth)]
    return raw_pdf(CATALOGUE, *nodes, b"<</Type/Page/MediaBox[0 0 595 842]>>")


def deep_arrays() -> bytes:
    return one_page(stream(b"", b"0 0 m"), page=b"/Deep" + b"[" * 200_000 + b"]" * 200_000)


def forms_of_forms() -> bytes:
    """Ten forms, each painting the next ten times: ten thousand million instructions."""
    depth = 10
    forms = [
        stream(
            b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</XObject<</F %d 0 R>>>>" % (number + 6),
            b"/F Do " * 10 if number < depth - 1 else b"0 0 9 9 re f",
        )
        for number in range(depth)
    ]
    return one_page(stream(b"", b"/F Do"), *forms, resources=b"/XObject<</F 5 0 R>>")


def content_bomb() -> bytes:
    return one_page(stream(b"/Filter/FlateDecode", inflated(ZEROS, b"0 0 m 1 1 l S\n" * 70_000)))


def blank_content_bomb() -> bytes:
    return one_page(stream(b"/Filter/FlateDecode", inflated(ZEROS, b" " * (1 << 20))))


def nested_flate_bomb() -> bytes:
    return one_page(stream(b"/Filter[/FlateDecode/FlateDecode]", zlib.compress(inflated(ZEROS), 9)))


def object_stream_bomb() -> bytes:
    """The pages themselves are in an object stream of many megabytes of blanks."""
    first = b"2 0 3 50 "
    body = b"<</Type/Pages/Kids[3 0 R]/Count 1>>".ljust(50) + b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
    engine = zlib.compressobj(9)
    data = engine.compress(first + body)
    data += b"".join(engine.compress(b" " * (1 << 20)) for _ in range(ZEROS >> 20)) + engine.flush()
    objects = {1: CATALOGUE, 4: stream(b"/Type/ObjStm/N 2/First %d/Filter/FlateDecode" % len(first), data)}
    out, offsets = bytearray(b"%PDF-1.7\n"), {}
    for number, text in objects.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    start = len(out)
    rows = [(0, 0, 65535), (1, offsets[1], 0), (2, 4, 0), (2, 4, 1), (1, offsets[4], 0), (1, start, 0)]
    table = b"".join(struct.pack(">BIH", *row) for row in rows)
    out += b"5 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (
        stream(b"/Type/XRef/Size 6/W[1 4 2]/Root 1 0 R", table),
        start,
    )
    return bytes(out)


class Codes:
    """Codes of any width, packed from the highest bit of each byte: ``put(256, 9)``, then the whole bytes so far in ``out``."""

    def __init__(self) -> None:
        self.out = bytearray()
        self._bits = self._held = 0

    def put(self, code: int, width: int) -> None:
        self._bits, self._held = self._bits << width | code, self._held + width
        while self._held >= 8:
            self._held -= 8
            self.out.append(self._bits >> self._held & 0xFF)
        self._bits &= (1 << self._held) - 1

    def padded(self) -> bytes:
        return bytes(self.out) + bytes([self._bits << 8 - self._held & 0xFF])


def lzw_zeros(times: int = 1) -> bytes:
    """LZW of zeros: codes that grow by one byte each until the table is full, ``times`` over."""
    codes = Codes()
    for _ in range(times):
        codes.put(256, 12 if codes.out else 9)
        codes.put(0, 9)
        for code in range(258, 4094):
            codes.put(code, 9 if code <= 510 else 10 if code <= 1022 else 11 if code <= 2046 else 12)
    return bytes(codes.out)


def lzw_bomb() -> bytes:
    """LZW of zeros, deflated."""
    return with_image(
        b"/Width 20000/Height 10000/BitsPerComponent 8/ColorSpace/DeviceGray/Filter[/FlateDecode/LZWDecode]",
        zlib.compress(lzw_zeros(60), 9),
    )


def too_much_behind_an_image() -> bytes:
    """A small picture whose stream goes on and on."""
    return with_image(
        b"/Width 100/Height 100/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/FlateDecode", inflated(ZEROS)
    )


def predictor_bomb() -> bytes:
    parms = b"/DecodeParms<</Predictor 15/Columns 1000000000/Colors 4/BitsPerComponent 16>>"
    return with_image(
        b"/Width 1000/Height 1000/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/FlateDecode" + parms,
        inflated(1 << 24),
    )


def jbig2_segment(number: int, kind: int, data: bytes) -> bytes:
    return struct.pack(">IBBBI", number, kind, 0, 1, len(data)) + data


def jbig2_bomb(declared: int, page: int, region: int) -> Callable[[], bytes]:
    """An embedded JBIG2 of ``page``² px with one generic region of ``region``², in an image of ``declared``²."""
    header = jbig2_segment(0, 48, struct.pack(">IIIIBH", page, page, 0, 0, 0, 0))
    body = struct.pack(">IIIIB", region, region, 0, 0, 0) + bytes([0]) + bytes(8) + b"\xff\xac" * 8
    data = header + jbig2_segment(1, 38, body)
    entries = b"/Width %d/Height %d/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/JBIG2Decode" % (declared, declared)
    return lambda: with_image(entries, data)


def jpeg_2000(width: int, height: int) -> bytes:
    """A small JPEG 2000 that says it is ``width`` × ``height``."""
    buffer = io.BytesIO()
    Image.new("L", (64, 64), 200).save(buffer, "JPEG2000", no_jp2=True)
    data = bytearray(buffer.getvalue())
    at = data.index(b"\xff\x51") + 6
    struct.pack_into(">II", data, at, width, height)
    struct.pack_into(">II", data, at + 16, width, height)
    return bytes(data)


def jpx_bomb(width: int, declared: int) -> Callable[[], bytes]:
    entries = b"/Width %d/Height %d/Filter/JPXDecode/ColorSpace/DeviceGray/BitsPerComponent 8" % (declared, declared)
    return lambda: with_image(entries, jpeg_2000(width, width))


def jpeg(width: int, height: int, *, progressive: bool = False) -> bytes:
    """A small JPEG that says it is ``width`` × ``height``."""
    buffer = io.BytesIO()
    Image.fromarray(np.arange(64 * 64, dtype=np.uint8).reshape(64, 64)).save(buffer, "JPEG", progressive=progressive)
    data = bytearray(buffer.getvalue())
    at = data.index(b"\xff\xc2" if progressive else b"\xff\xc0")
    struct.pack_into(">HH", data, at + 5, height, width)
    return bytes(data)


def many_scans() -> bytes:
    """A progressive JPEG of a large page whose last scan comes two thousand times."""
    data = jpeg(15_000, 15_000, progressive=True)
    last = data.rindex(b"\xff\xda")
    return data[:last] + data[last:-2] * 2_000 + b"\xff\xd9"


def dct_in_pdf(width: int) -> Callable[[], bytes]:
    entries = b"/Width 100/Height 100/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/DCTDecode"
    return lambda: with_image(entries, jpeg(width, width))


def fax_columns() -> bytes:
    parms = b"/DecodeParms<</K -1/Columns 2000000000/Rows 2000000000>>"
    return with_image(
        b"/Width 1000/Height 1000/BitsPerComponent 1/ColorSpace/DeviceGray/Filter/CCITTFaxDecode" + parms, bytes(500)
    )


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    coded = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(coded)


def png_header(width: int, height: int, colour: int = 0) -> tuple[bytes, bytes]:
    return b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0)


END = (b"IEND", b"")
SMALL = (b"IDAT", zlib.compress(b"\0" * (101 * 100)))


def tiff(tags: dict[int, tuple[int, int, int]], data: bytes = b"", following: int = 0) -> bytes:
    """A little-endian TIFF of one directory: tag → (type, count, value)."""
    entries = b"".join(struct.pack("<HHII", tag, *entry) for tag, entry in sorted(tags.items()))
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + struct.pack("<I", following) + data


def tiff_of(width: int, height: int, compression: int, data: bytes, **more: tuple[int, int, int]) -> bytes:
    tags = {
        256: (4, 1, width), 257: (4, 1, height), 258: (3, 1, 8), 259: (3, 1, compression), 262: (3, 1, 1),
        277: (3, 1, 1), 278: (4, 1, height), 273: (4, 1, 0), 279: (4, 1, len(data)),
    } | {int(tag[1:]): entry for tag, entry in more.items()}  # fmt: skip
    start = 8 + 2 + 12 * len(tags) + 4
    tags[273] = (4, 1, start)
    return tiff(tags, data)


def tiff_tile() -> bytes:
    tags = {
        256: (4, 1, 100), 257: (4, 1, 100), 258: (3, 1, 8), 259: (3, 1, 8), 262: (3, 1, 1), 277: (3, 1, 1),
        322: (4, 1, 40_000), 323: (4, 1, 40_000), 324: (4, 1, 134), 325: (4, 1, 0),
    }  # fmt: skip
    data = inflated(1 << 20)
    tags[325] = (4, 1, len(data))
    return tiff(tags, data)


def a_thousand_directories() -> bytes:
    """Directories that overlap, each a page of 200 megapixels of nothing."""
    data = inflated(200 << 20)
    count = 12_000
    out, place = bytearray(b"II*\0" + struct.pack("<I", 8)), 8
    size = 2 + 12 * 9 + 4
    strip = 8 + size * count
    for number in range(count):
        tags = {
            256: (4, 1, 14_000), 257: (4, 1, 14_000), 258: (3, 1, 8), 259: (3, 1, 8), 262: (3, 1, 1),
            277: (3, 1, 1), 278: (4, 1, 14_000), 273: (4, 1, strip), 279: (4, 1, len(data)),
        }  # fmt: skip
        place += size
        out += tiff(tags, following=place if number < count - 1 else 0)[8:]
    return bytes(out) + data


def dashes() -> bytes:
    """One line of a thousand million dashes."""
    return one_page(stream(b"", b"[0.0000001] 0 d 0.1 w 0 0 m 595 842 l S " * 50))


def xref_stream_bomb() -> bytes:
    """A table of contents of a thousand million entries."""
    out = bytearray(b"%PDF-1.7\n1 0 obj\n" + CATALOGUE + b"\nendobj\n")
    start = len(out)
    entries = b"/Type/XRef/Size 50000000/W[1 4 2]/Root 1 0 R/Filter/FlateDecode"
    out += b"5 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (stream(entries, inflated(ZEROS)), start)
    return bytes(out)


def huge_size_in_trailer() -> bytes:
    return one_page(stream(b"", b"0 0 9 9 re f")).replace(b"/Size 5", b"/Size 2147483646")


def previous_table_in_a_circle() -> bytes:
    data = one_page(stream(b"", b"0 0 9 9 re f"))
    start = data.rindex(b"xref\n0 ")
    return data.replace(b"/Root 1 0 R", b"/Prev %d/Root 1 0 R" % start)


def icc_bomb() -> bytes:
    return png(png_header(100, 100), (b"iCCP", b"x\0\0" + inflated(ZEROS)), SMALL, END)


def text_bomb() -> bytes:
    return png(png_header(100, 100), (b"zTXt", b"Comment\0\0" + inflated(ZEROS)), SMALL, END)


def gif_bomb() -> bytes:
    return b"GIF89a\xff\xff\xff\xff\xf0\0\0" + b"\0\0\0\xff\xff\xff" + b",\0\0\0\0\xff\xff\xff\xff\0\x08\x01\0\0;"


FILES: dict[str, Callable[[], bytes]] = {
    "pages-213804087.pdf": page_count(213_804_087),
    "pages-negative.pdf": page_count(-2_147_483_648),
    "pages-huge.pdf": page_count(99_999_999_999_999_999_999),
    "pages-circle.pdf": pages_in_a_circle,
    "pages-deep.pdf": deep_pages,
    "arrays-deep.pdf": deep_arrays,
    "forms-of-forms.pdf": forms_of_forms,
    "content-bomb.pdf": content_bomb,
    "content-blank-bomb.pdf": blank_content_bomb,
    "content-nested-flate.pdf": nested_flate_bomb,
    "object-stream-bomb.pdf": object_stream_bomb,
    "xref-stream-bomb.pdf": xref_stream_bomb,
    "trailer-size.pdf": huge_size_in_trailer,
    "xref-circle.pdf": previous_table_in_a_circle,
    "image-lzw-bomb.pdf": lzw_bomb,
    "image-gigapixel.pdf": lambda: with_image(
        b"/Width 60000/Height 60000/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/FlateDecode", inflated(1 << 20)
    ),
    "image-long-stream.pdf": too_much_behind_an_image,
    "image-predictor.pdf": predictor_bomb,
    "jbig2-35000.pdf": jbig2_bomb(35_000, 35_000, 35_000),
    "jbig2-35000-hidden.pdf": jbig2_bomb(100, 100, 35_000),
    "jbig2-65535-page.pdf": jbig2_bomb(100, 65_535, 100),
    "jpx-60000.pdf": jpx_bomb(60_000, 60_000),
    "jpx-60000-hidden.pdf": jpx_bomb(60_000, 100),
    "dct-65000-hidden.pdf": dct_in_pdf(65_000),
    "dct-15000-hidden.pdf": dct_in_pdf(15_000),
    "fax-columns.pdf": fax_columns,
    "line-dashes.pdf": dashes,
    "jpeg-65000.jpg": lambda: jpeg(65_000, 65_000),
    "jpeg-many-scans.jpg": many_scans,
    "png-gigapixel.png": lambda: png(png_header(60_000, 60_000), SMALL, END),
    "png-icc-bomb.png": icc_bomb,
    "png-text-bomb.png": text_bomb,
    "tiff-tile.tif": tiff_tile,
    "tiff-strip-bomb.tif": lambda: tiff_of(100, 100, 8, inflated(ZEROS)),
    "tiff-directories.tif": a_thousand_directories,
    "tiff-gigapixel.tif": lambda: tiff_of(60_000, 60_000, 8, inflated(1 << 20)),
    "tiff-samples.tif": lambda: tiff_of(100, 100, 1, bytes(10_000), t277=(3, 1, 65_535)),
    "gif-four-gigapixels.gif": gif_bomb,
}


def shorter(code: bytes) -> Iterator[bytes]:
    """Copies of the JPEG ``code`` with a flipped bit that are read with a remark: bytes are left before their end."""
    for at in range(code.index(b"\xff\xda") + 20, len(code) - 2):
        flipped = code[:at] + bytes([code[at] ^ 64]) + code[at + 1 :]
        with collected() as remarks, contextlib.suppress(ScanError, JpegError):
            decode(picture_of(flipped))
            if remarks:
                yield flipped
