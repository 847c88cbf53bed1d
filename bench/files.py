"""Any files through the product, held against readers that are not ours: python -m bench files FOLDER [FOLDER …].

    python -m bench files ../shared/field              # right and wrong by kind; the kind is the folder a file lies in
    python -m bench files scans --keep /tmp/kept       # the cases stay there, with what was published

Every file becomes a case of one section. What is published is drawn by poppler and laid over what poppler and Ghostscript
(PDF) or ImageMagick (pictures) draw of the file itself. Wrong is: a page that differs from them where they agree, a page too few or too
many, a file refused although all of them show it alike and without a complaint, an internal failure. What is published of a file and
is more than a twentieth, 2 KB a page and 4 KB a PDF larger than it is told apart, with both sizes and how its pages are coded.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

from bench.ours import ROOT
from itrwatch.core.manifest import Manifest, PageEntry, from_json
from itrwatch.imaging.raster import Pixels

ENDINGS = (".pdf", ".tif", ".tiff", ".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif")
MOST_PAGES = 8
DPI = 60
BATCH = 60
SECONDS = 60
_SLACK, _PAGE_SLACK = 1.05, 2048
_FILE_SLACK = 4096
"""What a file has besides its pages, once: the number's typeface, what PDF/A declares (measured: 5.5 KB with one page, 3.4 without it)."""
_MARK, _TRACE = 190, 225
"""Grey of a mark that must be found again, and of what counts as a trace of it; paper is 255 (chosen)."""
_LOST, _MADE_UP = 40, 120
"""Connected px at `DPI` that may be lost (7 mm²) and that may be new; the folha number is 60 in the largest piece."""
_TURNED_BLACK = 0.02


@dataclass(frozen=True, slots=True)
class Reader:
    """What another program shows of a file: pages in grey, and whether it complained."""

    pages: tuple[Pixels, ...] = ()
    complaint: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a file came out: ``right`` or not, ``what`` happened, in words; ``larger``: the sizes if it grew too much, or empty."""

    right: bool
    what: str
    larger: str = ""


@dataclass(slots=True)
class Tally:
    """The files of one kind."""

    right: int = 0
    larger: int = 0
    wrong: Counter[str] = field(default_factory=Counter)


def main(arguments: Sequence[str]) -> int:
    """Put the files through, print what is wrong and the table; 1 when anything is."""
    parser = argparse.ArgumentParser(
        prog="bench files", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--keep", type=Path, help="where the cases stay")
    parser.add_argument("--match", default="", help="only files with this in their path")
    options = parser.parse_args(arguments)
    files = [path for folder in options.folders for path in _files(folder) if options.match in str(path)]
    tallies: dict[str, Tally] = defaultdict(Tally)
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="itrwatch-files-") as folder:
        keep = options.keep or Path(folder)
        for start in range(0, len(files), BATCH):
            for path, verdict in run(files[start : start + BATCH], keep / str(start)):
                tally = tallies[path.parent.name]
                tally.right += verdict.right
                tally.larger += bool(verdict.larger)
                if not verdict.right:
                    tally.wrong[verdict.what.partition(":")[0]] += 1
                if not verdict.right or verdict.larger:
                    print(f"{path.parent.name}/{path.name}: {verdict.what} {verdict.larger}", flush=True)
    print(f"{len(files)} files in {time.monotonic() - began:.0f} s")
    for kind, tally in sorted(tallies.items()):
        wrong = ", ".join(f"{count} {what}" for what, count in tally.wrong.most_common())
        print(f"{kind:24} right {tally.right:4}  wrong {tally.wrong.total():3}  larger {tally.larger:3}  {wrong}")
    return int(any(tally.wrong for tally in tallies.values()))


def _files(folder: Path) -> list[Path]:
    if folder.is_file():
        return [folder]
    return [path for path in sorted(folder.rglob("*")) if path.suffix.lower() in ENDINGS and path.stat().st_size]


def run(files: Sequence[Path], office: Path) -> Iterator[tuple[Path, Verdict]]:
    """Each file with what became of it, as an office in ``office`` would see it."""
    inbox, outbox = office / "entrada", office / "saida"
    shutil.rmtree(office, ignore_errors=True)
    inbox.mkdir(parents=True)
    outbox.mkdir()
    cases = []
    for number, path in enumerate(files):
        case = inbox / f"13153.720210-2019-34 {number:04}"
        case.mkdir()
        scan = case / f"papel{path.suffix.lower()}"
        shutil.copyfile(path, scan)
        (case / "processo.yaml").write_text(f"secoes:\n  - notificacao: {scan.name}\n", "utf-8")
        cases.append((path, scan, outbox / case.name))
    config = office / "config.yaml"
    # One worker, so that the bench can run beside other work: what is published does not depend on how many there are.
    config.write_text(f"inbox: {inbox}\noutbox: {outbox}\nsettle_seconds: 0.2\nworkers: 1\n", "utf-8")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "itrwatch", "once", "--config", str(config)]
    subprocess.run(command, capture_output=True, env=environment, check=False)
    for path, scan, published in cases:
        yield path, judge(scan, published)


def judge(scan: Path, published: Path) -> Verdict:
    """What was made of ``scan``, whose case lies in ``published``."""
    try:
        manifest = from_json((published / "manifesto.json").read_text("utf-8"))
    except (OSError, ValueError) as wrong:
        return Verdict(False, f"no manifest: {wrong}")
    about = (finding for finding in manifest.findings if finding.file == scan.name)
    said = " | ".join(dict.fromkeys(finding.message for finding in about))
    if "falha interna" in said:
        return Verdict(False, "internal failure")
    readers = list(read(scan))
    showing = [reader for reader in readers if reader.pages]
    if not manifest.files:
        clean = len(showing) == len(readers) > 0 and not any(reader.complaint for reader in readers)
        alike = clean and _alike(showing) and not any(reason in said for reason in _FAIR)
        return Verdict(not alike, f"refused although all readers show it: {said}" if alike else "refused")
    return _judge_pages(scan, published, manifest, showing, said)


_FAIR = (
    "pequena demais para ser um papel",
    "termina antes do fim",
    "não diz o comprimento",
    "depois do fim vem espaço vazio",
    "anda em círculo",
)
"""Reasons for which a file may be refused that others show: nothing to read, perhaps not all there."""
_NO_PAGES = ("não conta como folha", "não contam como folha")


def _judge_pages(scan: Path, published: Path, manifest: Manifest, showing: list[Reader], said: str) -> Verdict:
    pages = sorted((page for page in manifest.pages if page.file == scan.name), key=lambda page: page.page)
    larger = _larger(scan.stat().st_size, manifest, pages)
    miscounted = all(len(reader.pages) != min(len(pages), MOST_PAGES) for reader in showing)
    if showing and miscounted and not any(words in said for words in _NO_PAGES):
        return Verdict(False, f"{len(pages)} pages, others show {len(showing[0].pages)}: {said}", larger)
    made = {file.name: _poppler(published / file.name, most=10_000).pages for file in manifest.files}
    for page in pages[:MOST_PAGES]:
        found = (
            (reader, reader.pages[page.page - 1]) for reader in showing if len(reader.pages) == len(pages[:MOST_PAGES])
        )
        # A page that a reader complains of and leaves white is one that it cannot show.
        theirs = [picture for reader, picture in found if not (reader.complaint and int(picture.min()) > _TRACE)]
        if (
            theirs
            and not any(_apart(theirs[0], other) for other in theirs[1:])
            and all(_differs(source, page, made) for source in theirs)
        ):
            word = "with a word" if said else "in silence"
            return Verdict(False, f"a page differs {word}: page {page.page}, {page.outcome}: {said}", larger)
    return Verdict(True, said, larger)


def _larger(before: int, manifest: Manifest, pages: Sequence[PageEntry]) -> str:
    """The sizes of a file of ``before`` bytes and of its PDFs, and how the pages are coded; empty if they did not grow too much."""
    after = sum(file.bytes for file in manifest.files)
    if after <= before * _SLACK + _PAGE_SLACK * len(pages) + _FILE_SLACK * len(manifest.files):
        return ""
    coded = dict.fromkeys(f"{page.encoding} {page.why.rpartition('; ')[2]}" for page in pages if page.encoding)
    return f"LARGER {before / 1024:.1f} > {after / 1024:.1f} KB, {after / before:.2f}: {', '.join(coded)}"


def _differs(source: Pixels, page: PageEntry, made: dict[str, tuple[Pixels, ...]]) -> bool:
    if page.output is None or page.output_page is None:
        return int((_levelled(source) < _MARK).sum()) > _LOST
    ours = made[page.output][page.output_page - 1]
    upright = np.ascontiguousarray(np.rot90(source, -page.turn // 90))
    strip = max(0, round(ours.shape[0] - upright.shape[0] * ours.shape[1] / upright.shape[1]))
    return differ(upright, ours[strip:]) and differ(upright, ours)


def _alike(readers: Sequence[Reader]) -> bool:
    first, *others = readers
    return all(
        len(other.pages) == len(first.pages)
        and not any(_apart(one, two) for one, two in zip(first.pages, other.pages, strict=True))
        for other in others
    )


def _apart(one: Pixels, other: Pixels) -> bool:
    """Whether two readers show a page otherwise, whichever of them is believed: more may be new than lost, as the folha number is."""
    return differ(one, other) or differ(other, one)


def differ(source: Pixels, other: Pixels) -> bool:
    """Whether two drawings in grey are not of the same page: marks lost or made up, paper turned black or white."""
    if min(*source.shape, *other.shape) < 2:
        return True
    one = np.asarray(cv2.resize(source, other.shape[::-1], interpolation=cv2.INTER_AREA), np.uint8)
    first, second = _levelled(one), _levelled(other)
    lost = (first < _MARK) & ~_near(second)
    # Poppler draws a picture a pixel wider than its box, and of what touches the edge of the page the last column falls off it: the
    # dark edge of a receipt that pdfium shows was counted as lost (0.4 mm at `DPI`).
    lost[[0, -1], :] = lost[:, [0, -1]] = False
    made_up = (second < _MARK) & ~_near(first)
    blurred = [cv2.blur(picture, (9, 9)).astype(int) for picture in (one, other)]
    turned = [((a < 70) & (b > 170)).mean() for a, b in (blurred, blurred[::-1])]
    return _largest(lost) > _LOST or _largest(made_up) > _MADE_UP or max(turned) > _TURNED_BLACK


def _near(picture: Pixels) -> np.ndarray:
    return np.asarray(cv2.erode(picture, np.ones((5, 5), np.uint8))) < _TRACE


def _largest(mask: np.ndarray) -> int:
    count, _, figures, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    return int(figures[1:, cv2.CC_STAT_AREA].max()) if count > 1 else 0


def _levelled(picture: Pixels) -> Pixels:
    """``picture`` with its paper made white."""
    paper = cv2.blur(cv2.dilate(picture, np.ones((15, 15), np.uint8)), (41, 41)).astype(np.int16)
    return np.clip(picture.astype(np.int16) + 255 - paper, 0, 255).astype(np.uint8)


def read(scan: Path) -> Iterator[Reader]:
    """The file as other programs show it; those that are not installed are left out."""
    with scan.open("rb") as file:
        is_pdf = b"%PDF-" in file.read(1024)
    if is_pdf:
        if shutil.which("pdftoppm"):
            yield _poppler(scan)
        if shutil.which("gs"):
            yield _ghostscript(scan)
    elif shutil.which("convert"):
        yield _magick(scan)


def _poppler(scan: Path, most: int = MOST_PAGES) -> Reader:
    return _drawn(["pdftoppm", "-cropbox", "-gray", "-r", str(DPI), "-l", str(most), str(scan), "{}/p"])


def _ghostscript(scan: Path) -> Reader:
    quiet = ["gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-dUseCropBox", "-sDEVICE=pgmraw", f"-r{DPI}"]
    smooth = ["-dTextAlphaBits=4", "-dGraphicsAlphaBits=4", f"-dLastPage={MOST_PAGES}"]
    return _drawn([*quiet, *smooth, "-sOutputFile={}/p-%d.pgm", str(scan)], complains=("rror", "WARNING"))


def _magick(scan: Path) -> Reader:
    onto_white = ["-background", "white", "-alpha", "remove", "-auto-orient", "-colorspace", "Gray", "-depth", "8"]
    command = ["convert", f"{scan}[0-{MOST_PAGES - 1}]", *onto_white, "-resize", "900x900>", "{}/p-%d.pgm"]
    return _drawn(command, complains=("orrupt", "remature", "ad code", "ength mismatch", "error/"))


def _drawn(command: Sequence[str], complains: Sequence[str] = ("",)) -> Reader:
    """What ``command`` puts into the folder {}; what it says counts when it has one of the words ``complains``."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            done = subprocess.run(
                [part.replace("{}", folder) for part in command], capture_output=True, timeout=SECONDS, check=False
            )
        except subprocess.TimeoutExpired:
            return Reader(complaint="too late")
        said = done.stderr.decode("utf-8", "replace").strip()
        found = sorted(Path(folder).glob("p-*"), key=lambda path: int(path.stem.rpartition("-")[2]))
        pages = [cv2.imread(str(path), cv2.IMREAD_GRAYSCALE) for path in found]
    complaint = said if said and any(word in said for word in complains) else ""
    return Reader(tuple(np.asarray(page, np.uint8) for page in pages if page is not None), complaint)
