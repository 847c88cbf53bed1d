"""Worker code that detects separator sheets and reads the heading of a page.

see_page(SurveyTask(folder, PageRef("scan.pdf", 1), headings=True)) -> PageSeen(heading=Heading(Section.NOTIFICACAO, …), …)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from itrwatch.core.body_matching import body_section
from itrwatch.core.proposal import Heading
from itrwatch.core.sections import Section
from itrwatch.core.title_matching import cover_section, mostly_capitals, title_section
from itrwatch.imaging.analysis.background import ReducedPage, reduce_page
from itrwatch.imaging.analysis.blank import Blank, judge_blank
from itrwatch.imaging.analysis.deskew import print_skew, straightened
from itrwatch.imaging.analysis.headings import heading_lines
from itrwatch.imaging.analysis.models import RecogniserMissing
from itrwatch.imaging.analysis.orientation import detect_turn
from itrwatch.imaging.analysis.separator import see_separator
from itrwatch.imaging.encoding.codecs import thumbnail
from itrwatch.imaging.encoding.encode import turned
from itrwatch.imaging.raster import Raster
from itrwatch.reading.page import TooMuchToReadError, read_text
from itrwatch.scans.opening import read_page
from itrwatch.scans.pdf.text import text_lines
from itrwatch.scans.values import ScanError
from itrwatch.workers.limits import CPU_SECONDS, READ_CPU_SECONDS, allow_cpu
from itrwatch.workers.tasks import PageSeen, SurveyTask

TEXT_LETTERS = 200
"""Letters from which a text layer counts as the text of the page; a shorter one may be a stamp or a scanner's mark. Chosen."""
LEAST_LETTERS = 4
"""Least letters of a line that may be a heading; fewer are specks and numbers. Chosen."""
ASKEW_DEGREES = 0.6
"""Skew above which a long heading is not recognised as one line. Physical: 2 mm over 180 mm."""


def see_page(task: SurveyTask) -> PageSeen | None:
    """Separator, heading and thumbnail of the page; None if it cannot be read."""
    path, ref = task.folder / task.ref.file, task.ref
    allow_cpu(READ_CPU_SECONDS)
    try:
        raster = read_page(path, ref.page).raster
        lines = text_lines(path, ref.page) if task.headings else ()
    except (ScanError, OSError):
        return None
    allow_cpu(CPU_SECONDS)
    reduced = reduce_page(raster)
    separator, doubtful = see_separator(reduced)
    if separator:
        return PageSeen(ref, separator, thumbnail=thumbnail(reduced.pixels))
    blank = isinstance(judge_blank(reduced), Blank)
    heading = _heading_or_body(task, lines, raster, reduced) if task.headings and (lines or not blank) else None
    # The fiscal must be able to read headings on the pictures while composing a sidecar.
    return PageSeen(ref, None, doubtful, heading, thumbnail(reduced.pixels, large=task.headings), blank)


def _heading_or_body(task: SurveyTask, lines: tuple[str, ...], raster: Raster, reduced: ReducedPage) -> Heading | None:
    """The title of a page, or what its text speaks of where the title says nothing."""
    heading, begins = _heading(lines, reduced)
    if heading is None and (begins or task.body):
        section = _by_body(lines, raster, reduced)
        if section and (begins or section is Section.TERMO):  # only a termo may have no heading at all
            return Heading(section, body=True)
    return heading


def _heading(lines: tuple[str, ...], reduced: ReducedPage) -> tuple[Heading | None, bool]:
    """The title of a page, and whether a document may begin with it: it has a heading or letterhead."""
    try:
        read = lines if sum(map(len, lines)) >= TEXT_LETTERS else tuple(_to_title(heading_lines(_upright(reduced))))
    except RecogniserMissing:
        return None, False  # headings are optional: file names and separator sheets suffice for a proposal
    return first_heading(read), any(map(may_be_heading, read))


def _by_body(lines: tuple[str, ...], raster: Raster, reduced: ReducedPage) -> Section | None:
    """The section that the text of a page speaks of, by its text layer or its print."""
    if sum(map(len, lines)) >= TEXT_LETTERS:
        text = " ".join(lines)
    else:
        try:
            turn = detect_turn(reduced).turn
            read = read_text(straightened(turned(raster, turn), print_skew(reduced.turned(turn))))
        except (RecogniserMissing, TooMuchToReadError):
            return None
        # A draft is checked by the fiscal: words that were read with doubt count here, though not in a text layer.
        text = " ".join((*(word.text for word in read.words), *read.doubtful))
    return body_section(text)


def _upright(reduced: ReducedPage) -> ReducedPage:
    upright = reduced.turned(detect_turn(reduced).turn)
    skew = print_skew(upright)
    if abs(skew) < ASKEW_DEGREES:
        return upright
    return reduce_page(straightened(Raster(upright.pixels, upright.dpi), skew))


def may_be_heading(line: str) -> bool:
    """Whether a line above or beside the text may be a heading or letterhead; the end of a paragraph, which stands apart, too, is not in capitals."""
    return mostly_capitals(line) and sum(map(str.isalpha, line)) >= LEAST_LETTERS


def first_heading(lines: Iterable[str]) -> Heading | None:
    """The first title among the lines, also across two lines; otherwise a cover if the lines form one."""
    read: list[str] = []
    for line in lines:
        read.append(line)
        if title := _title(read):
            return title
    cover = cover_section(tuple(read))
    return Heading(cover, " ".join(read[:1])) if cover else None


def _to_title(lines: Iterable[str]) -> Iterator[str]:
    """``lines`` up to the first title: reading takes longer than finding."""
    read: list[str] = []
    for line in lines:
        read.append(line)
        yield line
        if _title(read):
            return


def _title(read: Sequence[str]) -> Heading | None:
    """The title that the last line is, or the last two."""
    return next((Heading(section, text) for text in _with_last(read) if (section := title_section(text))), None)


def _with_last(read: Sequence[str]) -> Iterator[str]:
    yield read[-1]
    yield from (f"{before} {last}" for before, last in pairwise(read[-2:]))
