"""Mutants of good and hostile scans: python -m bench fuzzing [COUNT] [--seed N] [--workers N] [--keep FOLDER] [--seeds FOLDER …].

Each mutant (bytes flipped, also within the coded pictures, cut out, or spliced in from another file) is opened and every page of
it read, in the product's own pool and under its limits. Counted are

- workers that died or were too late;
- silent losses: a mutant that is read without complaint, with fewer pages than its seed or with a page gone white, although
  pdfium, poppler or libtiff can still draw what is missing;
- silent differences: a page of which nothing is said, and which looks grossly otherwise in pdfium and in poppler (pictures: in
  Pillow and in OpenCV).
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Event

import cv2
import numpy as np
import pypdfium2 as pdfium
from PIL import Image, ImageFile, ImageOps

from bench.files import differ
from bench.mutants import FOLDERS, mutate, seeds
from itrwatch.imaging.raster import Pixels
from itrwatch.scans.opening import inspect, read_page
from itrwatch.scans.values import ScanError
from itrwatch.workers.limits import READ_CPU_SECONDS, allow_cpu
from itrwatch.workers.pool import Failed, NoResult, Pool

MOST_PAGES = 6
INK = 200
"""A page that is nowhere darker than this shows nothing."""
SMALL = 600
"""The longer side of the pictures that are compared, px (chosen: 50 dpi of an A4)."""
OTHERS_CPU_SECONDS = 60.0
"""For the other programs. Chosen."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """Which seed, and the number that its mutation is drawn from."""

    seed: int
    number: int
    folders: tuple[Path, ...] = FOLDERS


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a mutant: ``pages`` read (None: refused, with ``why``).

    ``lost``: the silent loss, or empty; ``differs``: pages that others show otherwise, and of which nothing is said.
    """

    pages: int | None
    why: str = ""
    lost: str = ""
    differs: tuple[int, ...] = ()


def examine(task: Mutant) -> Answer:
    """In a worker: make the mutant, read all of it, and ask others whether they see the same."""
    name, _ = seeds(task.folders)[task.seed]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(made(task))
        return examine_file(path, *_whole(task.seed, task.folders))


def examine_file(path: Path, whole: int, white: frozenset[int], otherwise: frozenset[int] = frozenset()) -> Answer:
    """What is read of a file that has ``whole`` pages when it is not damaged, those in ``white`` white, those in ``otherwise`` unlike in others."""
    allow_cpu(READ_CPU_SECONDS)
    try:
        read = _read(path)
    except ScanError as why:
        return Answer(None, str(why))
    allow_cpu(OTHERS_CPU_SECONDS)
    gone = sorted(read.white - white)
    lost = others_draw(path, read.count, gone) if read.count < whole or gone else ""
    silent = {number: pixels for number, pixels in read.silent.items() if number not in otherwise}
    return Answer(read.count, lost=lost, differs=differing(path, silent))


@dataclass(slots=True)
class _Pages:
    """What the product reads of a file: ``silent`` pages are those of which it says nothing, as small grey pictures."""

    count: int
    white: set[int]
    silent: dict[int, Pixels]


def _read(path: Path) -> _Pages:
    info = inspect(path)
    read = _Pages(info.pages, set(), {})
    for number in range(1, min(info.pages, MOST_PAGES) + 1):
        page = read_page(path, number)
        pixels = page.raster.pixels
        if int(pixels.min()) > INK and not page.never_blank:  # else it stays, with what is said of it
            read.white.add(number)
        if not info.remarks and not page.remarks:
            read.silent[number] = _small(pixels)
    return read


def _small(pixels: Pixels) -> Pixels:
    grey = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY) if pixels.ndim == 3 else pixels
    scale = min(1.0, SMALL / max(grey.shape))
    size = max(2, round(grey.shape[1] * scale)), max(2, round(grey.shape[0] * scale))
    return np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8)


def differing(path: Path, pages: Mapping[int, Pixels]) -> tuple[int, ...]:
    """Which of ``pages``, small and grey, two other programs draw, and neither so."""
    readers = (_pdfium, _poppler) if b"%PDF-" in path.read_bytes()[:1024] else (_opencv, _pillow)
    return tuple(
        number
        for number, ours in pages.items()
        if all((other := reader(path, number)) is not None and differ(_small(other), ours) for reader in readers)
    )


def _pdfium(path: Path, number: int) -> Pixels | None:
    try:
        with pdfium.PdfDocument(path) as document:
            document.init_forms()
            page = document[number - 1]
            scale = SMALL / max(page.get_size())
            return np.array(page.render(scale=scale, grayscale=True, may_draw_forms=True).to_numpy()).squeeze()
    except (pdfium.PdfiumError, ValueError, ZeroDivisionError):
        return None


def _poppler(path: Path, number: int) -> Pixels | None:
    size = ["-scale-to", str(SMALL), "-f", str(number), "-l", str(number), "-singlefile"]
    command = ["pdftoppm", "-cropbox", "-gray", *size, str(path), str(path.parent / "one")]
    with contextlib.suppress(OSError, subprocess.TimeoutExpired):
        subprocess.run(command, capture_output=True, timeout=20, check=False)
    return _taken(path.parent / "one.pgm")


def _taken(drawn: Path) -> Pixels | None:
    picture = cv2.imread(str(drawn), cv2.IMREAD_GRAYSCALE)
    drawn.unlink(missing_ok=True)
    return None if picture is None else np.asarray(picture, np.uint8)


def _opencv(path: Path, number: int) -> Pixels | None:
    with contextlib.suppress(cv2.error):
        _, pictures = cv2.imreadmulti(str(path), flags=cv2.IMREAD_GRAYSCALE)
        return np.asarray(pictures[number - 1], np.uint8) if len(pictures) >= number else None
    return None


def _pillow(path: Path, number: int) -> Pixels | None:
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        with Image.open(path) as image:
            image.seek(number - 1)
            return np.asarray(ImageOps.exif_transpose(image).convert("L"))
    except Exception:  # noqa: BLE001 Pillow raises almost anything
        return None
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False


def made(task: Mutant) -> bytes:
    """The bytes of a mutant."""
    files = seeds(task.folders)
    return mutate(files[task.seed][1], files, random.Random(f"{task.seed} {task.number}"))


@cache
def _whole(seed: int, folders: tuple[Path, ...]) -> tuple[int, frozenset[int], frozenset[int]]:
    """Pages of the seed itself, those of them that are white, and those that others show otherwise; nothing to lose when it is refused."""
    name, data = seeds(folders)[seed]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        try:
            read = _read(path)
        except ScanError:
            return 0, frozenset(), frozenset()
        return read.count, frozenset(read.white), frozenset(differing(path, read.silent))


def others_draw(path: Path, pages: int, gone: list[int]) -> str:
    """What another program still shows of the mutant that we do not; empty when nothing."""
    drawn = _drawn_by_pillow(path) if path.suffix == ".tif" else _drawn_by_pdfium(path) | _drawn_by_poppler(path)
    more = {page for page in drawn if page > pages} | (drawn & set(gone))
    return f"pages {sorted(more)} are still drawn" if more else ""


def _drawn_by_pdfium(path: Path) -> set[int]:
    try:
        with pdfium.PdfDocument(path) as document:
            pictures = (
                document[number].render(scale=0.5, grayscale=True).to_numpy()
                for number in range(min(len(document), 40))
            )
            return {number for number, picture in enumerate(pictures, 1) if int(picture.min()) < INK}
    except pdfium.PdfiumError:
        return set()


def _drawn_by_poppler(path: Path) -> set[int]:
    command = ["pdftoppm", "-gray", "-r", "30", "-l", "40", str(path), str(path.parent / "drawn")]
    try:
        subprocess.run(command, capture_output=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return set()
    pictures = {int(found.stem.rpartition("-")[2]): found for found in path.parent.glob("drawn-*.pgm")}
    return {number for number, found in pictures.items() if min(found.read_bytes()[15:], default=255) < INK}


def _drawn_by_pillow(path: Path) -> set[int]:
    drawn = set()
    try:
        with Image.open(path) as image:
            for number in range(40):
                image.seek(number)
                if image.convert("L").getextrema()[0] < INK:
                    drawn.add(number + 1)
    except Exception:  # noqa: BLE001 Pillow raises almost anything
        return drawn
    return drawn


def tasks(count: int, seed: int, folders: tuple[Path, ...] = FOLDERS) -> Iterator[Mutant]:
    """``count`` mutants, each seed in turn."""
    files = len(seeds(folders))
    return (Mutant(number % files, seed * 1_000_000 + number, folders) for number in range(count))


def main(arguments: Sequence[str]) -> int:
    """Make the mutants, print what goes wrong; 1 when anything does."""
    parser = argparse.ArgumentParser(
        prog="bench fuzzing", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("count", nargs="?", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--keep", type=Path, help="where mutants that went wrong are put")
    parser.add_argument("--seeds", type=Path, nargs="*", default=FOLDERS, help="folders of files to make mutants of")
    options = parser.parse_args(arguments)
    began, seen, wrong = time.monotonic(), Counter[str](), 0
    folders = tuple(folder.resolve() for folder in options.seeds)
    todo = list(tasks(options.count, options.seed, folders))
    files = seeds(folders)
    with Pool(options.workers) as pool:
        for task, answer in zip(todo, pool.map(examine, todo, Event()), strict=True):
            kind = _kind(answer)
            seen[kind] += 1
            if kind not in ("read", "refused"):
                wrong += 1
                print(f"{kind}: {files[task.seed][0]} {task.seed} {task.number} {answer}", flush=True)
                if options.keep:
                    options.keep.mkdir(exist_ok=True)
                    (options.keep / f"{task.number}-{files[task.seed][0]}").write_bytes(made(task))
    print(f"{options.count} mutants of {len(files)} files in {time.monotonic() - began:.0f} s: {dict(seen)}")
    return int(bool(wrong))


_KINDS = {
    NoResult.KILLED: "worker killed",
    NoResult.CRASHED: "worker died",
    NoResult.CPU: "hang",
    NoResult.CLOCK: "hang",
    NoResult.MEMORY: "memory",
    NoResult.BUG: "exception",
}


def _kind(answer: Answer | Failed) -> str:
    if isinstance(answer, Failed):
        return _KINDS[answer.why]
    if answer.lost or answer.differs:
        return "silent loss" if answer.lost else "silent difference"
    return "refused" if answer.pages is None else "read"
