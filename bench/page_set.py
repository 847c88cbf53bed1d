"""Any files with pages, put together as the one PDF that every program is then given.

A JPEG goes in as it is and every other picture without loss, so that nobody starts from less than the scan.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zlib import compress

import numpy as np
import pikepdf
from PIL import Image, UnidentifiedImageError

from itrwatch.imaging.raster import Raster
from itrwatch.scans.opening import inspect, read_page
from itrwatch.scans.values import ScanError

MOST_OF_A_FILE = 6
"""Pages taken of one file (chosen): a book must not stand for all the rest."""
EXIF_ORIENTATION = 0x0112


@dataclass(frozen=True, slots=True)
class PageSet:
    """Pages under one ``name``, in ``pdf``; ``labels`` say which page came from where, ``refused`` what was left out."""

    name: str
    pdf: Path
    labels: list[str]
    refused: list[str] = field(default_factory=list)


def gather(name: str, files: Iterable[Path], folder: Path, sample: int | None = None) -> PageSet:
    """The pages of ``files`` as ``folder``/name.pdf; with ``sample``, so many of them at even distances."""
    labels: list[str] = []
    refused: list[str] = []
    pages = list(_pages(files, refused))
    taken = pages if sample is None else _evenly(pages, sample)
    out = folder / f"{name.replace('/', '_')}.pdf"
    with pikepdf.new() as pdf:
        for path, number in taken:
            label = path.name if number == 1 else f"{path.name} p. {number}"
            try:
                _append(pdf, path, number)
            except (ScanError, pikepdf.PdfError, OSError, ValueError) as fault:
                refused.append(f"{label}: {fault}")
                continue
            labels.append(label)
        pdf.save(out)
    return PageSet(name, out, labels, refused)


def _pages(files: Iterable[Path], refused: list[str]) -> Iterator[tuple[Path, int]]:
    for path in filter(Path.is_file, files):
        try:
            count = inspect(path).pages
        except ScanError as fault:
            refused.append(f"{path.name}: {fault}")
            continue
        yield from ((path, number) for number in range(1, min(count, MOST_OF_A_FILE) + 1))


def _evenly(pages: Sequence[tuple[Path, int]], count: int) -> list[tuple[Path, int]]:
    places = np.unique(np.linspace(0, len(pages) - 1, min(count, len(pages))).round().astype(int))
    return [pages[place] for place in places]


def _append(pdf: pikepdf.Pdf, path: Path, number: int) -> None:
    scanned = read_page(path, number)  # what itrwatch refuses is no page to compare
    if path.suffix.lower() == ".pdf":
        with pikepdf.open(path) as source:
            pdf.pages.append(source.pages[number - 1])
        return
    raster, image = scanned.raster, _jpeg(pdf, path)
    if image is None:
        image = _lossless(pdf, raster)
    size = [raster.width_mm / 25.4 * 72, raster.height_mm / 25.4 * 72]
    page = pikepdf.Dictionary(
        Type=pikepdf.Name.Page,
        MediaBox=[0, 0, *size],
        Resources=pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=pdf.make_indirect(image))),
        Contents=pdf.make_stream(f"q {size[0]:.4f} 0 0 {size[1]:.4f} 0 0 cm /Im0 Do Q".encode()),
    )
    pdf.pages.append(pikepdf.Page(pdf.make_indirect(page)))


def _jpeg(pdf: pikepdf.Pdf, path: Path) -> pikepdf.Stream | None:
    """The JPEG itself, if the picture is all that its file says: no turn, no inverted CMYK."""
    try:
        with Image.open(path) as picture:
            turned = picture.getexif().get(EXIF_ORIENTATION, 1) != 1
            if picture.format != "JPEG" or picture.mode not in {"L", "RGB"} or turned:
                return None
            width, height = picture.size
            colour = "/DeviceRGB" if picture.mode == "RGB" else "/DeviceGray"
    except (UnidentifiedImageError, OSError):
        return None
    return pikepdf.Stream(pdf, path.read_bytes(), _facts(width, height, colour, 8, "/DCTDecode"))


def _lossless(pdf: pikepdf.Pdf, raster: Raster) -> pikepdf.Stream:
    height, width = raster.pixels.shape[:2]
    colour = "/DeviceRGB" if raster.colour else "/DeviceGray"
    samples = np.packbits(raster.pixels > 0, axis=1) if raster.bilevel else raster.pixels
    facts = _facts(width, height, colour, 1 if raster.bilevel else 8, "/FlateDecode")
    return pikepdf.Stream(pdf, compress(samples.tobytes(), 6), facts)


def _facts(width: int, height: int, colour: str, bits: int, coding: str) -> dict[str, object]:
    return {
        "/Type": pikepdf.Name.XObject,
        "/Subtype": pikepdf.Name.Image,
        "/Width": width,
        "/Height": height,
        "/ColorSpace": pikepdf.Name(colour),
        "/BitsPerComponent": bits,
        "/Filter": pikepdf.Name(coding),
    }
