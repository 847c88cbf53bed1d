"""What readers that are not ours make of a PDF; a program that is not installed skips the test and says so.

Pages are counted from 0, as everywhere in itrwatch; pictures are ``(height, width, 3)`` RGB, uint8.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pypdfium2 as pdfium
import pytest
from PIL import Image

JAVA = Path("/usr/share/java")
PREFLIGHT = ("preflight", "pdfbox2", "fontbox2", "xmpbox", "commons-logging", "javax.activation", "jaxb-api")
"""The jars of Debian's libpdfbox2-java that ``Validator_A1b`` needs."""

_XHTML = "{http://www.w3.org/1999/xhtml}"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a page and its box in pt, y down from the top."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def render_pdfium(path: Path, page_index: int, dpi: float) -> np.ndarray:
    """The page as pdfium (Chrome) draws it."""
    with pdfium.PdfDocument(path) as document:
        page = document[page_index]
        # a hair smaller, since 864 pt × 150 / 72 is 1800.0000000000002 px, which pypdfium2 rounds up
        bitmap = page.render(scale=dpi / 72 * (1 - 1e-9), rev_byteorder=True)
        try:
            return np.array(bitmap.to_numpy()[..., :3])
        finally:
            bitmap.close()
            page.close()


def render_poppler(path: Path, page_index: int, dpi: float) -> np.ndarray:
    """The page as poppler (Evince, Okular) draws it."""
    number = str(page_index + 1)
    return _drawn(lambda out: _run("pdftoppm", "-r", str(dpi), "-f", number, "-l", number, "-singlefile", path, out))


def render_gs(path: Path, page_index: int, dpi: float) -> np.ndarray:
    """The page as Ghostscript draws it, in grades between the pixels as the others do."""
    number = str(page_index + 1)
    device = ("-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=ppmraw", f"-r{dpi}")
    smooth = ("-dTextAlphaBits=4", "-dGraphicsAlphaBits=4")
    pages = (f"-dFirstPage={number}", f"-dLastPage={number}")
    return _drawn(lambda out: _run("gs", *device, *smooth, *pages, "-o", f"{out}.ppm", path))


def words(path: Path, page_index: int) -> list[Word]:
    """The words on the page as ``pdftotext`` finds them, in reading order."""
    number = str(page_index + 1)
    document = ET.fromstring(_run("pdftotext", "-bbox", "-f", number, "-l", number, path, "-").stdout)
    return [
        Word(word.text or "", *(float(word.attrib[side]) for side in ("xMin", "yMin", "xMax", "yMax")))
        for word in document.iter(f"{_XHTML}word")
    ]


def pdf_info(path: Path) -> dict[str, str]:
    """What ``pdfinfo`` says of the file, by its English names."""
    lines = _run("pdfinfo", "-rawdates", path).stdout.splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def pdf_metadata(path: Path) -> str:
    """The XMP packet as ``pdfinfo`` takes it out."""
    return _run("pdfinfo", "-meta", path).stdout


def qpdf_check(path: Path) -> list[str]:
    """What ``qpdf --check`` complains of; empty when the file is sound."""
    ran = _run("qpdf", "--check", "--no-warn", path, ok=(0, 2, 3))
    return [] if ran.returncode == 0 else (ran.stderr or ran.stdout).splitlines()


def preflight(path: Path) -> list[str]:
    """What PDFBox preflight says against ``path`` as PDF/A-1b: "2.1.6 : Invalid graphics object, …" per complaint."""
    jars = [JAVA / f"{name}.jar" for name in PREFLIGHT]
    if absent := [jar.name for jar in jars if not jar.exists()]:
        pytest.skip(f"PDFBox preflight is not installed: no {', '.join(absent)} in {JAVA} (libpdfbox2-java)")
    classes = os.pathsep.join(map(str, jars))
    ran = _run("java", "-cp", classes, "org.apache.pdfbox.preflight.Validator_A1b", path, ok=(0, 255))
    if "is a valid PDF/A-1b file" in ran.stdout:
        return []
    if "is not a valid PDF/A-1b file" not in ran.stdout:
        raise AssertionError(f"preflight broke off: {ran.stdout}{ran.stderr}")
    return [line.strip() for line in ran.stdout.splitlines()[1:] if line.strip()]


def _drawn(draw) -> np.ndarray:
    with tempfile.TemporaryDirectory() as folder:
        draw(Path(folder) / "page")
        with Image.open(Path(folder) / "page.ppm") as picture:
            return np.array(picture.convert("RGB"))


def _run(program: str, *arguments: object, ok: Sequence[int] = (0,)) -> subprocess.CompletedProcess[str]:
    if not shutil.which(program):
        pytest.skip(f"{program} is not installed")
    command = [program, *map(str, arguments)]
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", check=False, timeout=120)
    if ran.returncode not in ok:
        raise AssertionError(f"{program} ended with {ran.returncode}: {ran.stdout}{ran.stderr}")
    return ran
