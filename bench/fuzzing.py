"""Mutants of good and hostile scans: python -m bench.fuzzing [COUNT] [--seed N] [--workers N] [--keep FOLDER].

Each mutant (bytes flipped, cut out, or spliced in from another file) is opened and every page of it read, in the
product's own pool and under its limits. Counted are workers that died or were too late, and silent losses: a
mutant that is read without complaint, with fewer pages than its seed or with a page gone white, although
pdfium, poppler or libtiff can still draw what is missing.
"""

from __future__ import annotations

import argparse
import io
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Event

import pypdfium2 as pdfium
from PIL import Image, ImageDraw, ImageFont

from itrwatch.scans.opening import inspect, read_page
from itrwatch.scans.values import ScanError
from itrwatch.workers.limits import READ_CPU_SECONDS, allow_cpu
from itrwatch.workers.pool import Failed, Pool, Why

CORPUS = Path(__file__).parents[2] / "shared" / "corpus"
MOST_BYTES = 120_000
"""Larger files of the corpus are left out: their mutants are read slowly and break in the same ways."""
MOST_PAGES = 6
INK = 200
"""A page that is nowhere darker than this shows nothing."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """Which seed, and the number that its mutation is drawn from."""

    seed: int
    number: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a mutant: ``pages`` read (None: refused, with ``why``); ``lost``: the silent loss, or empty."""

    pages: int | None
    why: str = ""
    lost: str = ""


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


@cache
def seeds(corpus: Path | None = CORPUS) -> tuple[tuple[str, bytes], ...]:
    """Name and bytes of every file that mutants are made of; ours alone without the corpus."""
    own = {
        "jpeg.pdf": _coded("PDF", "L", 3), "fax.pdf": _coded("PDF", "1", 3), "colour.pdf": _coded("PDF", "RGB", 2), "text.pdf": _text_pdf(),
        "g4.tif": _coded("TIFF", "1", 3, compression="group4"), "g3.tif": _coded("TIFF", "1", 2, compression="group3"),
        "deflate.tif": _coded("TIFF", "L", 3, compression="tiff_deflate"), "lzw.tif": _coded("TIFF", "L", 2, compression="tiff_lzw"),
        "jpeg.tif": _coded("TIFF", "L", 2, compression="jpeg"), "raw.tif": _coded("TIFF", "1", 2),
        "grey.jpg": _coded("JPEG", "L", 1), "progressive.jpg": _coded("JPEG", "RGB", 1, progressive=True), "grey.png": _coded("PNG", "L", 1),
        "bits.png": _coded("PNG", "1", 1),
    }  # fmt: skip
    found = list(own.items())
    for path in sorted(corpus.glob("[hr]*/*")) if corpus and corpus.is_dir() else ():
        found += [(path.name, path.read_bytes())] if path.stat().st_size <= MOST_BYTES else []
    return tuple(found)


def mutate(data: bytes, others: tuple[tuple[str, bytes], ...], dice: random.Random) -> bytes:
    """``data`` with one to three wounds: flips, cuts, splices."""
    out = bytearray(data)
    for _ in range(dice.choice((1, 1, 1, 2, 3))):
        if out:
            source = dice.choice(others)[1]
            dice.choice(_WOUNDS)(out, dice, source)
    return bytes(out)


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


def examine(task: Mutant) -> Answer:
    """In a worker: make the mutant, read all of it, and ask others when something may be missing."""
    name, _ = seeds()[task.seed]
    mutant = made(task)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(mutant)
        answer = _read(path)
        if answer.pages is None:
            return answer
        whole, white = _whole(task.seed)
        gone = sorted(_white(path, answer.pages) - white)
        if answer.pages >= whole and not gone:
            return answer
        lost = others_draw(path, answer.pages, gone)
    return Answer(answer.pages, lost=lost)


def made(task: Mutant) -> bytes:
    """The bytes of a mutant."""
    return mutate(seeds()[task.seed][1], seeds(), random.Random(f"{task.seed} {task.number}"))


def _read(path: Path) -> Answer:
    allow_cpu(READ_CPU_SECONDS)
    try:
        pages = inspect(path).pages
        for page in range(1, min(pages, MOST_PAGES) + 1):
            read_page(path, page)
    except ScanError as why:
        return Answer(None, str(why))
    return Answer(pages)


def _white(path: Path, pages: int) -> set[int]:
    return {
        page for page in range(1, min(pages, MOST_PAGES) + 1) if int(read_page(path, page).raster.pixels.min()) > INK
    }


@cache
def _whole(seed: int) -> tuple[int, set[int]]:
    """Pages of the seed itself and those of them that are white; nothing to lose when it is refused."""
    name, data = seeds()[seed]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        answer = _read(path)
        return (answer.pages, _white(path, answer.pages)) if answer.pages else (0, set())


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


def tasks(count: int, seed: int, corpus: Path | None = CORPUS) -> Iterator[Mutant]:
    """``count`` mutants, each seed in turn."""
    files = len(seeds(corpus))
    return (Mutant(number % files, seed * 1_000_000 + number) for number in range(count))


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="bench.fuzzing", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("count", nargs="?", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--keep", type=Path, help="where mutants that went wrong are put")
    options = parser.parse_args()
    began, seen, wrong = time.monotonic(), Counter[str](), 0
    todo = list(tasks(options.count, options.seed))
    with Pool(options.workers) as pool:
        for task, answer in zip(todo, pool.map(examine, todo, Event()), strict=True):
            kind = _kind(answer)
            seen[kind] += 1
            if kind not in ("read", "refused"):
                wrong += 1
                print(f"{kind}: {seeds()[task.seed][0]} {task} {answer}", flush=True)
                if options.keep:
                    options.keep.mkdir(exist_ok=True)
                    (options.keep / f"{task.number}-{seeds()[task.seed][0]}").write_bytes(made(task))
    print(f"{options.count} mutants of {len(seeds())} files in {time.monotonic() - began:.0f} s: {dict(seen)}")
    sys.exit(bool(wrong))


_KINDS = {
    Why.KILLED: "worker killed",
    Why.CRASHED: "worker died",
    Why.CPU: "hang",
    Why.CLOCK: "hang",
    Why.MEMORY: "memory",
    Why.BUG: "exception",
}


def _kind(answer: Answer | Failed) -> str:
    if isinstance(answer, Failed):
        return _KINDS[answer.why]
    return "silent loss" if answer.lost else "refused" if answer.pages is None else "read"


if __name__ == "__main__":
    main()
