"""Worker code for one page: read, analyse, decide, turn, code; and for writing one part.

    work_page(PageTask(folder, PageRef("scan.pdf", 3), …)) -> PageDone(verdict=Kept(…), turn=90, …) or PageBroken("…")

The coded sheet goes to a spool file, so that memory does not grow with the number of pages.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from itrwatch.core.codes import Code
from itrwatch.core.encoded_page import EncodedPage, VectorPage
from itrwatch.core.findings import Finding, reminder, warning
from itrwatch.core.folhas import Folha
from itrwatch.core.pages import (
    BlankEvidence,
    Encoding,
    Kept,
    PageOverride,
    PageRef,
    PossibleShowThrough,
    Reason,
    Removed,
    Rung,
    Turn,
    Verdict,
    kept_for,
)
from itrwatch.core.sentences import Fact
from itrwatch.imaging.analysis.analyse import PageAnalysis, analyse, analyse_with_back
from itrwatch.imaging.analysis.blank import CONTENT_MM, Blank, Content, Doubt
from itrwatch.imaging.analysis.deskew import find_skew, print_skew, straightened
from itrwatch.imaging.analysis.legibility import find_flaws
from itrwatch.imaging.analysis.separator import see_separator
from itrwatch.imaging.analysis.show_through import may_be_back
from itrwatch.imaging.encoding.codecs import thumbnail
from itrwatch.imaging.encoding.encode import Wanted, encode_page, turned
from itrwatch.imaging.raster import Pixels, Raster
from itrwatch.pdf.part_info import page_bytes
from itrwatch.pdf.text_layer import layer_bytes
from itrwatch.pdf.typeface import stamp_box
from itrwatch.pdf.verifying import decode_layers, measure, verify_part
from itrwatch.pdf.writing import PartPage, write_part
from itrwatch.scans.opening import read_page
from itrwatch.scans.values import ScanError, ScannedPage
from itrwatch.workers.limits import CPU_SECONDS, READ_CPU_SECONDS, allow_cpu
from itrwatch.workers.page_reasons import coded_because, kept_because, removed_because
from itrwatch.workers.page_words import NOT_READ, PageWords, read_words
from itrwatch.workers.source_picture import grown, smaller, without_loss
from itrwatch.workers.tasks import AgainTask, PageBroken, PageDone, PageTask, PartMade, PartTask, spooled, unspooled

MM_PER_PT = 25.4 / 72


def work_page(task: PageTask) -> PageDone | PageBroken:
    """Process a page; an undecodable page is broken, never blank."""
    allow_cpu(READ_CPU_SECONDS)
    try:
        scanned = read_page(task.folder / task.ref.file, task.ref.page)
    except ScanError as fault:
        if task.override.remove:
            return PageDone(
                task.ref, Removed(Reason.ASKED), findings=(_about(task, Code.PAGE_BROKEN_REMOVED, why=str(fault)),)
            )
        return PageBroken(task.ref, str(fault), fault.incomplete)
    task = replace(task, override=override_for(scanned, task.override))
    allow_cpu(CPU_SECONDS)  # the remaining work depends only on the page size, which was checked
    findings = tuple(_about(task, Code.PAGE_NOTE, text=remark) for remark in scanned.remarks)
    seen = analyse(scanned.raster)
    separator, doubtful = see_separator(seen.reduced)
    if separator:  # checked first: a separator sheet is never published, even by order of the sidecar
        out = Removed(Reason.SEPARATOR, f"folha separadora “{separator.name}”")
        return PageDone(task.ref, out, findings=findings, thumbnail=thumbnail(seen.reduced.pixels), separator=separator)
    if doubtful and not (task.override.keep or task.override.remove):
        findings += (_about(task, Code.PAGE_PERHAPS_SEPARATOR),)
    verdict = verdict_of(task, seen)
    if isinstance(verdict, Removed):
        return _out(task, verdict, seen, findings)
    turn = turn_of(task, seen)
    findings += tuple(_doubts(task, seen, scanned.raster))
    if task.spool is None:
        return PageDone(
            task.ref,
            verdict,
            turn,
            findings,
            evidence=_evidence(verdict, seen),
            check_back=_unsettled(task, seen),
            why=kept_because(task.override, seen, turn),
        )
    sheet, small, words = code_page(task, scanned, seen, turn)
    if words.unread:
        findings += (reminder(Code.PAGE_UNREAD, why=words.unread, file=task.ref.file, page=task.ref.page),)
    if sheet.rung is Rung.SCAN:
        findings += (_about(task, Code.PAGE_AS_SCANNED, drawn=scanned.drawn),)
    return PageDone(
        task.ref,
        verdict,
        turn,
        findings,
        sheet.encoding,
        spooled(sheet, task.spool),
        sheet.bytes,
        page_bytes(sheet) + layer_bytes(sheet) - sheet.bytes,
        thumbnail(small),
        evidence=_evidence(verdict, seen),
        check_back=_unsettled(task, seen),
        rung=sheet.rung,
        why=f"{kept_because(task.override, seen, turn)}; {coded_because(sheet.rung, sheet.why)}",
        images=decode_layers(sheet),
        says=words.says,
    )


def work_again(task: AgainTask) -> PageDone | None:
    """Analyse a page together with its possible backs: removed as blank, or None if it is kept."""
    page = task.page
    others = [other.ref for other in task.others if may_be_back(other.thumbnail, task.marks)]
    if not others:
        return None
    try:
        scanned = read_page(page.folder / page.ref.file, page.ref.page)
    except ScanError:
        return None
    seen = analyse_with_back(scanned.raster, _rasters(page.folder, others))
    verdict = seen and verdict_of(page, seen)
    if seen is None or not isinstance(verdict, Removed):
        return None
    return _out(page, verdict, seen, tuple(_about(page, Code.PAGE_NOTE, text=remark) for remark in scanned.remarks))


def _rasters(folder: Path, refs: Sequence[PageRef]) -> Iterator[Raster]:
    for ref in refs:
        with suppress(ScanError):  # reported with that page
            yield read_page(folder / ref.file, ref.page).raster


def _out(task: PageTask, verdict: Removed, seen: PageAnalysis, findings: tuple[Finding, ...]) -> PageDone:
    # Large pictures only of pages removed by detection: the fiscal must check them by eye.
    small = thumbnail(seen.reduced.pixels, large=verdict.reason is not Reason.ASKED)
    why = removed_because(task.override, seen)
    return PageDone(task.ref, verdict, findings=findings, thumbnail=small, evidence=_evidence(verdict, seen), why=why)


def _evidence(verdict: Verdict, seen: PageAnalysis) -> BlankEvidence | None:
    """The measurements, if the verdict is based on them."""
    decided = verdict.doubt is not None if isinstance(verdict, Kept) else verdict.reason is not Reason.ASKED
    return seen.evidence if decided else None


def _unsettled(task: PageTask, seen: PageAnalysis) -> PossibleShowThrough | None:
    return seen.check_back if task.image.remove_blanks and not task.override.keep else None


def code_page(
    task: PageTask, scanned: ScannedPage, seen: PageAnalysis, turn: Turn
) -> tuple[EncodedPage, Pixels, PageWords]:
    """The coded page, upright and straight, with its words; its reduced pixels; what was read."""
    image = task.image
    upright, reduced = turned(scanned.raster, turn), seen.reduced.turned(turn)
    small = reduced.pixels
    crooked = image.straighten and not (scanned.raster.bilevel or scanned.drawn or scanned.photograph)
    skew = find_skew(reduced) if crooked else 0.0
    wanted = Wanted(image.ink_dpi, image.patch_dpi, image.quality)
    careful = _too_faint(seen) or scanned.photograph
    encode = partial(encode_page, number_mm=_number_mm(task), wanted=wanted, careful=careful, drawn=scanned.drawn)
    read = read_words if image.read_pages else _unread
    straight = straightened(upright, skew) if skew else upright
    lean = (
        0.0 if skew or not image.read_pages else print_skew(reduced)
    )  # what is not straightened leans when it is read
    words = NOT_READ if scanned.drawn else read(straight, lean)
    sheet = encode(straight, also=words.check)
    if skew and sheet.rung is Rung.SCAN:
        # A page published as scanned is not straightened.
        skew, words = 0.0, read(upright, skew)
        sheet = encode(upright, also=words.check)
    if skew:
        small = straightened(Raster(small, reduced.dpi), skew).pixels
        sheet = replace(sheet, why=", ".join(filter(None, (f"straightened by {skew:.1f}", sheet.why))))
    if scanned.drawn:
        own = _own_page(task, turn)
        if own and not own.pictures:
            sheet = _as_it_is(sheet, own, scanned.raster, turn)
        if sheet.encoding is not Encoding.VECTOR:  # a page of text keeps its own text
            words = read(straight, lean)
            sheet = encode(straight, also=words.check) if words.check else sheet
        if own and own.pictures and grown(sheet, own.weight):
            sheet = _as_it_is(sheet, own, scanned.raster, turn)
    if scanned.source and not skew:
        sheet = smaller(sheet, scanned.source, turn)
    elif (scanned.drawn or scanned.coded_bytes) and not skew:
        sheet = without_loss(sheet, upright, scanned.coded_bytes)
    return words.on(sheet), small, words


def _unread(_upright: Raster, _skew: float) -> PageWords:
    return NOT_READ


def _number_mm(task: PageTask) -> tuple[float, float]:
    width, height = stamp_box(task.stamp.format, task.stamp.size, task.highest)
    return width * MM_PER_PT, height * MM_PER_PT


def _too_faint(seen: PageAnalysis) -> bool:
    """Whether a page was kept in doubt and has no mark of `CONTENT_MM`: segmentation may not find its marks again."""
    return isinstance(seen.blank, Doubt) and seen.blank.evidence.largest_mm < CONTENT_MM


def _own_page(task: PageTask, turn: Turn) -> VectorPage | None:
    """The page's own instructions and images, if PDF/A allows them."""
    from itrwatch.born_digital.page import vector_page  # noqa: PLC0415  slow to load, and most cases have no such page

    page = vector_page(task.folder / task.ref.file, task.ref.page, turn)
    return None if isinstance(page, str) else page


def _as_it_is(sheet: EncodedPage, own: VectorPage, drawn: Raster, turn: Turn) -> EncodedPage:
    from itrwatch.born_digital.choose import with_vector  # noqa: PLC0415  see `_own_page`

    return with_vector(sheet, own, drawn, turn)


def override_for(scanned: ScannedPage, override: PageOverride) -> PageOverride:
    """``override``; with ``keep`` if the page has annotations, filled fields or doubts of its reader: they are content, however pale."""
    return kept_for("a note, a filled field or a doubt of its reader", override) if scanned.never_blank else override


def verdict_of(task: PageTask, seen: PageAnalysis) -> Verdict:
    """`Kept` or `Removed`: by the sidecar's order, else blank or a blank stamp."""
    if task.override.remove:
        return Removed(Reason.ASKED)
    if task.override.keep:
        return Kept()
    if task.image.remove_blanks and isinstance(seen.blank, Blank):
        return Removed(Reason.BLANK, seen.blank.sentence)
    if task.image.remove_blanks and seen.stamp:
        return Removed(Reason.BLANK_STAMP, seen.stamp.sentence)
    return Kept(seen.blank.code if isinstance(seen.blank, Doubt) else None)


def turn_of(task: PageTask, seen: PageAnalysis) -> Turn:
    """Rotation in degrees clockwise: the order of the sidecar, otherwise the detected one if sure."""
    if task.override.turn is not None:
        return task.override.turn
    return seen.turn.turn if task.image.turn_pages and seen.turn.sure else 0


def _doubts(task: PageTask, seen: PageAnalysis, raster: Raster) -> Iterator[Finding]:
    """Warnings about a page: legibility, a recogniser that failed, a page that may not be upright."""
    for flaw in find_flaws(raster, seen.reduced):
        yield _about(task, flaw)
    if seen.trouble:
        yield _about(task, Code.RECOGNISER_FAILED, text=seen.trouble)
    elif (
        task.image.turn_pages and task.override.turn is None and not seen.turn.sure and isinstance(seen.blank, Content)
    ):
        yield reminder(Code.PAGE_TURN_UNSURE, file=task.ref.file, page=task.ref.page)


def _about(task: PageTask, code: Code, **facts: Fact) -> Finding:
    return warning(code, **facts, file=task.ref.file, page=task.ref.page)


PAGE_CPU_SECONDS = 0.1
"""Processor time (s) for each page of a part. Chosen: writing and verifying one takes 0.01 s."""


def write_checked(task: PartTask) -> PartMade | OSError:
    """Write and verify a part; an `OSError` of the disk is returned, so that the caller tries again. Raises `VerifyError`."""
    allow_cpu(CPU_SECONDS + PAGE_CPU_SECONDS * len(task.folhas))
    sizes: list[tuple[float, float]] = []
    words: list[tuple[str, ...]] = []

    def pages() -> Iterator[PartPage]:
        for folha, spool in zip(task.folhas, task.spools, strict=True):
            sheet = unspooled(spool)
            sizes.append((sheet.width, sheet.height))
            words.append(tuple(word.text for word in sheet.words))
            yield PartPage(sheet, folha.number, folha.section.heading)

    try:
        write_part(task.path, pages(), task.bookmarks, task.info, task.stamp)
        verify_part(task.path, sizes, [_stamp(task, folha) for folha in task.folhas], task.images, words)
        return PartMade(*measure(task.path))
    except OSError as fault:
        return fault


def _stamp(task: PartTask, folha: Folha) -> str:
    return "" if folha.number is None else task.stamp.format.format(n=folha.number)
