"""Damaged scans for `python -m bench fuzzing`: good and hostile files, and the wounds that make mutants of them."""

from __future__ import annotations

import io
import random
import re
from functools import cache
from pathlib import Path

import numpy as np
import pikepdf
from pikepdf import Dictionary, Name
from PIL import Image, ImageDraw, ImageFont

from itrwatch.imaging.g4 import encode_g4
from itrwatch.scans.image.tiff_structure import walk
from itrwatch.scans.values import ScanError

SHARED = Path(__file__).parents[2] / "shared"
_KINDS = ("annotations", "called_damaged", "damaged_fax", "mrc_masks", "reduced_pages", "samples_misread", "sizes")
FOLDERS = (
    *(SHARED / "corpus" / kind for kind in ("hostile", "real", "rotated")),
    *(SHARED / "field" / kind for kind in _KINDS),
)
MOST_BYTES = 120_000
"""Larger files of the corpus are left out: their mutants are read slowly and break in the same ways."""


def _page(text: str, mode: str) -> Image.Image:
    picture = Image.new("L", (400, 560), 250)
    draw = ImageDraw.Draw(picture)
    draw.text((60, 40), text, 0, ImageFont.load_default(60))
    for line in range(14):
        draw.text(
            (40, 140 + 28 * line), f"{line} folha {text}, 1.2{line:02d},5 hectares", 20, ImageFont.load_default(16)
        )
    return picture.convert(mode)


def _coded(form: str, mode: str, count: int, **options: object) -> bytes:
    pages = [_page(f"N{number}", mode) for number in range(1, count + 1)]
    buffer = io.BytesIO()
    more = {"save_all": True, "append_images": pages[1:]} if count > 1 else {}
    pages[0].save(buffer, form, **more, **options)
    return buffer.getvalue()


def _text_pdf() -> bytes:
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>",
        *[b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R/Resources<</Font<</F 6 0 R>>>>>>"] * 2,
        b"<</Length 44>>stream\nBT /F 40 Tf 60 600 Td (Notificacao) Tj ET    \nendstream", b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]  # fmt: skip
    out, offsets = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(out)
    out += b"xref\n0 7\n0000000000 65535 f \n" + table
    return bytes(out + b"trailer\n<</Size 7/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % start)


def _picture_pdf(coded: bytes, size: tuple[int, int], **entries: object) -> bytes:
    buffer = io.BytesIO()
    with pikepdf.new() as pdf:
        for _ in range(2):
            page = pdf.add_blank_page(page_size=(298, 421))
            image = pikepdf.Stream(
                pdf, coded, Type=Name.XObject, Subtype=Name.Image, Width=size[0], Height=size[1], **entries
            )
            page.obj[Name.Resources] = Dictionary(XObject=Dictionary(Scan=image))
            page.obj[Name.Contents] = pikepdf.Stream(pdf, b"q 298 0 0 421 0 0 cm /Scan Do Q")
        pdf.save(buffer, deterministic_id=True)
    return buffer.getvalue()


def _jpx_pdf() -> bytes:
    page = _page("N1", "RGB")
    buffer = io.BytesIO()
    page.save(buffer, "JPEG2000", quality_mode="dB", quality_layers=[40], irreversible=True)
    colours = {"ColorSpace": Name.DeviceRGB, "BitsPerComponent": 8}
    return _picture_pdf(buffer.getvalue(), page.size, Filter=Name.JPXDecode, **colours)


def _jbig2_pdf() -> bytes:
    """One generic region in the code of G4 (ITU-T T.88, 6.2.6)."""
    page = _page("N1", "1")
    size = page.width.to_bytes(4, "big") + page.height.to_bytes(4, "big")
    region = size + bytes(9) + b"\x01" + encode_g4(~np.asarray(page))
    segments = ((0, 48, size + bytes(11)), (1, 38, region), (2, 49, b""))
    data = b"".join(
        number.to_bytes(4, "big") + bytes([kind, 0, 1]) + len(body).to_bytes(4, "big") + body
        for number, kind, body in segments
    )
    return _picture_pdf(data, page.size, Filter=Name.JBIG2Decode, ColorSpace=Name.DeviceGray, BitsPerComponent=1)


@cache
def seeds(folders: tuple[Path, ...] = FOLDERS) -> tuple[tuple[str, bytes], ...]:
    """Name and bytes of every file that mutants are made of; ours alone where there are no ``folders``."""
    own = {
        "jpeg.pdf": _coded("PDF", "L", 3), "fax.pdf": _coded("PDF", "1", 3), "colour.pdf": _coded("PDF", "RGB", 2), "text.pdf": _text_pdf(),
        "g4.tif": _coded("TIFF", "1", 3, compression="group4"), "g3.tif": _coded("TIFF", "1", 2, compression="group3"),
        "deflate.tif": _coded("TIFF", "L", 3, compression="tiff_deflate"), "lzw.tif": _coded("TIFF", "L", 2, compression="tiff_lzw"),
        "jpeg.tif": _coded("TIFF", "L", 2, compression="jpeg"), "raw.tif": _coded("TIFF", "1", 2),
        "grey.jpg": _coded("JPEG", "L", 1), "progressive.jpg": _coded("JPEG", "RGB", 1, progressive=True), "grey.png": _coded("PNG", "L", 1),
        "bits.png": _coded("PNG", "1", 1), "jpx.pdf": _jpx_pdf(), "jbig2.pdf": _jbig2_pdf(), "photo.webp": _coded("WEBP", "RGB", 1),
    }  # fmt: skip
    found = list(own.items())
    paths = sorted(path for folder in folders for path in folder.rglob("*") if path.suffix.lower() in ENDINGS)
    found += [(path.name, path.read_bytes()) for path in paths if path.stat().st_size <= MOST_BYTES]
    return tuple(found)


ENDINGS = (".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif")
_CODED = re.compile(
    rb"/(?:CCITTFax|JBIG2|JPX|DCT|Flate|LZW|RunLength)Decode[^\0]{0,400}?stream\r?\n(?P<code>.*?)endstream", re.DOTALL
)
_SCAN = b"\xff\xda"


def mutate(data: bytes, others: tuple[tuple[str, bytes], ...], dice: random.Random) -> bytes:
    """``data`` with one to three wounds: flips, cuts, splices."""
    out = bytearray(data)
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        if out:
            source = dice.choice(others)[1]
            wound = _flip_code if dice.random() < _OF_THE_CODE else dice.choice(_WOUNDS)
            wound(out, dice, source)
    return bytes(out)


_OF_THE_CODE = 0.4
"""Share of the wounds that are flips within a coded picture (chosen)."""


def _coded_spans(data: bytes) -> list[tuple[int, int]]:
    """Where in a file the codes of its pictures begin and end."""
    if data[:4] in (b"II*\0", b"MM\0*"):
        try:
            return [(at, at + size) for page in walk(io.BytesIO(data)).pages for at, size in page.pieces]
        except (ScanError, ValueError):
            return []
    if data[:3] == b"\xff\xd8\xff":
        return [(data.find(_SCAN) + 14, len(data))]
    return [found.span("code") for found in _CODED.finditer(data)]


def _flip_code(out: bytearray, dice: random.Random, _: bytes) -> None:
    spans = [(start, min(stop, len(out))) for start, stop in _coded_spans(bytes(out)) if start < min(stop, len(out))]
    start, stop = dice.choice(spans) if spans else (0, len(out))
    for _ in range(dice.choice((1, 1, 2, 8))):
        out[dice.randrange(start, stop)] ^= 1 << dice.randrange(8)


def _span(out: bytes | bytearray, dice: random.Random) -> slice:
    """Some place, and mostly few bytes from there on."""
    place = dice.randrange(max(1, len(out)))
    return slice(place, place + int(2 ** dice.uniform(0, 13)))


def _flip(out: bytearray, dice: random.Random, _: bytes) -> None:
    for _ in range(dice.randint(1, 8)):
        out[dice.randrange(len(out))] ^= 1 << dice.randrange(8)


def _replace(out: bytearray, dice: random.Random, _: bytes) -> None:
    for _ in range(dice.randint(1, 8)):
        out[dice.randrange(len(out))] = dice.choice((0, 1, 127, 128, 255, dice.randrange(256)))


def _cut(out: bytearray, dice: random.Random, _: bytes) -> None:
    del out[_span(out, dice)]


def _end(out: bytearray, dice: random.Random, _: bytes) -> None:
    del out[dice.randrange(len(out)) :]


def _zero(out: bytearray, dice: random.Random, _: bytes) -> None:
    where = _span(out, dice)
    out[where] = bytes(len(out[where]))


def _splice(out: bytearray, dice: random.Random, source: bytes) -> None:
    where = _span(out, dice)
    out[where.start : dice.choice((where.start, where.stop))] = source[_span(source, dice)]


def _repeat(out: bytearray, dice: random.Random, _: bytes) -> None:
    where = _span(out, dice)
    out[where.start : where.start] = out[where]


def _number(out: bytearray, dice: random.Random, _: bytes) -> None:
    """Another digit: numbers are what formats are made of."""
    place = dice.randrange(len(out))
    digits = [at for at in range(place, min(place + 400, len(out))) if 48 <= out[at] <= 57]
    if digits:
        out[dice.choice(digits)] = dice.choice(b"0123456789")


_WOUNDS = (_flip, _replace, _cut, _end, _zero, _splice, _repeat, _number)
