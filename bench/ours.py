"""itrwatch itself, run as an office runs it: a folder goes in, the command `once`, PDFs come out."""

from __future__ import annotations

import atexit
import compileall
import shutil
import sys
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pypdfium2 as pdfium
from PIL import Image

from bench.measure import Run, run
from bench.pages import DPI
from itrwatch.core.manifest import Manifest, PageEntry, from_json
from itrwatch.imaging.raster import Pixels

ROOT = Path(__file__).parents[1]
CASE = "13153.720210-2019-34 Fazenda Boa Vista"


@dataclass(frozen=True, slots=True)
class Job:
    """A case done: what it took, the folder with the PDFs, the record."""

    run: Run
    folder: Path
    manifest: Manifest

    @property
    def bytes(self) -> int:
        """Of all published PDFs."""
        return sum(file.bytes for file in self.manifest.files)

    def pages(self) -> list[PageEntry]:
        """What became of every scanned page, in the order of the scan."""
        return sorted(self.manifest.pages, key=lambda page: page.page)

    def kilobytes(self) -> list[float]:
        """Of the layers of every scanned page; 0 for a page that was removed."""
        return [
            _layers(self.folder / page.output, page.output_page or 1) if page.output else 0 for page in self.pages()
        ]

    def shown(self, page: PageEntry, drawn_as: Image.Image, dpi: int) -> Pixels | None:
        """The published page as a reader draws it, lying as ``drawn_as`` lay on the scanner; None if it was removed."""
        if page.output is None or page.output_page is None:
            return None
        picture = drawn(self.folder / page.output, page.output_page - 1, dpi)
        width, height = (round(side * dpi / DPI) for side in drawn_as.size)
        if page.turn in {90, 270}:
            width, height = height, width
        return np.ascontiguousarray(np.rot90(same_place(picture, width, height), page.turn // 90))


def do(folder: Path, scan: Path, workers: int) -> Job:
    """Make a case of one scan in ``folder`` and do it."""
    case, outbox = folder / "entrada" / CASE, folder / "saida"
    shutil.rmtree(folder, ignore_errors=True)
    case.mkdir(parents=True)
    outbox.mkdir()
    shutil.copyfile(scan, case / scan.name)  # a hard link in the inbox is refused
    (case / "processo.yaml").write_text(f"secoes:\n  - notificacao: {scan.name}\n", "utf-8")
    config = folder / "config.yaml"
    # Peers do not recognise text here either; what reading takes, `bench reading` measures.
    office = f"inbox: {case.parent}\noutbox: {outbox}\nworkers: {workers}\nsettle_seconds: 0.2\n"
    config.write_text(f"{office}image:\n  read_pages: não\n", "utf-8")
    command = [sys.executable, "-m", "itrwatch", "once", "--config", str(config)]
    done = run(command, folder, {"PYTHONPATH": str(installed())})
    published = outbox / CASE
    return Job(done, published, from_json((published / "manifesto.json").read_text("utf-8")))


@cache
def installed() -> Path:
    """A copy of itrwatch with its bytecode, as pip leaves it, and leaves the peers: compiling is not what is measured."""
    folder = Path(tempfile.mkdtemp(prefix="itrwatch-bench-installed-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    shutil.copytree(ROOT / "itrwatch", folder / "itrwatch", ignore=shutil.ignore_patterns("__pycache__"))
    compileall.compile_dir(folder, quiet=2)
    return folder


def _layers(path: Path, number: int) -> float:
    with pikepdf.open(path) as pdf:
        images = pdf.pages[number - 1].Resources.get("/XObject", {})
        return sum(int(image.Length) for image in images.values()) / 1024


def drawn(path: Path, page: int, dpi: int) -> Pixels:
    """A page of a PDF as RGB."""
    with pdfium.PdfDocument(path) as pdf:
        return np.asarray(pdf[page].render(scale=dpi / 72, rev_byteorder=True).to_numpy()[:, :, :3], np.uint8)


def same_place(picture: Pixels, width: int, height: int) -> Pixels:
    """``picture`` on ``width`` × ``height``, without the strip that was added above it."""
    strip = max(0, round(picture.shape[0] - height * picture.shape[1] / width))
    return np.asarray(cv2.resize(picture[strip:], (width, height), interpolation=cv2.INTER_AREA), np.uint8)
