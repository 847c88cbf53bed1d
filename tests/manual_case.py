"""The manual's worked example as a case folder: 76 numbered pages and a capa."""

from __future__ import annotations

from pathlib import Path
from zlib import crc32

import numpy as np
from PIL import Image, ImageDraw

from itrwatch.core.sections import Section
from itrwatch.demo.scanner import write_pdf
from itrwatch.pdf.accents import typeface

MANUAL_PAGES = {
    Section.TERMO: 1,
    Section.IMPUGNACAO: 26,
    Section.CAPA: 1,
    Section.TCIF: 26,
    Section.NOTIFICACAO: 5,
    Section.DITR: 4,
    Section.CIENCIA: 2,
    Section.TIF: 12,
}
"""Pages of each section in the manual's worked example, in an order that is not the manual's."""


def draw_manual_case(folder: Path, dpi: int = 100) -> None:
    """The worked example of the manual: 76 numbered pages and a capa, each saying in large letters which it is."""
    for section, count in MANUAL_PAGES.items():
        pages = [_labelled(f"{section.upper()} {number}", dpi) for number in range(1, count + 1)]
        write_pdf(folder / f"{section}.pdf", pages, dpi, bilevel=True)
    listed = "".join(f"  - {section}: {section}.pdf\n" for section in MANUAL_PAGES)
    (folder / "processo.yaml").write_text(f"secoes:\n{listed}", "utf-8")


def _labelled(text: str, dpi: int) -> Image.Image:
    page = Image.new("RGB", (round(8.27 * dpi), round(11.69 * dpi)), "white")
    pen = ImageDraw.Draw(page)
    pen.text((dpi, 2 * dpi), text, "black", typeface(dpi // 2))
    rng = np.random.default_rng(crc32(text.encode()))
    top = 3.2
    for line in range(12):  # laid out otherwise on each page: sheets that look alike are compared with one another
        words = f"{line + 1}. Área de {rng.integers(100, 9999)},{line} ha conforme a matrícula nº {rng.integers(1000, 9999)}"
        pen.text((rng.uniform(0.5, 3) * dpi, top * dpi), words, "black", typeface(round(0.17 * dpi)))
        top += rng.uniform(0.3, 0.65)
    return page
