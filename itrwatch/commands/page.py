"""``itrwatch page FILE N``: everything that is found out about one page, in the process that was started.

No worker, no limits, no outbox: a debugger can stop anywhere in it. The page is analysed and coded as a worker does it, under the
configuration that ``--config`` names, else under the default one; what depends on the case (sidecar, the sheet's other side, the only
page of a section) is not asked. ``--pictures`` writes the pictures between the scan and the published page.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.table import Table

from itrwatch.commands.common import read_config
from itrwatch.core.encoded_page import EncodedPage
from itrwatch.core.pages import PageOverride, PageRef, Removed, Turn
from itrwatch.core.settings import ImageConfig, StampConfig
from itrwatch.errors import Exit, ItrwatchError, UsageError
from itrwatch.imaging.analysis.analyse import PageAnalysis, analyse
from itrwatch.imaging.analysis.legibility import find_flaws
from itrwatch.imaging.analysis.separator import see_separator
from itrwatch.imaging.step_pictures import write_step_pictures
from itrwatch.scans.opening import read_page
from itrwatch.scans.values import ScanError, ScannedPage
from itrwatch.workers.page_reasons import coded_because, kept_because, removed_because
from itrwatch.workers.page_task import code_page, override_for, turn_of, verdict_of
from itrwatch.workers.tasks import PageTask


class PageError(ItrwatchError):
    """The page cannot be read; the exit code is that of a pending case."""

    exit_code = Exit.PENDING


def page(options: argparse.Namespace) -> Exit:
    """Print the analysis of one page; write its pictures if requested."""
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
    config = read_config(options) if options.config else None
    stamp, image = (config.stamp, config.image) if config else (StampConfig(), ImageConfig())
    override = override_for(scanned, PageOverride())
    task = PageTask(path.parent, PageRef(path.name, options.number), override, stamp, 999, image, None)
    coded, *_ = code_page(task, scanned, seen, turn_of(task, seen))
    table = Table("Passo", "O que se encontrou", show_lines=True)
    for step, found in _steps(task, scanned, seen, coded):
        table.add_row(step, found)
    Console().print(table, markup=False)
    if options.pictures:
        write_step_pictures(options.pictures, scanned.raster, seen.reduced.contrast, coded)
        Console().print(f"imagens em {options.pictures}", markup=False)
    return Exit.OK


def _verdict(task: PageTask, seen: PageAnalysis, turn: Turn) -> str:
    separator, _ = see_separator(seen.reduced)
    if separator:  # first, as in `work_page`
        return f"retirada: folha separadora “{separator.name}”"
    if isinstance(verdict_of(task, seen), Removed):
        return f"retirada: {removed_because(task.override, seen)}"
    return f"fica: {kept_because(task.override, seen, turn)}"


def _steps(task: PageTask, scanned: ScannedPage, seen: PageAnalysis, coded: EncodedPage) -> Iterator[tuple[str, str]]:
    raster = scanned.raster
    kind = "preto e branco" if raster.bilevel else "cores" if raster.pixels.ndim == 3 else "cinza"
    yield (
        "leitura",
        f"{raster.width_mm:.0f} × {raster.height_mm:.0f} mm, {raster.dpi:.0f} dpi, {kind}"
        + (", desenhada do PDF" if scanned.drawn else ""),
    )
    for remark in scanned.remarks:
        yield "nota da leitura", remark
    turn = turn_of(task, seen)
    yield "veredito", _verdict(task, seen, turn)
    for flaw in find_flaws(raster, seen.reduced):
        yield "legibilidade", str(flaw)
    yield "codificação", f"{coded.encoding}; {coded_because(coded.rung, coded.why)}; {coded.bytes} bytes"
    for layer in coded.layers:
        box = layer.box
        place = f"{box.left:.0f},{box.top:.0f} a {box.right:.0f},{box.bottom:.0f} pt"
        yield "camada", f"{layer.coding}, {layer.width} × {layer.height} px, {len(layer.data)} bytes, {place}"
    yield "número", f"a {coded.number.top:.0f} pt do alto" + (", numa faixa branca acima" if coded.strip else "")
