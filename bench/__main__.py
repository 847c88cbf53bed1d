"""The table of figures, measured again.

    python -m bench                 # everything, about 25 minutes on two cores
    python -m bench --quick         # the same with fewer pages, under 5 minutes
    python -m bench --full          # with 1 000 pages in a case and 1 000 upright pages; an hour
    python -m bench sizes words     # only these parts: sizes words marks memory verdicts drafts reading
    python -m bench --peers DIR     # DIR has more programs: ocrmypdf, hankpdf, jbig2 …
    python -m bench --write         # also into docs/benchmarks.md
    python -m bench pages           # what is falsified on pages, ours and the peers: see bench/fidelity.py
    python -m bench files FOLDER    # any files, right and wrong by kind: see bench/files.py
    python -m bench fuzzing 20000   # damaged scans: no crash, no page lost or changed in silence: see bench/fuzzing.py
    python -m bench soak --seed 7   # not figures but days of an office: see bench/soak.py
    python -m bench attack          # not figures but what a day of attacks holds: see bench/attack/
    python -m bench ready           # how long after its quiet time a case is published: see bench/ready.py
    python -m bench many            # what thousands of finished cases cost: see bench/many.py

Run it in a clone, with itrwatch's dependencies installed. Peers that are not installed are named.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench import (
    attack,
    blanks,
    drafts,
    fidelity,
    files,
    fuzzing,
    many,
    marks,
    memory,
    peers,
    reading,
    ready,
    sizes,
    soak,
    words,
)
from bench.machine import described
from bench.ours import ROOT
from bench.pages import write_mix
from bench.table import Part, goals

OWN_OPTIONS = {
    "pages": fidelity,
    "files": files,
    "fuzzing": fuzzing,
    "soak": soak,
    "attack": attack,
    "ready": ready,
    "many": many,
}
"""What is measured alone."""
PARTS = ("sizes", "words", "marks", "memory", "verdicts", "drafts", "reading")
DOCUMENT = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- result -->", "<!-- end of result -->"


@dataclass(frozen=True, slots=True)
class Extent:
    """How much is measured."""

    name: str
    mark_seeds: int
    seeds: int
    pages: tuple[int, int]
    peers_read: bool
    drafts: tuple[int, int]
    """Cases of every manner, rounds of the separator sheets."""


QUICK = Extent("quick", mark_seeds=1, seeds=2, pages=(13, 39), peers_read=False, drafts=(1, 1))
USUAL = Extent("usual", mark_seeds=6, seeds=16, pages=(50, 400), peers_read=True, drafts=(10, 4))
FULL = Extent("full", mark_seeds=12, seeds=52, pages=(50, 1000), peers_read=True, drafts=(40, 16))


def main() -> None:
    """Measure what is asked for, print it, and write it down if asked to."""
    if own := OWN_OPTIONS.get("".join(sys.argv[1:2])):
        sys.exit(own.main(sys.argv[2:]))
    options = _options()
    if options.peers:
        os.environ["PATH"] = f"{options.peers.resolve()}{os.pathsep}{os.environ['PATH']}"
    extent = QUICK if options.quick else FULL if options.full else USUAL
    found = peers.find()
    machine = described(found, extent.name)
    print(machine, flush=True)
    parts: list[Part] = []
    with tempfile.TemporaryDirectory(prefix="itrwatch-bench-") as folder:
        began = time.monotonic()
        for part in _measured(options.parts or PARTS, extent, Path(folder), found, options.corpus):
            print(f"\n{_section(part)}", flush=True)
            parts.append(part)
            print(f"\n[{time.monotonic() - began:.0f} s]", file=sys.stderr)
    result = "\n\n".join(
        [machine, goals(parts), *(f"### {part.title}\n\n" + "\n\n".join(part.details) for part in parts)]
    )
    print(f"\n{goals(parts)}")
    if options.write:
        before, _, rest = DOCUMENT.read_text("utf-8").partition(BEGIN)
        DOCUMENT.write_text(f"{before}{BEGIN}\n\n{result}\n\n{END}{rest.partition(END)[2]}", "utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--peers", type=Path)
    parser.add_argument("--corpus", type=Path, default=ROOT.parent / "shared" / "corpus")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(unknown)}; there are {', '.join(PARTS)}")
    options.corpus = options.corpus if options.corpus.is_dir() else None
    return options


def _measured(
    wanted: tuple[str, ...], extent: Extent, folder: Path, found: peers.Found, corpus: Path | None
) -> Iterator[Part]:
    mix = folder / "mix.pdf"
    if {"sizes", "words"} & set(wanted):
        drawings = write_mix(mix)
    if {"sizes", "words"} & set(wanted):
        part, job, made = sizes.measure(mix, folder, found.peers if "sizes" in wanted or extent.peers_read else ())
        if "sizes" in wanted:
            yield part
        if "words" in wanted:
            yield words.measure(mix, drawings, job, made if extent.peers_read else [], folder)
    if "marks" in wanted:
        yield marks.measure(folder, extent.mark_seeds)
    if "memory" in wanted:
        yield memory.measure(folder, *extent.pages, found.peers)
    if "verdicts" in wanted:
        yield from blanks.measure(extent.seeds, corpus)
    if "drafts" in wanted:
        yield from drafts.measure(folder, *extent.drafts, corpus)
    if "reading" in wanted:
        yield reading.measure(folder, max(1, extent.seeds // 4), corpus)


def _section(part: Part) -> str:
    return "\n\n".join([f"## {part.title}", goals([part]), *part.details])


if __name__ == "__main__":
    main()
