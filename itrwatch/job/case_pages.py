"""Processes the pages of a case in the pool: each is coded, removed or faulty; then second passes for blank and heavy pages.

pages = CasePages(snapshot, plan.pages, config, pool, stop, progress); pages.run(spool) -> pages.done, pages.faults
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from threading import Event

from loguru import logger

from itrwatch.core.codes import Code
from itrwatch.core.filenames import printable
from itrwatch.core.findings import Finding, error
from itrwatch.core.pages import Kept, PageRef, Removed, kept_for
from itrwatch.core.plan import PlannedPage
from itrwatch.core.removals import emptied_sections, only_pages
from itrwatch.core.sections import REQUIRED
from itrwatch.core.settings import Config, ImageConfig
from itrwatch.job.worker_failures import failure_sentence
from itrwatch.job.write_parts import heaviest_allowed
from itrwatch.store.inbox import Snapshot
from itrwatch.workers.pool import Failed, InWorker, NoResult, Workers
from itrwatch.workers.tasks import AgainTask, Neighbour, PageBroken, PageDone, PageTask

Progress = Callable[[int, int], None]
"""Called with (pages done, pages in all)."""

Done = dict[PageRef, PageDone]

WORK_PAGE: InWorker[PageTask, PageDone | PageBroken] = InWorker("itrwatch.workers.page_task", "work_page")
WORK_AGAIN: InWorker[AgainTask, PageDone | None] = InWorker("itrwatch.workers.page_task", "work_again")

HIGHEST = 999
"""The stamp reserves room for three digits, so that the numbers of all cases have the same alignment. Chosen."""

HARDER = ((300, 150, 35), (200, 100, 30))
"""Steps for coding again a page that alone exceeds the limit: dpi of black print, dpi of regions, JPEG quality. Chosen."""


class CasePages:
    """The pages of one case: those ``done``, and the ``faults`` of pages that cannot be read.

    ``arriving``: pages that look incomplete, as if the scanner were still writing.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        pages: Sequence[PlannedPage],
        config: Config,
        pool: Workers,
        stop: Event,
        progress: Progress,
    ) -> None:
        """No page is processed before `run`."""
        self.done: Done = {}
        self.faults: list[Finding] = []
        self.arriving: list[str] = []
        self._folder, self._pages, self._config = snapshot.folder, pages, config
        self._pool, self._stop, self._progress = pool, stop, progress
        self._positions = {page.ref: position for position, page in enumerate(pages)}

    def run(self, spool: Path | None) -> None:
        """Process all pages; the coded sheets go to the folder ``spool``; if None, pages are only analysed. `Stopped`."""
        self._collect(self._pages, self._config.image, spool)
        if self.faults:
            return
        self._analyse_again(spool)
        rescued = only_pages(self._pages, {ref: page.verdict for ref, page in self.done.items()})
        self._collect([_to_keep(page, "the only page of its section") for page in rescued], self._config.image, spool)
        for page in rescued:
            self.done[page.ref] = replace(self.done[page.ref], verdict=Kept(Code.PAGE_ALONE))
        self.faults += self._emptied_findings()
        if spool:
            self._lighten(spool)

    def _collect(self, pages: Sequence[PlannedPage], image: ImageConfig, spool: Path | None) -> None:
        tasks = [self._task(page, image, spool) for page in pages]
        for page, answer in zip(pages, self._pool.map(WORK_PAGE, tasks, self._stop), strict=True):
            # A skipped page has no fault of its own: the page that was too slow has it.
            if isinstance(answer, PageDone):
                self.done[page.ref] = answer
                _log_page(self._folder.name, answer)
            elif not (isinstance(answer, Failed) and answer.why is NoResult.SKIPPED):
                self.faults.append(self._fault(page.ref, answer))
                if isinstance(answer, PageBroken) and answer.incomplete:
                    self.arriving.append(f"a página {page.ref.page} de “{printable(page.ref.file)}” parece incompleta")
            self._progress(len(self.done) + len(self.faults), len(self._pages))

    @staticmethod
    def _fault(ref: PageRef, answer: PageBroken | Failed) -> Finding:
        if isinstance(answer, Failed):
            logger.error(
                "{} página {}: {} {}\n{}", printable(ref.file), ref.page, answer.why.name, answer.signal, answer.trace
            )
        sentence = answer.message if isinstance(answer, PageBroken) else failure_sentence(answer)
        return error(Code.PAGE_BROKEN, text=sentence, file=printable(ref.file), page=ref.page)

    def _task(self, page: PlannedPage, image: ImageConfig, spool: Path | None) -> PageTask:
        place = spool and spool / f"{self._positions[page.ref]}"
        highest = max(HIGHEST, len(self._pages))
        return PageTask(self._folder, page.ref, page.override, self._config.stamp, highest, image, place)

    def _analyse_again(self, spool: Path | None) -> None:
        """Analyse pages with only pale marks again, together with their neighbours: the marks may be show-through."""
        doubtful = [(page, marks) for page in self._pages if (marks := self.done[page.ref].check_back)]
        tasks = [
            AgainTask(self._task(page, self._config.image, spool), self._neighbours(page), marks)
            for page, marks in doubtful
        ]
        for answer in self._pool.map(WORK_AGAIN, tasks, self._stop):
            if isinstance(answer, PageDone):
                self.done[answer.ref] = answer
                _log_page(self._folder.name, answer)

    def _neighbours(self, page: PlannedPage) -> tuple[Neighbour, ...]:
        """The previous and next page in the same scan, otherwise in the plan: some scanners write one file for each side."""
        file, number = page.ref.file, page.ref.page
        same = [ref for ref in (PageRef(file, number - 1), PageRef(file, number + 1)) if ref in self._positions]
        position = self._positions[page.ref]
        around = [self._pages[at].ref for at in (position - 1, position + 1) if 0 <= at < len(self._pages)]
        return tuple(Neighbour(ref, self.done[ref].thumbnail) for ref in same or around)

    def _lighten(self, spool: Path) -> None:
        """Code pages that alone exceed the limit again, with the steps of `HARDER`; one that still exceeds it is a fault."""
        decided = dict(self.done)
        for ink_dpi, patch_dpi, quality in HARDER:
            heavy = [
                _to_keep(page, "coded harder") if isinstance(decided[page.ref].verdict, Kept) else page
                for page in self._heavy()
            ]
            image = replace(self._config.image, ink_dpi=ink_dpi, patch_dpi=patch_dpi, quality=quality)
            self._collect(heavy, image, spool)
            # The second pass has an order to keep the page: its result lacks the doubt, and the reason.
            for page in heavy:
                first, again = decided[page.ref], self.done[page.ref]
                why = f"{first.why}; over the limit of a file, coded again: {again.rung}"
                self.done[page.ref] = replace(again, verdict=first.verdict, why=why)
        self.faults += [_too_heavy(page.ref, self._config.max_file_bytes) for page in self._heavy()]

    def _heavy(self) -> list[PlannedPage]:
        allowed = heaviest_allowed(self._config)
        weights = {ref: page.layer_bytes + page.overhead for ref, page in self.done.items()}
        return [page for page in self._pages if weights[page.ref] > allowed]

    def _emptied_findings(self) -> Iterator[Finding]:
        for section in emptied_sections(self._pages, {ref: page.verdict for ref, page in self.done.items()}):
            if section in REQUIRED:
                yield error(Code.SECTION_EMPTY, section=section)


def _to_keep(page: PlannedPage, why: str) -> PlannedPage:
    return replace(page, override=kept_for(why, page.override))


def _too_heavy(ref: PageRef, limit: int) -> Finding:
    return error(
        Code.PAGE_TOO_HEAVY,
        text=f"esta página sozinha passa do limite de {limit // 1024} KB por arquivo, mesmo comprimida ao máximo; "
        "digitalize-a de novo a 300 dpi em preto e branco, ou a 200 dpi em tons de cinza",
        file=printable(ref.file),
        page=ref.page,
    )


def _log_page(name: str, page: PageDone) -> None:
    became = f"retirada ({page.verdict.reason})" if isinstance(page.verdict, Removed) else f"{page.encoding}"
    turn = f", girada {page.turn}°" if page.turn else ""
    logger.bind(case=name).debug(
        "{} página {}: {}{}, {} bytes", printable(page.ref.file), page.ref.page, became, turn, page.layer_bytes
    )
