"""Drafts: the share of cases whose draft needs no edit, and separator sheets read back."""

from __future__ import annotations

import multiprocessing
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from bench import sheets
from bench.case_pages import DPI, CasePage, document
from bench.pages import a_paper
from bench.table import Part, Row, per_cent
from bench.verdicts import corpus_pages
from itrwatch.core.pages import PageRef
from itrwatch.core.proposal import Confidence, Proposal
from itrwatch.core.propose import propose
from itrwatch.core.sections import Section
from itrwatch.core.title_matching import last_of_stacks
from itrwatch.demo.paper import scan
from itrwatch.demo.scanner import bilevel_of, write_pdf
from itrwatch.workers.survey_task import see_page
from itrwatch.workers.tasks import SurveyTask

MANNERS = (
    "a file for each section, named",
    "one file, no name helps",
    "a few files, names help a little",
    "two files of one stack",
)
NAMES: dict[Section, tuple[str, ...]] = {
    Section.CAPA: ("capa.pdf", "01 Capa.pdf", "CAPA DO PROCESSO.PDF"),
    Section.NOTIFICACAO: ("noti.pdf", "02-notificação.pdf", "NL 2019.pdf", "Notificação de Lançamento.pdf"),
    Section.CIENCIA: ("ar.pdf", "03 AR NL.pdf", "ciência.pdf", "ciencia da notificação.pdf"),
    Section.DITR: ("ditr.pdf", "DITR 2019.pdf", "04_ditr.pdf"),
    Section.TIF: ("tif.pdf", "TIF e resposta.pdf", "05 - termo de intimação fiscal.pdf"),
    Section.TCIF: ("tcif.pdf", "termo de constatação.pdf", "06 TCIF.pdf"),
    Section.IMPUGNACAO: ("impugna.pdf", "Impugnação.pdf", "defesa do contribuinte.pdf"),
    Section.TERMO: ("termo.pdf", "termo encaminhamento.pdf", "08 Termo.pdf"),
}
SAID: dict[Confidence, str] = {Confidence.HIGH: "high", Confidence.MEDIUM: "medium", Confidence.LOW: "low"}


@dataclass(frozen=True, slots=True)
class Drafted:
    """What became of one case: pages right, wrong and undecided, by the confidence of what was proposed."""

    manner: str
    pages: int
    wrong: tuple[tuple[Confidence, str], ...]
    undecided: int
    by_confidence: tuple[tuple[Confidence, bool], ...]
    headings: int

    @property
    def as_it_is(self) -> bool:
        """Whether the draft needs no edit at all."""
        return not self.wrong and not self.undecided


def measure(folder: Path, cases: int, rounds: int, corpus: Path | None) -> list[Part]:
    """``cases`` of every manner of naming and dividing, ``rounds`` of the separator sheets."""
    asks = [(manner, seed) for manner in MANNERS for seed in range(cases)]
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as pool:
        done = list(pool.map(_drafted, asks, chunksize=1))
    answers = [answer for case in done for answer in case.by_confidence]
    rows = [_share("drawn cases whose draft needs no edit", [case.as_it_is for case in done], 0.95)]
    rows += [
        _share(f"… {manner}", [case.as_it_is for case in done if case.manner == manner], None) for manner in MANNERS
    ]
    rows += [
        _share(
            f"pages proposed with {SAID[level]} confidence that are right",
            [right for c, right in answers if c is level],
            None,
        )
        for level in Confidence
    ]
    wrong = Counter(f"{level}: {what}" for case in done for level, what in case.wrong)
    lines = [f"- {count} pages, {what}" for what, count in wrong.most_common(12)]
    details = ["pages proposed wrongly, by confidence:\n\n" + "\n".join(lines)] if lines else []
    undecided = sum(case.undecided for case in done)
    rows.append(Row("pages left to the fiscal", "", f"{undecided} of {sum(case.pages for case in done)}"))
    if corpus:
        rows.append(_false_titles(corpus))
    sheet_rows, sheet_details = sheets.measure(folder, rounds)
    return [Part("Drafts", rows, details), Part("Separator sheets", sheet_rows, sheet_details)]


def _share(what: str, right: list[bool], goal: float | None) -> Row:
    share = sum(right) / max(1, len(right))
    wanted = "" if goal is None else f"≥ {100 * goal:.0f} %"
    return Row(
        what,
        wanted,
        f"{per_cent(sum(right), len(right))} ({sum(right)} of {len(right)})",
        None if goal is None else share >= goal,
    )


def a_case(manner: str, seed: int) -> dict[str, list[CasePage]]:
    """The files of a case with their pages."""
    rng = np.random.default_rng([seed, MANNERS.index(manner)])
    sections = [
        s
        for s in Section
        if s is Section.NOTIFICACAO or rng.random() < {Section.CAPA: 0.5, Section.TCIF: 0.5}.get(s, 0.85)
    ]
    papers = {
        s: document(s, int(rng.integers(1, 5)) if s not in (Section.CAPA, Section.TERMO) else 1, rng) for s in sections
    }
    if manner == MANNERS[0]:
        return {str(rng.choice(NAMES[s])): pages for s, pages in papers.items()}
    stack = [page for pages in papers.values() for page in pages]
    if manner == MANNERS[1]:
        return {"Digitalização_20231106.pdf": stack}
    if manner == MANNERS[3]:
        middle = int(rng.integers(1, len(stack)))
        return {"doc00041.pdf": stack[:middle], "doc00042.pdf": stack[middle:]}
    files = {"NOTI.pdf": [p for p in stack if p.section is not Section.IMPUGNACAO]}
    if Section.IMPUGNACAO in papers:
        files[str(rng.choice(NAMES[Section.IMPUGNACAO]))] = papers[Section.IMPUGNACAO]
    return files


def _drafted(ask: tuple[str, int]) -> Drafted:
    manner, seed = ask
    files = a_case(manner, seed)
    truth = {PageRef(name, number): page for name, pages in files.items() for number, page in enumerate(pages, 1)}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name, pages in files.items():
            write_pdf(folder / name, [_scanned(page.draw(), seed * 100 + n) for n, page in enumerate(pages)], DPI)
        last = last_of_stacks(list(truth))
        seen = [see_page(SurveyTask(folder, ref, headings=True, body=ref in last)) for ref in truth]
    headings = {page.ref: page.heading for page in seen if page and page.heading}
    blank = {page.ref for page in seen if page and page.blank}
    proposal = propose({name: len(pages) for name, pages in files.items()}, {}, headings, blank=blank)
    return _judged(manner, truth, proposal, set(headings))


def _scanned(page: Image.Image, seed: int) -> Image.Image:
    rng = np.random.default_rng([seed, 5])
    picture = scan(page, seed, DPI, skew=float(rng.normal(0, 0.8)), **_paper(seed))  # type: ignore[arg-type]
    if seed // 100 % 3 == 0:  # every third case is black and white
        picture = bilevel_of(picture, 140).convert("RGB")
    return picture.rotate(int(rng.choice([0, 0, 0, 0, 0, 0, 90, 180, 270])), expand=True)


def _paper(seed: int) -> dict[str, object]:
    return {key: value for key, value in a_paper("draft", seed).items() if key not in ("back", "show_through")}


def _judged(manner: str, truth: dict[PageRef, CasePage], proposal: Proposal, headings: set[PageRef]) -> Drafted:
    entries = {PageRef(entry.file, number): entry for entry in proposal.sections for number in entry.pages}
    wrong = tuple(
        (entries[ref].confidence, f"{page.section} taken for {entries[ref].section}")
        for ref, page in truth.items()
        if ref in entries and entries[ref].section is not page.section
    )
    return Drafted(
        manner,
        len(truth),
        wrong,
        sum(ref not in entries for ref in truth),
        tuple((entry.confidence, truth[ref].section is entry.section) for ref, entry in entries.items()),
        len(headings),
    )


def _false_titles(corpus: Path) -> Row:
    """Real pages of other matters, none of which has a title of ours."""
    pages = [page for room in ("real", "rotated", "blank") for page in corpus_pages(corpus / room, "")]
    seen = [
        see_page(SurveyTask(path.parent, PageRef(path.name, page), headings=True, body=True)) for path, page in pages
    ]
    found = [page for page in seen if page and (page.heading or page.separator)]
    return Row("real pages of other matters given a section", "0", f"{len(found)} of {len(seen)}", not found)
