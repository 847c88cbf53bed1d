"""``itrwatch page FILE N``: everything that is found out about one page, in the process that was started.

No worker, no limits, no outbox: what is printed is what a worker would find, and a debugger can stop anywhere in it. ``--pictures``
writes what lies between the scan and the published page.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image
from rich.console import Console
from rich.table import Table

from itrwatch.core.encoded_page import EncodedPage
from itrwatch.core.pages import PageOverride, PageRef
from itrwatch.core.settings import ImageConfig, StampConfig
from itrwatch.errors import Exit, ItrwatchError, UsageError
from itrwatch.imaging.analysis.analyse import PageAnalysis, analyse
from itrwatch.imaging.analysis.ink_groups import Ink
from itrwatch.imaging.analysis.legibility import find_flaws
from itrwatch.imaging.analysis.page_model import model_page
from itrwatch.imaging.encoding.rendering import decode_stencil, render
from itrwatch.imaging.raster import Pixels, Raster
from itrwatch.scans.opening import read_page
from itrwatch.scans.values import ScanError, ScannedPage
from itrwatch.workers.page_reasons import coded_because, kept_because, removed_because
from itrwatch.workers.page_task import code_page, turn_of
from itrwatch.workers.tasks import PageTask

if TYPE_CHECKING:
    from numpy.typing import NDArray

_INKS = {Ink.PAPER: (255, 255, 255), Ink.BLACK: (0, 0, 0), Ink.TONE: (220, 80, 40), Ink.DUST: (150, 200, 255)}
"""The colours of the picture of inks: black print, all that stays tone, dust."""
_PICTURE_DPI = 150.0


class PageError(ItrwatchError):
    """The page cannot be read; exit code as for something that is pending."""

    exit_code = Exit.PENDING


def page(options: argparse.Namespace) -> Exit:
    """Print the analysis of one page; write its pictures if asked to."""
    path: Path = options.scan
    if not path.is_file():
        raise UsageError(
            f"o arquivo “{path}” não existe", "dê o caminho de uma digitalização: itrwatch page ARQUIVO PÁGINA"
        )
    try:
        scanned = read_page(path, options.number)
    except ScanError as fault:
        raise PageError(
            f"{path.name}, página {options.number}: {fault}", "é o que o fiscal lê em PENDENTE.txt"
        ) from fault
    seen = analyse(scanned.raster)
    task = PageTask(
        path.parent, PageRef(path.name, options.number), PageOverride(), StampConfig(), 999, ImageConfig(), None
    )
    coded, _ = code_page(task, scanned, seen, turn_of(task, seen))
    table = Table("Passo", "O que se encontrou", show_lines=True)
    for step, found in _steps(task, scanned, seen, coded):
        table.add_row(step, found)
    Console().print(table, markup=False)
    if options.pictures:
        _write_pictures(options.pictures, scanned, seen, coded)
        Console().print(f"imagens em {options.pictures}", markup=False)
    return Exit.OK


def _steps(task: PageTask, scanned: ScannedPage, seen: PageAnalysis, coded: EncodedPage) -> Iterator[tuple[str, str]]:
    raster = scanned.raster
    kind = "preto e branco" if raster.bilevel else "cores" if raster.pixels.ndim == 3 else "cinza"
    yield (
        "leitura",
        f"{raster.width_mm:.0f} × {raster.height_mm:.0f} mm, {raster.dpi:.0f} dpi, {kind}"
        + (", desenhada do PDF" if scanned.drawn else ""),
    )
    for note in scanned.notes:
        yield "nota da leitura", note
    turn = turn_of(task, seen)
    removed = removed_because(task.override, seen)
    yield "veredito", f"retirada: {removed}" if removed else f"fica: {kept_because(task.override, seen, turn)}"
    for flaw in find_flaws(raster, seen.paper):
        yield "legibilidade", str(flaw)
    yield "codificação", f"{coded.encoding}; {coded_because(coded.rung, coded.why)}; {coded.bytes} bytes"
    for layer in coded.layers:
        box = layer.box
        place = f"{box.left:.0f},{box.top:.0f} a {box.right:.0f},{box.bottom:.0f} pt"
        yield "camada", f"{layer.coding}, {layer.width} × {layer.height} px, {len(layer.data)} bytes, {place}"
    yield "número", f"a {coded.number.top:.0f} pt do alto" + (", numa faixa branca acima" if coded.strip else "")


def _write_pictures(folder: Path, scanned: ScannedPage, seen: PageAnalysis, coded: EncodedPage) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    _save(folder / "1 digitalizada.png", scanned.raster.pixels)
    _save(folder / "2 contraste.png", _as_grey(seen.paper.contrast))
    if not scanned.raster.bilevel:
        _save(folder / "3 tintas.png", _inks(scanned.raster))
    px_per_pt = _PICTURE_DPI / 72
    shape = (round(coded.height * px_per_pt), round(coded.width * px_per_pt))
    stencils = [decode_stencil(layer) for layer in coded.layers if layer.coding == "g4"]
    _save(folder / "4 publicada.png", render(coded.layers, stencils, shape, px_per_pt, colour=True))


def _inks(raster: Raster) -> Pixels:
    """What each mark was taken for, in colours."""
    kinds = model_page(raster).groups.kinds
    colours = np.array([_INKS[Ink(value)] for value in range(len(_INKS))], np.uint8)
    return np.asarray(colours[kinds])


def _as_grey(contrast: NDArray[np.generic]) -> Pixels:
    """Contrast 0 to 1 → white to black."""
    return np.asarray(255 - 255 * np.clip(np.asarray(contrast, np.float32), 0, 1), np.uint8)


def _save(path: Path, pixels: Pixels) -> None:
    Image.fromarray(pixels).save(path)
