"""``python -m fuzz [TARGET …] [--seconds N] [--engine hypothesis|atheris|shapes]``; any broken promise ends it.

hypothesis damages real texts, and holds every answer to `CPU_SECONDS`; the others hold the whole run
to `MEMORY_BYTES` too. atheris looks for new paths through the code; being instrumented it is slow, so that
what it kept is run again under the limits. shapes are the texts that are hardest on the reader.
"""

from __future__ import annotations

import argparse
import gc
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fuzz.seeds import SEEDS
from fuzz.shapes import shapes
from fuzz.targets import TARGETS
from itrwatch.sidecar.yaml_tree import MAX_BYTES

CPU_SECONDS = 0.1
MEMORY_BYTES = 50 << 20


class Slowest:
    """Runs a target under the limits and remembers the slowest input."""

    def __init__(self, name: str) -> None:
        self.name, self.runs, self.seconds, self.data = name, 0, 0.0, b""
        self.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def run(self, data: bytes) -> None:
        """The target on ``data``; a time over the limit must come again to count, as the machine is shared."""
        seconds = self._timed(data)
        for _ in range(4):
            seconds = min(seconds, self._timed(data)) if seconds > CPU_SECONDS else seconds
        assert seconds <= CPU_SECONDS, f"{self.name}: {seconds:.3f} s for {data[:200]!r}"
        self.runs += 1
        if seconds > self.seconds:
            self.seconds, self.data = seconds, data

    def _timed(self, data: bytes) -> float:
        began = time.process_time()
        TARGETS[self.name](data)
        return time.process_time() - began

    def print_row(self, engine: str) -> None:
        """One line of what was seen; more memory than allowed is a broken promise."""
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - self.memory) << 10
        figures = f"{self.runs} inputs, slowest {self.seconds * 1000:.1f} ms CPU, memory grew {grown / 1e6:.1f} MB"
        print(f"{engine:10} {self.name:10} {figures}", flush=True)
        # hypothesis keeps what it has drawn, which is no memory of ours
        assert engine == "hypothesis" or grown <= MEMORY_BYTES, f"{self.name}: {grown} bytes"


def with_hypothesis(name: str, seconds: float) -> None:
    """Real texts damaged, until the time is up."""
    slowest = Slowest(name)
    until = time.monotonic() + seconds
    lines = sorted({line for seed in SEEDS[name] for line in seed.splitlines(keepends=True)})
    text = st.lists(st.sampled_from(lines) | st.text(max_size=30), max_size=40).map("".join)
    junk = st.text("-: \n\t#'\"[]{},&*!|>@0123aáç\u00a0\u200b“”–\\/", max_size=4) | st.text(max_size=4)

    @settings(
        max_examples=2000,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        text,
        st.lists(st.tuples(st.floats(0, 1), st.integers(0, 4), junk, st.integers(1, 40)), max_size=6),
        st.binary(max_size=3),
    )
    def damaged(text: str, cuts: list[tuple[float, int, str, int]], tail: bytes) -> None:
        for where, gone, new, times in cuts:
            at = int(where * len(text))
            text = text[:at] + new * times + text[at + gone :]
        slowest.run((text.encode("utf-8", "surrogatepass") + tail)[:MAX_BYTES])

    while time.monotonic() < until:
        damaged()
    gc.collect()
    slowest.print_row("hypothesis")


def with_atheris(name: str, seconds: float) -> None:
    """New paths through the code, in a process of its own; then what was kept, under the limits."""
    with tempfile.TemporaryDirectory() as folder:
        corpus = Path(folder)
        for number, seed in enumerate(SEEDS[name]):
            (corpus / f"seed{number}").write_text(seed, "utf-8")
        limits = [f"-max_total_time={int(seconds)}", f"-max_len={min(MAX_BYTES, 4096)}", "-timeout=20", "-verbosity=0"]
        command = [sys.executable, "-m", "fuzz.coverage", name, str(corpus), *limits, f"-artifact_prefix={folder}/"]
        ran = subprocess.run(command, stderr=subprocess.PIPE, text=True, errors="replace", check=False)
        assert ran.returncode == 0, ran.stderr[-4000:]
        slowest = Slowest(name)
        for kept in sorted(corpus.iterdir()):
            slowest.run(kept.read_bytes())
        slowest.print_row("atheris")


def with_shapes(name: str, _seconds: float) -> None:
    """The hardest texts at the largest size that is taken."""
    slowest = Slowest(name)
    for _shape, data in shapes(MAX_BYTES):
        slowest.run(data[:MAX_BYTES])
    slowest.print_row("shapes")


ENGINES = {"hypothesis": with_hypothesis, "atheris": with_atheris, "shapes": with_shapes}


def main() -> None:
    """Share the seconds among targets and engines."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)} (all)")
    parser.add_argument("--seconds", type=float, default=600, help="for all together (600)")
    parser.add_argument("--engine", choices=ENGINES, action="append", help="(all)")
    options = parser.parse_args()
    names, engines = options.targets or list(TARGETS), options.engine or list(ENGINES)
    for name in names:
        for engine in engines:
            ENGINES[engine](name, options.seconds / len(names) / max(1, len(set(engines) - {"shapes"})))


if __name__ == "__main__":
    main()
