"""What is falsified on a page: ours and the peers on the same pages in the same run, held against the scans by the judge.

    python -m bench pages                        # field/pages, corpus/real, corpus/rotated, ordinary drawn pages
    python -m bench pages --sample 8             # 8 pages of each set
    python -m bench pages ~/scans page.jpg       # these instead: folders and files of any kind
    python -m bench pages --crops /tmp/crops     # with a picture of every fault, scan beside page
    python -m bench pages --no-peers             # ours alone
    python -m bench pages --jobs 2 --write       # judged by two processes; into docs/benchmarks.md

Every set of pages becomes one PDF that each program is given: itrwatch as a case of its own, Ghostscript, OCRmyPDF and
HankPDF where they are installed (``--peers DIR``), and every page as a plain JPEG. Processor time is that of the
whole tree of processes, as a ratio to Ghostscript's.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from sys import executable

from bench import peers
from bench.judging import JUDGE, KINDS, Judged, available, judge
from bench.machine import described
from bench.measure import Run, RunError, run
from bench.ours import ROOT, do
from bench.page_set import PageSet, gather
from bench.pages import GRAIN
from bench.peers import Peer
from bench.table import markdown
from itrwatch.demo.drawing import PageKind, draw
from itrwatch.demo.paper import scan
from itrwatch.demo.scanner import write_pdf

SHARED = ROOT.parent / "shared"
SETS = {
    "field/pages": SHARED / "field" / "pages",
    "corpus/real": SHARED / "corpus" / "real",
    "corpus/rotated": SHARED / "corpus" / "rotated",
}
ORDINARY = "ordinary drawn"
ORDINARY_KINDS = (
    *(PageKind.LETTER, PageKind.NOTIFICATION, PageKind.FORM, PageKind.PETITION, PageKind.STAMPED),
    *(PageKind.LETTER, PageKind.SIGNED, PageKind.TERMO, PageKind.CAPA, PageKind.FORM),
)
"""A case is made of such pages: laser print, here and there stamped and signed."""
ORDINARY_PAGES = 30
DPI, QUALITY = 300, 82
OURS, GHOSTSCRIPT = "itrwatch", "Ghostscript /ebook"
PLAIN = Peer("JPEG 200 dpi q75", lambda source, out: [executable, "-m", "bench.plain_jpeg", str(source), str(out)])
DOCUMENT = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- pages -->", "<!-- end of pages -->"


@dataclass(slots=True)
class Made:
    """A set of pages as one program left it. ``coded``: what our manifest says of each page."""

    name: str
    took: Run
    bytes: int
    judged: list[Judged]
    removed: list[int] = field(default_factory=list)
    coded: dict[int, str] = field(default_factory=dict)

    @property
    def faults(self) -> Counter[str]:
        """Of all pages, by kind."""
        return sum((page.faults for page in self.judged), Counter())

    @property
    def bad(self) -> list[Judged]:
        """The pages with a fault."""
        return [page for page in self.judged if page.faults]


def main(arguments: list[str]) -> int:
    """Measure, print, and write down if asked to; 1 when the judge is not there."""
    options = _options(arguments)
    if not available():
        print(f"skipped: the judge is not at {JUDGE}")
        return 1
    if options.peers:
        os.environ["PATH"] = f"{options.peers.resolve()}{os.pathsep}{os.environ['PATH']}"
    found = peers.find()
    others = () if options.no_peers else (*found.peers, PLAIN)
    texts = [described(found, f"sample of {options.sample}" if options.sample else "all pages")]
    print(texts[0], flush=True)
    with tempfile.TemporaryDirectory(prefix="itrwatch-bench-") as name:
        folder = Path(name)
        for pages in _sets(options, folder):
            made = list(_all_made(pages, others, folder, options.jobs, options.crops))
            texts.append("\n\n".join(described_set(pages, made)))
            print(f"\n{texts[-1]}", flush=True)
    if options.write:
        before, _, rest = DOCUMENT.read_text("utf-8").partition(BEGIN)
        after = rest.partition(END)[2]
        DOCUMENT.write_text(f"{before}{BEGIN}\n\n" + "\n\n".join(texts) + f"\n\n{END}{after}", "utf-8")
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench pages", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("paths", nargs="*", type=Path, metavar="FOLDER|FILE")
    parser.add_argument("--sample", type=int, metavar="N")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--crops", type=Path, metavar="DIR")
    parser.add_argument("--peers", type=Path, metavar="DIR")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args(arguments)
    if missing := [path for path in options.paths if not path.exists()]:
        parser.error(f"not there: {', '.join(map(str, missing))}")
    return options


def _sets(options: argparse.Namespace, folder: Path) -> Iterator[PageSet]:
    if options.paths:
        for path in options.paths:
            files = sorted(path.rglob("*")) if path.is_dir() else [path]
            yield gather(path.resolve().name, files, folder, options.sample)
        return
    for name, path in SETS.items():
        if path.is_dir():
            yield gather(name, sorted(path.iterdir()), folder, options.sample)
        else:
            print(f"\nskipped: {name} is not at {path}")
    yield _ordinary(folder, options.sample)


def _ordinary(folder: Path, sample: int | None) -> PageSet:
    count = min(ORDINARY_PAGES, sample or ORDINARY_PAGES)
    kinds = [ORDINARY_KINDS[place % len(ORDINARY_KINDS)] for place in range(count)]
    pdf = folder / "ordinary.pdf"
    drawn = (scan(draw(kind, 500 + place, DPI), 500 + place, DPI, grain=GRAIN) for place, kind in enumerate(kinds))
    write_pdf(pdf, drawn, DPI, QUALITY)
    return PageSet(ORDINARY, pdf, [f"{kind} {500 + place}" for place, kind in enumerate(kinds)])


def _all_made(pages: PageSet, others: Sequence[Peer], folder: Path, jobs: int, crops: Path | None) -> Iterator[Made]:
    if not pages.labels:
        return
    try:
        yield _ours(pages, folder, jobs, crops)
    except RunError as fault:  # a busy machine runs into the limits of a page: nothing to compare, the other sets go on
        print(f"{OURS}, {pages.name}: not published: {fault}")
        return
    for peer in others:
        out = folder / "peer.pdf"
        out.unlink(missing_ok=True)
        try:
            took = run(peer.command(pages.pdf, out), folder, peer.env | {"PYTHONPATH": str(ROOT)})
        except RunError as fault:
            print(f"{peer.name}, {pages.name}: {fault}")
            continue
        pairs = [(number, number) for number in range(1, len(pages.labels) + 1)]
        yield Made(peer.name, took, out.stat().st_size, judge(pages.pdf, out, pairs, jobs, None))


def _ours(pages: PageSet, folder: Path, jobs: int, crops: Path | None) -> Made:
    job = do(folder / "ours", pages.pdf, workers=1)
    entries = job.pages()
    judged: list[Judged] = []
    for name in dict.fromkeys(entry.output for entry in entries if entry.output):
        pairs = [(entry.page, entry.output_page or 1) for entry in entries if entry.output == name]
        at = crops and crops / pages.name.replace("/", "_")
        judged += judge(pages.pdf, job.folder / name, pairs, jobs, at)
    return Made(
        OURS,
        job.run,
        job.bytes,
        judged,
        removed=[entry.page for entry in entries if not entry.output],
        coded={entry.page: str(entry.encoding or entry.reason) for entry in entries},
    )


def described_set(pages: PageSet, made: Sequence[Made]) -> Iterator[str]:
    """What was found on a set of pages, in Markdown: heading, table, our worst pages, what could not be judged."""
    yield f"### {pages.name}: {len(pages.labels)} pages"
    yield from (f"not a page: {line}" for line in pages.refused)
    if made:
        yield _table(made, len(pages.labels))
        yield from _listed(pages, made[0])
        yield from (f"{m.name}: {line}" for m in made for line in _troubles(pages, m))


def _table(made: Sequence[Made], count: int) -> str:
    cpu = {m.name: m.took.cpu for m in made}
    usual = cpu.get(GHOSTSCRIPT)
    return markdown(
        ("", "KB a page", "CPU of gs", "pages with faults", "removed", *(kind.lower() for kind in KINDS)),
        (
            (
                m.name,
                f"{m.bytes / 1024 / count:.0f}",
                f"{m.took.cpu / usual:.2f}" if usual else "",
                str(len(m.bad)),
                str(len(m.removed)),
                *(str(m.faults[kind] or "") for kind in KINDS),
            )
            for m in made
        ),
    )


def _listed(pages: PageSet, ours: Made) -> Iterator[str]:
    """Our pages with faults, worst first, and those that were removed."""
    worst = sorted(ours.bad, key=lambda page: -page.faults.total())
    lines = [f"- {pages.labels[page.page - 1]} ({ours.coded[page.page]}): {_kinds(page.faults)}" for page in worst]
    lines += [f"- {pages.labels[page - 1]}: removed ({ours.coded[page]})" for page in ours.removed]
    if lines:
        yield "\n".join(lines)


def _kinds(faults: Counter[str]) -> str:
    return ", ".join(f"{kind.lower()} {faults[kind]}" for kind in KINDS if faults[kind])


def _troubles(pages: PageSet, made: Made) -> Iterable[str]:
    return (f"not judged: {pages.labels[page.page - 1]}: {page.trouble}" for page in made.judged if page.trouble)
