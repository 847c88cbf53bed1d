"""Verdicts: which pages go as blank, which as EM BRANCO, which way up — thousands of pages looked at, none coded."""

from __future__ import annotations

import multiprocessing
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from bench.pages import DPI, a_paper, drawn, the_front
from itrwatch.core.pages import PageOverride, PageRef, Reason, Removed, Turn
from itrwatch.core.settings import ImageConfig, StampConfig
from itrwatch.demo.drawing import PageKind
from itrwatch.demo.paper import scan
from itrwatch.demo.scanner import write_jpeg
from itrwatch.imaging.analysis.background import reduce_page
from itrwatch.imaging.encoding.codecs import thumbnail
from itrwatch.scans.opening import inspect, read_page
from itrwatch.scans.values import ScanError
from itrwatch.workers.page_task import work_again, work_page
from itrwatch.workers.tasks import AgainTask, Neighbour, PageBroken, PageDone, PageTask


@dataclass(frozen=True, slots=True)
class Ask:
    """A drawn page, by its name for `drawn`; shown lying ``lies`` degrees clockwise from upright, for each of them.

    ``duplex``: the other side of its sheet, where it shows through, is the page before it in the case.
    """

    name: str
    seed: int
    lies: tuple[int, ...] = (0,)
    duplex: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one showing of a page: why it was removed, the doubt, the turn (None: not sure enough to turn)."""

    name: str
    seed: int
    lies: int
    removed: Reason | None
    doubt: str
    turn: Turn
    facts: str = ""

    @property
    def upright(self) -> bool:
        """Whether the page now stands as it should."""
        return (self.lies + self.turn) % 360 == 0


def ask_all(asks: Sequence[Ask], workers: int = 2) -> list[Answer]:
    """All answers, worked out by ``workers`` processes."""
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        return [answer for answers in pool.map(_ask, asks, chunksize=4) for answer in answers]


def _ask(ask: Ask) -> list[Answer]:
    paper = a_paper(ask.name, ask.seed)
    picture = scan(drawn(ask.name, ask.seed), ask.seed, DPI, **paper)  # type: ignore[arg-type]
    front = the_front(ask.seed, paper) if ask.duplex else None
    facts = ", ".join(_facts(paper))
    with tempfile.TemporaryDirectory() as folder:
        return [_answer(ask, lies, picture, front, Path(folder), facts) for lies in ask.lies]


def _facts(paper: dict[str, object]) -> Iterator[str]:
    for fact in ("holes", "scanner_edge", "crease"):
        if paper[fact]:
            yield fact
    if "show_through" in paper:
        yield f"show-through {int(100 * float(paper['show_through']))} %"  # type: ignore[arg-type]
    yield f"grain {paper['grain']:.1f}"
    yield f"tint {paper['tint']:.2f}"
    yield f"dust {paper['dust']}"


def _answer(ask: Ask, lies: int, picture: Image.Image, front: Image.Image | None, folder: Path, facts: str) -> Answer:
    write_jpeg(folder / "page.jpg", picture.rotate(-lies, expand=True), DPI)
    if front:  # a sheet that lies on its left side shows its right one when it is turned over
        write_jpeg(folder / "front.jpg", front.rotate(lies, expand=True), DPI)
    (verdict, turn, doubt) = look_at(folder / "page.jpg", 1, (PageRef("front.jpg", 1),) if front else ())
    return Answer(ask.name, ask.seed, lies, verdict, doubt, turn, facts)


def look_at(path: Path, page: int, neighbours: tuple[PageRef, ...] = ()) -> tuple[Reason | None, Turn, str]:
    """Why the page is removed, its turn, and the doubt that keeps it; ``neighbours``: of the page in the case."""
    task = PageTask(path.parent, PageRef(path.name, page), PageOverride(), StampConfig(), 999, ImageConfig(), None)
    done = work_page(task)
    if neighbours and isinstance(done, PageDone) and done.check_back:
        others = tuple(Neighbour(ref, _thumbnail(path.parent, ref)) for ref in neighbours)
        done = work_again(AgainTask(task, others, done.check_back)) or done
    assert not isinstance(done, PageBroken), f"{path.name}, page {page}: {done.message}"
    if isinstance(done.verdict, Removed):
        return done.verdict.reason, done.turn, ""
    return None, done.turn, done.verdict.doubt


def _thumbnail(folder: Path, ref: PageRef) -> bytes:
    """As the case has it of a page that was done."""
    return thumbnail(reduce_page(read_page(folder / ref.file, ref.page).raster).pixels)


def corpus_pages(folder: Path, start: str) -> Iterator[tuple[Path, int]]:
    """Every page of the files in ``folder`` whose names begin with ``start``."""
    for path in sorted(folder.glob(f"{start}*")):
        try:
            count = inspect(path).pages
        except ScanError:
            continue
        yield from ((path, page) for page in range(1, count + 1))


def tally(answers: Iterable[Answer]) -> dict[str, list[Answer]]:
    """Answers by the name of the page."""
    found: dict[str, list[Answer]] = {}
    for answer in answers:
        found.setdefault(answer.name, []).append(answer)
    return found


BLANK, BLANK_STAMP = str(PageKind.BLANK), str(PageKind.BLANK_STAMP)
