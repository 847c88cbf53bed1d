"""Memory and time of a short and of a long case."""

from __future__ import annotations

from pathlib import Path

from bench.measure import run
from bench.ours import do
from bench.pages import write_long
from bench.peers import Peer
from bench.table import Part, Row, markdown

MOST_MB = 400


def measure(folder: Path, short: int, long: int, peers: tuple[Peer, ...]) -> Part:
    """Pages of the kinds of the mixed case, as one scan of ``short`` and of ``long`` pages, with two workers.

    Ghostscript, among ``peers``, does the long one too: by itself it starts in no time, we do not.
    """
    lines = []
    worker, seconds = {}, {}
    for count in (short, long):
        scan = folder / f"{count}.pdf"
        write_long(scan, count)
        job = do(folder / "long", scan, workers=2)
        took = job.run
        worker[count], seconds[count] = took.worker_mb, took.seconds / count
        figures = (scan.stat().st_size / 2**20, took.worker_mb, took.own_mb, took.main_mb)
        each = (seconds[count], took.cpu / count, job.bytes / 1024 / count)
        lines.append((str(count), *(f"{figure:.0f}" for figure in figures), *(f"{figure:.2f}" for figure in each)))
        ratio = _against_ghostscript(scan, folder, took.cpu, peers)
        scan.unlink()
    same = worker[long] <= 1.1 * worker[short]
    rows = [
        Row("memory of a worker", f"≤ {MOST_MB} MB", f"{max(worker.values()):.0f} MB", max(worker.values()) <= MOST_MB),
        Row(f"… {long} pages against {short}", "the same", f"{worker[long]:.0f} against {worker[short]:.0f} MB", same),
        Row(
            f"time a page, {long} pages against {short}",
            "the same",
            f"{seconds[long]:.2f} against {seconds[short]:.2f} s",
            seconds[long] <= 1.2 * seconds[short],
        ),
    ]
    if ratio is not None:
        rows.append(Row(f"processor time against Ghostscript /ebook, {long} pages", "≤ 2", f"{ratio:.2f}", ratio <= 2))
    head = (
        "pages",
        "scan MB",
        "worker MB",
        "without mapped files",
        "main process MB",
        "s a page",
        "CPU s a page",
        "KB a page",
    )
    return Part("Memory and long cases", rows, [markdown(head, lines)])


def _against_ghostscript(scan: Path, folder: Path, cpu: float, peers: tuple[Peer, ...]) -> float | None:
    ghostscript = next((peer for peer in peers if peer.name.startswith("Ghost")), None)
    if ghostscript is None:
        return None
    out = folder / "long.pdf"
    took = run(ghostscript.command(scan, out), folder, ghostscript.env)
    out.unlink()
    return cpu / took.cpu
