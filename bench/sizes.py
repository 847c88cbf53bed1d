"""Size and processor time on the mixed case: itrwatch and its peers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bench.measure import Run, run
from bench.ours import Job, do
from bench.pages import MIX
from bench.peers import Peer
from bench.table import Part, Row, markdown

KB_A_PAGE = 60
OURS = "itrwatch"


@dataclass(frozen=True, slots=True)
class Made:
    """The mixed case as some program left it."""

    name: str
    run: Run
    bytes: int
    pdf: Path | None = None

    @property
    def kb(self) -> float:
        """KB a page."""
        return self.bytes / 1024 / len(MIX)

    @property
    def cpu(self) -> float:
        """Processor seconds a page."""
        return self.run.cpu / len(MIX)


def measure(mix: Path, folder: Path, peers: tuple[Peer, ...]) -> tuple[Part, Job, list[Made]]:
    """Everybody does the mixed case, one after the other; ours with one worker and with two."""
    job = do(folder / "one", mix, workers=1)
    two = do(folder / "two", mix, workers=2)
    made = [Made(OURS, job.run, job.bytes)]
    for peer in peers:
        out = folder / f"{peer.name.replace('/', '').replace(' ', '-')}.pdf"
        took = run(peer.command(mix, out), folder, peer.env)
        made.append(Made(peer.name, took, out.stat().st_size, out))
    part = Part("Size and time on the mixed case", _rows(made, job, two))
    part.details = [_compared(made), _by_page(job)]
    return part, job, made


def _rows(made: list[Made], one: Job, two: Job) -> list[Row]:
    ours, others = made[0], made[1:]
    ghostscript = [m for m in others if m.name.startswith("Ghost")]
    ocrmypdf = [m for m in others if m.name.startswith("OCR")]
    hankpdf = [m for m in others if m.name.startswith("Hank")]
    return [
        Row("size of the mixed case", f"≤ {KB_A_PAGE} KB a page", f"{ours.kb:.1f} KB", ours.kb <= KB_A_PAGE),
        _ratio("size against Ghostscript /ebook", "≤ 1/2", ours.kb, [m.kb for m in ghostscript], 1 / 2),
        _ratio("size against HankPDF's best", "≤ 1/2", ours.kb, [m.kb for m in hankpdf], 1 / 2),
        _ratio("processor time against Ghostscript /ebook", "≤ 1.6", ours.cpu, [m.cpu for m in ghostscript], 1.6),
        _ratio("processor time against OCRmyPDF -O3", "≤ 1/8", ours.cpu, [m.cpu for m in ocrmypdf], 1 / 8),
        Row(
            "two cores used: time with two workers",
            "less than with one",
            f"{two.run.seconds:.1f} s against {one.run.seconds:.1f} s",
            two.run.seconds < 0.8 * one.run.seconds,
        ),
    ]


def _ratio(what: str, goal: str, ours: float, theirs: list[float], limit: float) -> Row:
    if not theirs:
        return Row(what, goal, "peer not installed")
    ratio = ours / min(theirs)
    return Row(what, goal, f"{ratio:.2f}", ratio <= limit)


def _compared(made: list[Made]) -> str:
    ours = made[0]
    head = ("", "KB a page", "of ours", "CPU s a page", "of ours", "memory MB")
    return markdown(
        head,
        (
            (
                m.name,
                f"{m.kb:.1f}",
                f"{m.kb / ours.kb:.2f}",
                f"{m.cpu:.3f}",
                f"{m.cpu / ours.cpu:.2f}",
                f"{max(m.run.main_mb, m.run.worker_mb):.0f}",
            )
            for m in made
        ),
    )


def _by_page(job: Job) -> str:
    """KB of the layers of each published page."""
    return markdown(
        ("page", "kind", "encoding", "KB"),
        (
            (str(page.page), kind, str(page.encoding or page.reason), f"{kb:.1f}")
            for page, kind, kb in zip(job.pages(), MIX, job.kilobytes(), strict=True)
        ),
    )
