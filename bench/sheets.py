"""Separator sheets read back: printed, copied, stained, turned, scanned at every resolution; and pages that are none."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pypdfium2
from PIL import Image

from bench.pages import CONTENT, DPI, a_paper, drawn, of_kind
from bench.table import Row, markdown, per_cent
from itrwatch.commands.separators import write_separators
from itrwatch.core.separators import SEPARATORS, Separator
from itrwatch.demo.paper import scan
from itrwatch.imaging.analysis.background import reduce_page
from itrwatch.imaging.analysis.separator import make_code, see_separator
from itrwatch.imaging.raster import Pixels, Raster

RESOLUTIONS = (150, 200, 300, 600)
COPIES = ("as printed", "copied", "copied twice", "copied twice and stained")
OTHERS = (
    "00020126580014BR.GOV.BCB.PIX0136123e4567-e12b-12d1-a456-4266554400005204000053039865802BR5913FULANO6008BRASILIA62070503***6304",
    "https://www.sefaz.go.gov.br/nfe/qrcode?chNFe=52230112345678000195550010000012341000012345&nVersao=100",
    "ITRWATCH:2:SECAO:NOTIFICACAO",
    "ITRWATCH:1:SECAO:NOTIFICACAOX",
    "itrwatch:1:secao:notificacao",
)
"""What other codes on the pages of a case say, and texts that are nearly ours."""


def measure(folder: Path, rounds: int) -> tuple[list[Row], list[str]]:
    """``rounds`` showings of every sheet in every manner, and as many pages that are no sheets."""
    pdf = folder / "separadores.pdf"
    write_separators(pdf)
    read, shown, wrong = Counter[tuple[str, str]](), Counter[tuple[str, str]](), 0
    took: list[float] = []
    for copy, dpi, separator, raster in _showings(pdf, rounds):
        reduced = reduce_page(raster)
        began = time.perf_counter()
        found = see_separator(reduced)[0]
        took.append(time.perf_counter() - began)
        kind = copy, f"{dpi} dpi" + (", black and white" if raster.bilevel else "")
        shown[kind] += 1
        read[kind] += found == separator
        wrong += found not in (separator, None)
    plain: list[float] = []
    false = others = 0
    for raster in _no_sheets(rounds):
        reduced = reduce_page(raster)
        began = time.perf_counter()
        false += see_separator(reduced)[0] is not None
        plain.append(time.perf_counter() - began)
        others += 1
    total = sum(shown.values())
    rows = [
        Row(
            "separator sheets read, any turn",
            "≥ 99 %",
            f"{per_cent(sum(read.values()), total, 2)} ({sum(read.values())} of {total})",
            sum(read.values()) >= 0.99 * total,
        ),
        Row("… read as another sheet", "0", f"{wrong} of {total}", not wrong),
        Row("other pages and codes taken for a sheet", "0", f"{false} of {others}", not false),
        Row(
            "time for a page that has no code",
            "≤ 10 ms",
            f"{1000 * float(np.mean(plain)):.1f} ms",
            np.mean(plain) <= 0.010,
        ),
    ]
    manners = sorted({manner for _, manner in shown})
    lines = [(m, *(f"{read[c, m]} of {shown[c, m]}" for c in COPIES)) for m in manners]
    return rows, [markdown(("separator sheets read", *COPIES), lines)]


def _showings(pdf: Path, rounds: int) -> Iterator[tuple[str, int, Separator, Raster]]:
    with pypdfium2.PdfDocument(pdf) as document:
        printed = [document[number].render(scale=DPI / 72).to_pil().convert("RGB") for number in range(len(document))]
    for number, copy in enumerate(COPIES):
        for seed in range(rounds):
            for place, separator in enumerate(SEPARATORS):
                rng = np.random.default_rng([seed, place, number])
                sheet = printed[place]
                for _ in range(2 if "twice" in copy else int(copy == "copied")):
                    sheet = copied(sheet, rng)
                if "stained" in copy:
                    sheet = stained(sheet, rng)
                dpi = RESOLUTIONS[(seed + place) % len(RESOLUTIONS)]
                yield copy, dpi, separator, _scanned(sheet, dpi, rng, bilevel=bool(seed % 2))


def copied(sheet: Image.Image, rng: np.random.Generator) -> Image.Image:
    """What an old office copier gives back: a little smaller and askew, soft, hard in contrast, specked."""
    page = np.asarray(sheet.convert("L"))
    high, wide = page.shape
    matrix = cv2.getRotationMatrix2D((wide / 2, high / 2), rng.uniform(-2, 2), rng.uniform(0.93, 1.0))
    page = cv2.warpAffine(page, matrix, (wide, high), flags=cv2.INTER_LINEAR, borderValue=255)
    soft = cv2.GaussianBlur(page, (0, 0), rng.uniform(1.0, 2.2)).astype(np.float32)
    soft += rng.normal(0, 30, page.shape).astype(np.float32)
    hard = np.clip((soft - rng.uniform(90, 165)) * 4 + 128, 0, 255).astype(np.uint8)
    for _ in range(int(rng.integers(50, 300))):
        centre = (int(rng.integers(wide)), int(rng.integers(high)))
        cv2.circle(hard, centre, int(rng.integers(1, 5)), int(rng.choice([0, 0, 255])), -1)
    return Image.fromarray(hard).convert("RGB")


def stained(sheet: Image.Image, rng: np.random.Generator) -> Image.Image:
    """Coffee, a marker's stroke and a torn corner; each may lie on a code."""
    page = np.asarray(sheet).copy()
    high, wide = page.shape[:2]
    ring = np.full_like(page, 255)
    centre = (int(rng.integers(wide)), int(rng.integers(high)))
    cv2.circle(ring, centre, int(rng.integers(300, 500)), (120, 160, 200), int(rng.integers(30, 90)))
    cv2.circle(ring, (int(rng.integers(wide)), int(rng.integers(high))), 260, (150, 180, 215), -1)
    page = cv2.multiply(page, cv2.GaussianBlur(ring, (0, 0), 9), scale=1 / 255)
    start, end = rng.integers(0, high, 2)
    cv2.line(page, (0, int(start)), (wide, int(end)), (30, 30, 60), int(rng.integers(4, 16)))
    corner = np.array([(0, 0), (int(rng.integers(100, 420)), 0), (0, int(rng.integers(100, 420)))])
    cv2.fillPoly(page, [corner], (70, 70, 70))
    return Image.fromarray(page)


def _scanned(sheet: Image.Image, dpi: int, rng: np.random.Generator, *, bilevel: bool) -> Raster:
    size = tuple(round(side * dpi / DPI) for side in sheet.size)
    small = sheet.resize(size, Image.Resampling.BOX if dpi < DPI else Image.Resampling.BILINEAR)  # type: ignore[arg-type]
    picture = scan(small, int(rng.integers(1 << 30)), dpi, skew=float(rng.uniform(-4, 4)), grain=4.0, dust=60)
    turned = np.ascontiguousarray(np.rot90(np.asarray(picture), int(rng.integers(4))))
    if not bilevel:
        return Raster(turned, float(dpi))
    grey = cv2.cvtColor(turned, cv2.COLOR_RGB2GRAY)
    black: Pixels = np.where(grey < rng.integers(110, 190), 0, 255).astype(np.uint8)
    return Raster(black, float(dpi), bilevel=True)


def _no_sheets(rounds: int) -> Iterator[Raster]:
    for seed in range(rounds):
        for kind in CONTENT:
            page = drawn(kind, seed)
            yield Raster(np.asarray(scan(page, seed, DPI, **a_paper(kind, seed))), float(DPI))  # type: ignore[arg-type]
        for text in OTHERS:
            yield Raster(
                _with_code(np.asarray(of_kind(CONTENT[seed % len(CONTENT)], seed).convert("RGB")), text, seed),
                float(DPI),
            )


def _with_code(page: Pixels, text: str, seed: int) -> Pixels:
    """The page with somebody's code on it, 25 to 80 mm."""
    rng = np.random.default_rng([seed, len(text)])
    modules = np.pad(make_code(text), 4)
    side = round(rng.uniform(25, 80) / 25.4 * DPI)
    code = cv2.resize(np.where(modules, 0, 255).astype(np.uint8), (side, side), interpolation=cv2.INTER_NEAREST)
    page = page.copy()
    top, left = (int(rng.integers(0, max(1, length - side))) for length in page.shape[:2])
    page[top : top + side, left : left + side] = code[: page.shape[0] - top, : page.shape[1] - left, None]
    return page
